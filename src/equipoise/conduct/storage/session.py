"""What the log asks of a database, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.projections import TABLES

LINES: Final = """
    sequence INTEGER PRIMARY KEY CHECK (sequence > 0), hash {bytes} NOT NULL,
    command BIGINT NOT NULL, participant TEXT, line {bytes} NOT NULL"""
"""The columns of a chain's table, in the order of ``entry.Line.row``."""


class Session(Protocol):
    """A transaction."""

    def rows(self, sql: str, *arguments: str | int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query; each ``?`` stands for an argument."""

    def insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add rows to a table.

        Raises:
            ConflictError: The table's constraints refuse one.
        """


class Storage(Protocol):
    """A database that holds one trial."""

    def writing(self) -> AbstractContextManager[Session]:
        """A transaction that is alone in writing, from its first look until it is on disk.

        Raises:
            LogError: The database cannot be reached, or was busy for too long.
        """

    def reading(self) -> AbstractContextManager[Session]:
        """A transaction that sees one state of the database throughout."""

    def close(self) -> None:
        """Close this thread's connection."""


def create(bytes_type: str, *, table_options: str = "") -> Iterator[str]:
    """The statements that make the tables where there are none."""
    for chain in CHAINS:
        yield f"CREATE TABLE IF NOT EXISTS {chain} ({LINES.format(bytes=bytes_type)})"
        yield f"CREATE INDEX IF NOT EXISTS {chain}_command ON {chain} (command)"
        yield f"CREATE INDEX IF NOT EXISTS {chain}_participant ON {chain} (participant)"
    for table, columns in TABLES.items():
        yield f"CREATE TABLE IF NOT EXISTS {table} ({columns}) {table_options}"
