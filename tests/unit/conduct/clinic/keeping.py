"""What whoever keeps the trial's machine can do with its database and its files."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace

import msgspec

from equipoise.conduct import reading, views
from equipoise.conduct.bench import dose
from equipoise.conduct.entry import EMPTY, Envelope, Line, Tip, read, written
from equipoise.conduct.events.amendment import ProtocolAmended
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.events.values import ValueRecorded
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.errors import ConductError, EquipoiseError
from equipoise.protocol.load import load_study

from .pharmacy import bench, both_arms


def add(clinic, event, name=None, **said):
    """Write a line into the database as the log would, chained and with the right hash."""
    with clinic.log.storage.writing() as session:
        (model, *_) = reading.lines(session, "main")
        envelope = {**_envelope(model), "participant": name, "site": "S1", **said}
        line = written(event, Envelope(**envelope), reading.tip(session, event.CHAIN), after=0)
        session.insert(event.CHAIN, [line.row(reading.first(session))])


def file_again(clinic, bag):
    """Copy the genuine line of a bag's worksheet to the end of the vault."""
    for line in clinic.log.lines("vault"):
        entry = read(line)
        if isinstance(entry.event, WorksheetFiled) and entry.event.bag == bag:
            found = line, entry
    line, entry = found
    with clinic.log.storage.writing() as session:
        tip = reading.tip(session, "vault")
        again = written(entry.event, Envelope(**_envelope(line)), tip, after=entry.after)
        session.insert("vault", [again.row(reading.first(session))])


def rewrite(clinic, chain, change):
    """Write a chain anew: ``change`` gives the events in place of an entry's; hashes follow."""
    with clinic.log.storage.reading() as session:
        first = reading.first(session) if chain != "main" else None
    tip, rows = EMPTY, []
    for old in clinic.log.lines(chain):
        entry = read(old)
        for event in change(entry):
            after = tip.sequence if chain == "main" else entry.after
            line: Line = written(event, Envelope(**_envelope(old)), tip, after=after)
            tip = Tip(line.sequence, line.hash)
            row = line.row(first)
            first = first or row[-1]
            rows.append(row)
    with database(clinic) as db:
        drop_triggers(db, chain)
        db.execute(f"DELETE FROM {chain}")  # noqa: S608
        db.executemany(f"INSERT INTO {chain} VALUES (?, ?, ?, ?, ?)", rows)  # noqa: S608


def cut_off(clinic, chain, count=1):
    """Delete the last lines of a chain."""
    with database(clinic) as db:
        drop_triggers(db, chain)
        last = f"(SELECT MAX(sequence) - {count} FROM {chain})"  # noqa: S608
        db.execute(f"DELETE FROM {chain} WHERE sequence > {last}")  # noqa: S608


@contextmanager
def database(clinic):
    """The file itself."""
    clinic.log.storage.close()
    with closing(sqlite3.connect(clinic.log.storage.path, isolation_level=None)) as db:
        yield db


def drop_triggers(db, table):
    """Take away what keeps lines from being changed."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
    for (trigger,) in db.execute(sql, (table,)).fetchall():
        db.execute(f"DROP TRIGGER {trigger}")


@contextmanager
def copied(clinic, path):
    """The same trial in another database."""
    with (
        closing(sqlite3.connect(clinic.log.storage.path)) as source,
        closing(sqlite3.connect(path)) as db,
    ):
        source.backup(db)
    with closing(SQLite(path)) as storage:
        scene = replace(clinic.scene, log=replace(clinic.log, storage=storage))
        yield replace(clinic, scene=scene)


def in_both_arms(clinic, folder, play):
    """What the keeper is told when the same is done with a participant of each arm."""
    people = both_arms(clinic)
    clinic.begin("S1-099")
    told = {}
    for arm, name in people.items():
        with copied(clinic, folder / f"{name}.sqlite") as world:
            told[arm] = play(world, name)
    return told


def other_protocol(clinic, folder, *changes):
    """The protocol in the trial's folder exchanged, and the line that says its hash."""
    shutil.copytree(clinic.study.folder, folder)
    path = folder / clinic.study.protocol_file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    study = load_study(folder)
    said = {"protocol_hash": study.files[study.protocol_file]}
    add(clinic, ProtocolAmended(dict(study.files), ("S1",), "EC 7"), **said)
    return replace(clinic, scene=replace(clinic.scene, log=replace(clinic.log, study=study)))


def _envelope(line):
    said = msgspec.structs.asdict(read(line).envelope)
    return {field: said[field] for field in Envelope.__struct_fields__}


def tried(act):
    try:
        act()
    except EquipoiseError as error:
        return type(error), codeless(str(error))
    return "done"


def next_bag(clinic, seen, name="S1-099"):
    """As ``equipoise prepare`` makes it up; a change of the shelf is one that nobody knows of."""
    at = bench(clinic, through=seen)
    if at.shelf.fresh:
        raise ConductError("the log says of a lot what is not so")
    asked = views.dose_to_prepare(clinic.log, name, by=clinic.preparer)
    made = dose.make_up(at, asked, encounter="BASELINE", begun=f"{clinic.at:%Y-%m-%d}T09:00")
    clinic.do(made.command, clinic.preparer)


def weighs(name, weight):
    """Rewrite the recorded weights of a participant."""

    def change(entry):
        event = entry.event
        about = entry.envelope.participant == name
        if about and isinstance(event, ValueRecorded) and event.item == "WEIGHT":
            return [msgspec.structs.replace(event, value=weight)]
        return [event]

    return change


def codeless(words):
    """Without random codes, and without slots, which are other people's: both are known."""
    return re.sub(r"[BN]-\w{8}|line \d+|R\d{4}", "…", words)
