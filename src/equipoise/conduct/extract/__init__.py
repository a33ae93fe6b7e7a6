"""From the log to the records: the same tables that the simulator makes.

It is done once the records are locked and the blind was opened; the analysis cannot tell which kind
of trial it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import polars as pl

from equipoise.conduct.extract import people
from equipoise.conduct.extract.history import History
from equipoise.conduct.log import Log
from equipoise.records.schemas import TABLES

ROWS: Final[Mapping[str, Callable[[History], Iterator[people.Row]]]] = {
    "participants": people.participants,
    "eligibility": people.eligibility,
    "measurements": people.measurements,
}


def tables(log: Log, sheets: Mapping[str, Mapping[str, str]]) -> dict[str, pl.DataFrame]:
    history = History(log.study, log.entries("main"), sheets)
    return {
        name: pl.DataFrame(list(rows(history)), schema=TABLES[name].columns, orient="row").sort(
            TABLES[name].key
        )
        for name, rows in ROWS.items()
    }
