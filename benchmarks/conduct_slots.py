"""What does the guard of the slots cost, and what does it prevent?

    python benchmarks/conduct_slots.py

Two people click "randomise" at the same moment, a hundred times. Unguarded: look for the first free
slot, then save, as a web form does it; the same tables without the constraints. Guarded: the log.

Answer (two quiet cores): unguarded, the same slot twice in all of 100 tries, 1.3 ms a click;
guarded, never, 0.9 ms a click. (The unguarded click opens a connection, as a web form's may.)
"""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from conduct_log import AT, INVESTIGATOR, course, opened

from equipoise.conduct.commands.participant import Randomise
from equipoise.conduct.storage.sqlite import SQLite

TRIES = 100


def at_once(click) -> float:
    """Let two threads click together, again and again; mean seconds of a click."""
    took = []
    together = threading.Barrier(2)

    def person(number: int) -> None:
        for attempt in range(TRIES):
            together.wait()
            start = time.perf_counter()
            click(attempt, number)
            took.append(time.perf_counter() - start)

    people = [threading.Thread(target=person, args=(number,)) for number in (0, 1)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    return sum(took) / len(took)


def unguarded(folder: Path) -> tuple[int, float]:
    path = folder / "unguarded.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE slots (slot INTEGER PRIMARY KEY, participant TEXT)")
        db.execute("CREATE TABLE given (participant TEXT, slot INTEGER)")
        db.executemany("INSERT INTO slots VALUES (?, NULL)", [(n,) for n in range(2 * TRIES)])
    db.close()

    def click(attempt: int, number: int) -> None:
        db = sqlite3.connect(path, timeout=30, isolation_level=None)
        db.execute("PRAGMA synchronous = FULL")
        (slot,) = db.execute("SELECT MIN(slot) FROM slots WHERE participant IS NULL").fetchone()
        name = f"{attempt}.{number}"
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE slots SET participant = ? WHERE slot = ?", (name, slot))
        db.execute("INSERT INTO given VALUES (?, ?)", (name, slot))
        db.execute("COMMIT")
        db.close()

    mean = at_once(click)
    db = sqlite3.connect(path)
    given = Counter(slot for (slot,) in db.execute("SELECT slot FROM given"))
    db.close()
    return sum(1 for times in given.values() if times > 1), mean


def guarded(folder: Path) -> tuple[int, float]:
    log = opened(SQLite(folder / "guarded.sqlite"))
    for attempt in range(TRIES):
        for number in (0, 1):
            *before, _ = course(f"{attempt}.{number}")
            for step, command in enumerate(before):
                named = f"{attempt}.{number}.{step}"
                log.append(command, by=INVESTIGATOR, at=AT, command=named)

    def click(attempt: int, number: int) -> None:
        name = f"{attempt}.{number}"
        log.append(Randomise(name), by=INVESTIGATOR, at=AT, command=f"{name}.r")

    mean = at_once(click)
    with log.storage.reading() as session:
        given = Counter(slot for (slot,) in session.rows("SELECT slot FROM randomisations"))
    log.storage.close()
    return sum(1 for times in given.values() if times > 1), mean


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for run in (unguarded, guarded):
            twice, mean = run(Path(name))
            print(
                f"{run.__name__}: in {twice} of {TRIES} tries the same slot twice; "
                f"{1000 * mean:.1f} ms a click"
            )


if __name__ == "__main__":
    main()
