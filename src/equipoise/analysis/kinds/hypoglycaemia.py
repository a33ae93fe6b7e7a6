"""Home readings below the limits of hypoglycaemia."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.kinds.adverse_events import person_years, rate
from equipoise.analysis.results import Row
from equipoise.analysis.summaries import share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import HypoglycaemiaAnalysis


def hypoglycaemia(analysis: HypoglycaemiaAnalysis, trial: Trial) -> Iterator[Row]:
    """For each limit: participants with such a reading, readings, and readings a year.

    Source of the usual limits 3.9 and 3.0 mmol/L: International Hypoglycaemia Study Group,
    Diabetes Care 2017;40:155.
    """
    members = trial.members(analysis.population)
    readings = (
        trial.records["glucose"]
        .join(members.select("participant", "arm", "first_dose_date"), on="participant")
        .filter(pl.col("date") >= pl.col("first_dose_date"))
    )
    years = {group: person_years(rows) for group, rows in trial.groups(members)}
    sizes = {group: rows.height for group, rows in trial.groups(members)}
    for limit in analysis.below:
        low = readings.filter(pl.col("value") < float(limit))
        for group, rows in trial.groups(low):
            people = share(rows["participant"].n_unique(), sizes[group], level=analysis.level)
            for row in (*people, *rate(rows.height, years[group], level=analysis.level)):
                yield row._replace(endpoint="glucose", group=group, level=f"< {limit}")
