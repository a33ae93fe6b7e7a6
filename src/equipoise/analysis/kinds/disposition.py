"""How many completed, and how many withdrew or stopped the treatment, by reason, and when."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe, share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import DispositionAnalysis
from equipoise.records.schemas import TABLES, WITHDRAWAL_REASONS

_EVENTS = tuple(
    event
    for event in TABLES["disposition"].codes["event"]
    if event not in {"screen failure", "randomised"}
)
_WITH_REASON = ("withdrawn", "treatment discontinued")
_WEEK = ("mean", "sd", "min", "q1", "median", "q3", "max")
DAYS_A_WEEK = 7


def disposition(analysis: DispositionAnalysis, trial: Trial) -> Iterator[Row]:
    """Participants with each event (``endpoint``), with each of its reasons (``level``), and when.

    The time is the week of a participant's first such event, counted from the first dose.
    """
    members = trial.members(analysis.population).select("participant", "arm", "first_dose_date")
    sizes = {group: rows.height for group, rows in trial.groups(members)}
    events = trial.records["disposition"].join(members, on="participant")
    for event in _EVENTS:
        some = events.filter(pl.col("event") == event)
        reasons = WITHDRAWAL_REASONS if event in _WITH_REASON else ()
        for reason in (None, *reasons):
            chosen = some if reason is None else some.filter(pl.col("reason") == reason)
            for group, rows in trial.groups(chosen):
                for row in share(rows["participant"].n_unique(), sizes[group]):
                    yield row._replace(endpoint=event, group=group, level=reason)
        for group, rows in trial.groups(some):
            for row in _weeks(rows):
                yield row._replace(endpoint=event, group=group)


def _weeks(events: pl.DataFrame) -> Iterator[Row]:
    first = events.group_by("participant", "first_dose_date").agg(pl.col("date").min())
    days = (first["date"] - first["first_dose_date"]).dt.total_days().drop_nulls().sort()
    for row in describe(days.to_numpy() / DAYS_A_WEEK, unit="week"):
        if row.statistic in _WEEK:
            yield row
