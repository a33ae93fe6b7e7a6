"""The log in an SQLite file: the default, for a trial at one site.

A commit is on disk before it returns (``synchronous=FULL``). Triggers refuse any change of what is
written; they also fire on ``INSERT OR REPLACE``, by ``recursive_triggers`` and, for a connection
that leaves it off, because the next line of a chain must have the next number. Who can write to the
file can drop them: that is what the signed heads are for.

Source: sqlite.org, "PRAGMA Statements", "Write-Ahead Logging".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import local
from typing import Any, Final

from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.projections import TABLES
from equipoise.conduct.storage.session import create
from equipoise.conduct.storage.turns import PATIENCE, turn
from equipoise.errors import ConflictError, LogError

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
)
_VERSION: Final = 3  # of the tables; kept in the file as its user_version


@dataclass(frozen=True)
class SQLite:
    """A trial in a file, which is made when it is not there.

    Attributes:
        durable: Whether a commit is on disk before it returns. A rehearsal, which can be played
            again, does without; nothing else may.
    """

    path: Path
    durable: bool = True
    _mine: local = field(default_factory=local, init=False, repr=False, compare=False)

    @contextmanager
    def writing(self) -> Iterator[_Session]:
        """Take turns with all other processes, then write alone."""
        queue = self.path.with_name(self.path.name + ".turn")
        with turn(queue), self._within("BEGIN IMMEDIATE") as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        """Read one state, beside the writer."""
        with self._within("BEGIN") as session:
            yield session

    @contextmanager
    def _within(self, begin: str) -> Iterator[_Session]:
        db = self._connection()
        try:
            db.execute(begin)
            yield _Session(db)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise LogError(f"{self.path}: {error}") from error
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection, made at its first use."""
        if not hasattr(self._mine, "db"):
            try:
                db = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
                for statement in _SETTINGS:
                    db.execute(statement)
                if not self.durable:
                    db.execute("PRAGMA synchronous = OFF")
                _make_tables(db)
            except sqlite3.Error as error:
                hint = "; copy the trial's folder to where you may write, and use the copy"
                hint = hint if "readonly" in str(error) else ""
                raise LogError(f"{self.path}: {error}{hint}") from error
            self._mine.db = db
        return self._mine.db  # type: ignore[no-any-return]  # a thread's own attributes are untyped

    def make(self) -> None:
        """Make the file."""
        self._connection()
        self.close()

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._mine, "db"):
            self._mine.db.close()
            del self._mine.db

    def backup(self, path: Path) -> None:
        """Copy one state of the whole database, while others write."""
        with closing(sqlite3.connect(path)) as copy:
            self._connection().backup(copy)


@dataclass(frozen=True, slots=True)
class _Session:
    db: sqlite3.Connection

    def rows(self, sql: str, *arguments: str | int) -> Iterator[tuple[Any, ...]]:
        return self.db.execute(sql, arguments)

    def insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            marks = ", ".join("?" * len(row))
            try:
                done = self.db.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608  # our own names
                if done.rowcount != 1:
                    raise LogError(f"the database did not take a row of {table}: it was altered")
            except sqlite3.IntegrityError as error:
                raise ConflictError(
                    f"the database refuses this: {table} would not be right"
                ) from error


def _make_tables(db: sqlite3.Connection) -> None:
    """Make tables and triggers in a new file, all at once."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError(
            f"its tables are of version {version}, not {_VERSION}; "
            "restore a backup that the Equipoise made which wrote them"
        )
    if version == _VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    for statement in (*create("BLOB", table_options="WITHOUT ROWID"), *_guards()):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {_VERSION}")
    db.execute("COMMIT")


def _guards() -> Iterator[str]:
    for table in (*CHAINS, *TABLES):
        for act in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'nothing here is ever changed'); END"
            )
    for chain in CHAINS:
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {chain}_next BEFORE INSERT ON {chain} "  # noqa: S608
            f"WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM {chain}) "
            "BEGIN SELECT RAISE(ABORT, 'the next line has the next number'); END"
        )
