"""Contacts at which a dose was decided: what was proposed and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import TitrationAnalysis

CARRIED_OUT: Final = "carried out"


def _ways(dose: str) -> dict[str, pl.Expr]:
    """Where a dose lies beside the dose before."""
    after, before = pl.col(dose), pl.col("dose_before")
    return {"rise": after > before, "no change": after == before, "cut": after < before}


_PROPOSED: Final = _ways("proposed")
_WAY: Final = _ways("dose_after")


def titration(analysis: TitrationAnalysis, trial: Trial) -> Iterator[Row]:
    """Contacts, proposals (``endpoint``) with each decision (``level``), and contacts a person.

    A proposal is carried out when the dose went the proposed way, if not all of it. A percentage is
    that of a proposal among all contacts, or of a decision among the proposals.
    """
    members = trial.members(analysis.population).select("participant", "arm")
    contacts = trial.records["titration"].join(members, on="participant")
    for group, rows in trial.groups(contacts):
        yield Row("occurrences", rows.height, endpoint="contacts", group=group)
        for name, belongs in _PROPOSED.items():
            some = rows.filter(belongs)
            for row in _part(some.height, rows.height):
                yield row._replace(endpoint=name, group=group)
            done = some.filter(_WAY[name])
            counts = {CARRIED_OUT: done.height, **dict(some["decision"].value_counts().rows())}
            for level in sorted(counts):
                for row in _part(counts[level], some.height):
                    yield row._replace(endpoint=name, group=group, level=level)
    for group, people in trial.groups(members):
        own = people.join(contacts.group_by("participant").len(), on="participant", how="left")
        for row in describe(own["len"].fill_null(0).sort().to_numpy(), unit=None):
            yield row._replace(endpoint="contacts a participant", group=group)


def _part(occurrences: int, among: int) -> Iterator[Row]:
    yield Row("occurrences", occurrences)
    if among:
        yield Row("percent", 100 * occurrences / among, unit="%")
