"""Doses given, their amount, and time under observation."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe, share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import ExposureAnalysis

DAYS_A_WEEK = 7


def exposure(analysis: ExposureAnalysis, trial: Trial) -> Iterator[Row]:
    """Participants by number of complete doses, the total amount of each, and weeks observed."""
    members = trial.members(analysis.population)
    planned = len(trial.study.protocol.dosing.encounters)
    amounts = trial.records["doses"].join(members.select("participant", "arm"), on="participant")
    totals = amounts.group_by("participant", "arm").agg(pl.col("amount").drop_nulls().sum())
    for group, rows in trial.groups(members):
        for doses in range(planned, -1, -1):
            given = int((rows["doses_given"] == doses).sum())
            for row in share(given, rows.height):
                yield row._replace(endpoint="doses given", group=group, level=str(doses))
        weeks = rows["days_observed"].drop_nulls().to_numpy() / DAYS_A_WEEK
        for row in describe(weeks, unit="week"):
            yield row._replace(endpoint="weeks observed", group=group)
    unit = trial.study.protocol.dosing.amount.unit.split("/", maxsplit=1)[0]  # cells of cells/kg
    for group, rows in trial.groups(totals.sort("participant")):
        for row in describe(rows["amount"].to_numpy(), unit=unit):
            yield row._replace(endpoint="total amount", group=group)
