"""A process that tests kill: it forks children that enrol and randomise people, and says so.

Each line on standard input is a task in JSON; each line on standard output is the process that does
it. A child appends to the file ``acknowledged`` what it was told is recorded, and nothing before.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.values import Record
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.errors import ConductError
from equipoise.protocol.load import SHIPPED, load_study

TODAY = PartialDate(2026, 1, 5)
AT = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
BY = Actor("investigator", Role.INVESTIGATOR, "S1")
VALUES = {"AGE": ("55", "year"), "SEX": ("F", None), "STROKE": ("no", None), "SBP": ("150", "mmHg")}


def storage(place: str):
    if place.endswith(".sqlite"):
        return SQLite(Path(place))
    from equipoise.conduct.storage.postgresql import PostgreSQL

    return PostgreSQL(place)


def course(name: str):
    """What is done with a person, each command under a name of its own."""
    yield f"{name}.consent", Consent(name, "icf-1", "zh", TODAY)
    for item, (value, unit) in VALUES.items():
        yield f"{name}.{item}", Record(name, "SCREENING", item, value, TODAY, unit)
    yield f"{name}.screen", Screen(name)
    yield f"{name}.randomise", Randomise(name)


def work(log: Log, task: dict) -> None:
    """Do the whole course of each person, or only randomise under a name of this worker."""
    told = os.open(task["acknowledged"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for name in task["people"]:
        commands = course(name)
        if task["only_randomise"]:
            commands = [(f"{name}.{task['worker']}", Randomise(name))]
        for named, command in commands:
            try:
                entries = log.append(command, by=BY, at=AT, command=named)
            except ConductError:
                continue
            entry = entries[-1]
            os.write(told, f"{named} {entry.sequence} {entry.hash.hex()}\n".encode())


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    study = load_study(SHIPPED / "template")
    for line in sys.stdin:
        task = json.loads(line)
        log = Log(study, storage(task["place"]))
        child = os.fork()
        if child == 0:
            work(log, task)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
