"""The records of one trial, as they go from one part of Equipoise to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from equipoise.errors import RecordsError
from equipoise.records.origin import Origin
from equipoise.records.schemas import TABLES


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """All tables of one trial, with the columns of `equipoise.records.schemas`.

    Rows are sorted by the key of their table, so that equal trials are equal row by row.

    Attributes:
        tables: Every table of the schemas, by name.
        origin: What made them.

    Raises:
        RecordsError: A table is missing or unknown, or its columns or types are not the schema's.
    """

    tables: Mapping[str, pl.DataFrame]
    origin: Origin

    def __post_init__(self) -> None:
        if problems := misshapen(self.tables):
            raise RecordsError("\n".join(problems))
        ordered = {
            name: self.tables[name].select(*table.columns).sort(table.key, maintain_order=True)
            for name, table in TABLES.items()
        }
        object.__setattr__(self, "tables", MappingProxyType(ordered))

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.tables[name]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return self.origin == other.origin and all(
            frame.equals(other[name]) for name, frame in self.tables.items()
        )

    __hash__ = None  # type: ignore[assignment]  # equal by content, which is too large to hash


def misshapen(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """What keeps these tables from being records: tables, columns or types not of the schema."""
    problems = [
        f"{name}: there is no table of this name; leave it out"
        for name in tables
        if name not in TABLES
    ]
    for name, table in TABLES.items():
        if name not in tables:
            problems.append(
                f"{name}: the table is missing; give it, with no rows if nothing happened"
            )
            continue
        found = tables[name].schema
        for column, wanted in table.columns.items():
            if column not in found:
                problems.append(f"{name}: the column {column} is missing; it holds {wanted}")
            elif found[column] != wanted:
                problems.append(
                    f"{name}: the column {column} holds {found[column]}; it must hold {wanted}"
                )
        problems += [
            f"{name}: there is no column {column}; leave it out"
            for column in found
            if column not in table.columns
        ]
    return problems
