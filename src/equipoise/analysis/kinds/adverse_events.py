"""Adverse events that began on or after the first dose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import estimated, share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import AdverseEventsAnalysis
from equipoise.statistics.rates import incidence_rate

DAYS_A_YEAR: Final = 365.25
PER: Final = 100  # rates are told per 100 participant-years

_CATEGORIES: Final[dict[str, pl.Expr]] = {
    "any": pl.lit(value=True),
    "serious": pl.col("serious"),
    "severe": pl.col("severity") == "severe",
    "related": pl.col("causality").is_in(["related", "possibly related"]),
    "led to withdrawal": pl.col("action") == "withdrawn from study",
    "fatal": pl.col("outcome") == "fatal",
}


def adverse_events(analysis: AdverseEventsAnalysis, trial: Trial) -> Iterator[Row]:
    """Participants with an event, events and rates: by category (``endpoint``), then by term.

    An event whose start is unknown in part counts as begun after the first dose.
    A term is the ``level`` of the endpoint ``term``; terms come from the most frequent down.
    """
    members = trial.members(analysis.population)
    events = (
        trial.records["adverse_events"]
        .join(members.select("participant", "arm", "first_dose_date"), on="participant")
        .filter(
            pl.col("start_date").is_null() | (pl.col("start_date") >= pl.col("first_dose_date"))
        )
    )
    for category, belongs in _CATEGORIES.items():
        for row in _counted(analysis, trial, members, events.filter(belongs)):
            yield row._replace(endpoint=category)
    terms = events.group_by("term").agg(
        pl.col("participant").n_unique().alias("people"), pl.len().alias("events")
    )
    order = terms.sort("people", "events", "term", descending=[True, True, False])
    for term in order["term"]:
        for row in _counted(analysis, trial, members, events.filter(pl.col("term") == term)):
            yield row._replace(endpoint="term", level=term)


def _counted(
    analysis: AdverseEventsAnalysis, trial: Trial, members: pl.DataFrame, events: pl.DataFrame
) -> Iterator[Row]:
    groups = zip(trial.groups(members), trial.groups(events), strict=True)
    for (group, people), (_, some) in groups:
        affected = share(some["participant"].n_unique(), people.height, level=analysis.level)
        for row in (*affected, *rate(some.height, person_years(people), level=analysis.level)):
            yield row._replace(group=group)


def person_years(members: pl.DataFrame) -> float:
    """Time under observation from the first dose, in participant-years."""
    return float(members["days_observed"].sum()) / DAYS_A_YEAR


def rate(occurrences: int, years: float, *, level: float) -> Iterator[Row]:
    """How often something happened, and the exact rate per 100 participant-years."""
    yield Row("occurrences", occurrences)
    incidence = partial(incidence_rate, occurrences, years, per=PER, level=level)
    for row in estimated("exact-poisson", incidence, unit="100 participant-years"):
        yield row._replace(statistic="rate") if row.statistic == "estimate" else row
