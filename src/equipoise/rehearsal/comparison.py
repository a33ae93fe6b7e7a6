"""Two sets of records held against each other, table by table, row by row."""

from __future__ import annotations

import polars as pl

from equipoise.errors import RehearsalError
from equipoise.records.schemas import TABLES
from equipoise.records.tables import Records


def demand_equal(clinic: Records, simulated: Records) -> None:
    """Demand that the clinic's records are the simulator's.

    Raises:
        RehearsalError: They differ; one line a table, with its first differing row.
    """
    found = [
        f"{name}: {told}"
        for name in TABLES
        if (told := difference(name, clinic[name], simulated[name]))
    ]
    if found:
        raise RehearsalError("the clinic's records are not the simulator's\n" + "\n".join(found))


def difference(name: str, clinic: pl.DataFrame, simulated: pl.DataFrame) -> str | None:
    """What differs in a table: its first row, by the key, that both do not have alike."""
    if clinic.equals(simulated):
        return None
    key = list(TABLES[name].key)
    both = pl.concat(
        [clinic.with_columns(of=pl.lit("clinic")), simulated.with_columns(of=pl.lit("simulator"))]
    )
    rows = clinic.columns
    alike = pl.len().over(rows) > 1
    first = both.filter(~alike).sort(key).head(1).select(key)
    if first.is_empty():
        return "the same rows, some of them more than once"
    these = both.join(first, on=key, nulls_equal=True).sort("of")
    told = {row["of"]: {column: str(row[column]) for column in rows} for row in these.to_dicts()}
    return "; ".join(f"{of} has {told.get(of, 'no such row')}" for of in ("clinic", "simulator"))
