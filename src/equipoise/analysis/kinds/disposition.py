"""How many completed, and how many withdrew or stopped the treatment, by reason."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import DispositionAnalysis
from equipoise.records.schemas import TABLES, WITHDRAWAL_REASONS

_EVENTS = tuple(
    event
    for event in TABLES["disposition"].codes["event"]
    if event not in {"screen failure", "randomised"}
)
_WITH_REASON = ("withdrawn", "treatment discontinued")


def disposition(analysis: DispositionAnalysis, trial: Trial) -> Iterator[Row]:
    """Participants with each event (``endpoint``), and with each of its reasons (``level``)."""
    members = trial.members(analysis.population).select("participant", "arm")
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
