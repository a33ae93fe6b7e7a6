"""What every kind of analysis is given: the records, the plan, and who is in which arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from equipoise.protocol.plan import Plan
from equipoise.protocol.whole import Study
from equipoise.records import Records


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial to be analysed.

    Attributes:
        subjects: As from `equipoise.analysis.subjects.randomised_subjects`.
    """

    records: Records
    study: Study
    subjects: pl.DataFrame

    @property
    def plan(self) -> Plan:
        """The analysis plan."""
        return self.study.planned()

    def members(self, population: str) -> pl.DataFrame:
        """The subjects of a population."""
        return self.subjects.filter(pl.col(f"in_{population}"))

    def groups(self, members: pl.DataFrame) -> Iterator[tuple[str | None, pl.DataFrame]]:
        """Each arm with its rows, in the protocol's order, then all together under None."""
        for arm in self.study.arms:
            yield arm, members.filter(pl.col("arm") == arm)
        yield None, members

    def comparisons(self) -> Iterator[tuple[str, str, str]]:
        """The name of each comparison, its arm, and the reference arm."""
        reference = self.plan.reference
        for arm in self.study.arms:
            if arm != reference:
                yield f"{arm} v {reference}", arm, reference
