"""From the log to the records: the same tables that the simulator makes.

It is done once the records are locked and the blind was opened; the analysis cannot tell which kind
of trial it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Final

import polars as pl

from equipoise.conduct import reading
from equipoise.conduct.bench.exposure import exposures
from equipoise.conduct.entry import read
from equipoise.conduct.extract import course, disposition, people
from equipoise.conduct.extract.history import History, Row
from equipoise.conduct.log import Log
from equipoise.conduct.sealed import holder
from equipoise.conduct.verification import verify
from equipoise.records.origin import Origin
from equipoise.records.schemas import TABLES
from equipoise.records.tables import Records

ROWS: Final[Mapping[str, Callable[[History], Iterator[Row]]]] = {
    "participants": people.participants,
    "eligibility": people.eligibility,
    "visits": course.visits,
    "doses": disposition.doses,
    "measurements": people.measurements,
    "glucose": course.glucose,
    "titration": course.titration,
    "adverse_events": course.adverse_events,
    "disposition": disposition.disposition,
}


def extract(log: Log, *, private: bytes, listed: str) -> Records:
    """The records of a trial.

    Args:
        log: The log of the trial, locked and with its blind opened.
        private: Key of one of the list's recipients. It opens the worksheets, which alone say how
            much was in each bag.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.

    Raises:
        LogError: The log or a table was altered.
        ConductError: The blind was not opened, or something that the records need is missing.
        SealError: It is no recipient's key, the list is another, or a worksheet does not open or is
            of another arm than the list says.
    """
    verify(log)
    who = holder(log.trial().recipients, private)
    with log.storage.reading() as session:
        people, main = (
            list(reading.everybody(session)),
            list(map(read, reading.lines(session, "main"))),
        )
    given = exposures(log, who=who, private=private, listed=listed, main=main)
    of = {(one.participant, one.encounter): one for one in given}
    history = History(log.study, people, main, of)
    tables = {
        name: pl.DataFrame(list(rows(history)), schema=TABLES[name].columns, orient="row")
        for name, rows in ROWS.items()
    }
    return Records(tables, origin_of(history))


def origin_of(history: History) -> Origin:
    """What made the records: real participants, or virtual ones in a rehearsal."""
    study = history.study
    return Origin(
        kind="simulated" if history.trial.rehearsal else "conducted",
        study=study.name,
        protocol_version=study.protocol.version,
        equipoise=version("equipoise"),
        study_files=dict(sorted(study.files.items())),
    )
