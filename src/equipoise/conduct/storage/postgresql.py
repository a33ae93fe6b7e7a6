"""The log in PostgreSQL, for a trial at many sites.

The application's role may add and read, nothing else: ``install`` is run once, by the owner of the
database. One advisory lock makes the writers take turns; it ends with its transaction.

Source: PostgreSQL 15 documentation, sections 13.2 (isolation) and 13.3.5 (advisory locks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import local
from typing import Any, Final

import psycopg
from psycopg import sql

from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.projections import TABLES
from equipoise.conduct.storage.session import create
from equipoise.errors import ConflictError, LogError

_LOCK: Final = 0x45515549504F4953  # "EQUIPOIS": one log a database
_WRITE: Final = (
    "SET LOCAL lock_timeout = '30s'",
    f"SELECT pg_advisory_xact_lock({_LOCK})",
)
_READ: Final = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",)


def install(owner: str, *, role: str) -> None:
    """Make the tables, and let the application's role add and read, but change nothing.

    Args:
        owner: Connection string of the owner of the database.
        role: Name of the application's role; it exists and owns nothing here.

    Raises:
        LogError: The database cannot be reached, or refuses.
    """
    tables = sql.SQL(", ").join(map(sql.Identifier, (*CHAINS, *TABLES)))
    who = sql.Identifier(role)
    try:
        with psycopg.connect(owner) as db:
            for statement in create("BYTEA"):
                db.execute(statement.encode())
            db.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(tables, who))
            db.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(tables, who))
    except psycopg.Error as error:
        raise LogError(f"PostgreSQL: {error}") from error


@dataclass(frozen=True)
class PostgreSQL:
    """A trial in a database.

    Attributes:
        address: Connection string of the application's role.
    """

    address: str
    _mine: local = field(default_factory=local, init=False, repr=False, compare=False)

    @contextmanager
    def writing(self) -> Iterator[_Session]:
        """Take turns with all other clients, then write alone."""
        with self._within(_WRITE) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[_Session]:
        """Read one state, beside the writer."""
        with self._within(_READ) as session:
            yield session

    @contextmanager
    def _within(self, begin: tuple[str, ...]) -> Iterator[_Session]:
        try:
            db = self._connection()
            with db.transaction():
                for statement in begin:
                    db.execute(statement.encode())
                yield _Session(db)
        except psycopg.Error as error:
            self.close()
            raise LogError(f"the database cannot be used: {error}") from error

    def _connection(self) -> psycopg.Connection[Any]:
        """This thread's connection, made at its first use and again after the server was away."""
        if hasattr(self._mine, "db"):
            try:
                self._mine.db.execute("SELECT 1")
            except psycopg.OperationalError:
                self.close()
        if not hasattr(self._mine, "db"):
            self._mine.db = psycopg.connect(self.address, autocommit=True)
            self._mine.db.execute("SET synchronous_commit = on")  # whatever the server's default
        return self._mine.db  # type: ignore[no-any-return]  # a thread's own attributes are untyped

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._mine, "db"):
            with suppress(psycopg.Error):
                self._mine.db.close()
            del self._mine.db


@dataclass(frozen=True, slots=True)
class _Session:
    db: psycopg.Connection[Any]

    def rows(self, query: str, *arguments: str | int) -> Iterator[tuple[Any, ...]]:
        return iter(self.db.execute(query.replace("?", "%s").encode(), arguments))

    def insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            marks = sql.SQL(", ").join([sql.Placeholder()] * len(row))
            statement = sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), marks)
            try:
                self.db.execute(statement, row)
            except psycopg.IntegrityError as error:
                raise ConflictError(
                    f"the database refuses this: {table} would not be right"
                ) from error
