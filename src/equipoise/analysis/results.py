"""Results: every statistic of an analysis, unrounded, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

COLUMNS: Final[dict[str, pl.DataType]] = {
    "analysis": pl.String(),
    "population": pl.String(),
    "endpoint": pl.String(),  # or the item, or what kind of event is counted
    "encounter": pl.String(),
    "group": pl.String(),  # an arm, `A v B` for a comparison, null for all arms together
    "level": pl.String(),  # a category: a code, a reason, a term, a week
    "statistic": pl.String(),
    "value": pl.Float64(),
    "unit": pl.String(),
    "method": pl.String(),
    "note": pl.String(),  # why a value could not be computed
}
NOT_ESTIMABLE: Final = "not estimable"


class Row(NamedTuple):
    """One statistic; what it belongs to is filled in from the outside in."""

    statistic: str
    value: float | None
    endpoint: str | None = None
    encounter: str | None = None
    group: str | None = None
    level: str | None = None
    unit: str | None = None
    method: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """What the analysis found. Displays show it and compute nothing.

    Attributes:
        results: One row a statistic; columns as in `COLUMNS`.
        subjects: One row a randomised participant: arm, dates, doses, end of the study, and for
            each population of the plan a column ``in_<population>``.
        flow: Numbers of the CONSORT flow: stage, group (an arm, or null), reason (or null), n.
        values: One row for each number endpoint, participant and encounter: endpoint, encounter,
            participant, arm, value.
    """

    results: pl.DataFrame
    subjects: pl.DataFrame
    flow: pl.DataFrame
    values: pl.DataFrame

    def write(self, folder: Path) -> None:
        """Write every table as Parquet and CSV, unrounded."""
        folder.mkdir()
        for name in ("results", "subjects", "flow", "values"):
            table: pl.DataFrame = getattr(self, name)
            table.write_parquet(folder / f"{name}.parquet", compression="zstd")
            table.write_csv(folder / f"{name}.csv")

    def value(self, analysis: str, statistic: str, **where: str | None) -> float | None:
        """The one value of an analysis with this statistic, group, encounter, level, method ...

        Raises:
            LookupError: No row, or more than one, is meant.

        A column that is not named may hold anything, so long as one row is left.
        """
        chosen = {"analysis": analysis, "statistic": statistic, **where}
        rows = self.results.filter(
            pl.col(column).eq_missing(pl.lit(wanted)) for column, wanted in chosen.items()
        )
        if rows.height != 1:
            raise LookupError(f"{rows.height} results with {chosen}; name columns until 1 is left")
        found: float | None = rows["value"].item()
        return found


def frame(analysis: str, population: str, rows: Iterable[Row]) -> pl.DataFrame:
    """The rows of one analysis as a table of results."""
    table = pl.DataFrame(
        list(rows), schema={name: COLUMNS[name] for name in Row._fields}, orient="row"
    )
    return table.with_columns(analysis=pl.lit(analysis), population=pl.lit(population)).select(
        *COLUMNS
    )
