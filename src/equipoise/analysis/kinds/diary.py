"""Home readings of one point, as each participant's weekly mean."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import DiaryAnalysis

DAYS_A_WEEK = 7


def diary(analysis: DiaryAnalysis, trial: Trial) -> Iterator[Row]:
    """Summaries of the weekly means by arm; week 0 starts with the first dose.

    The last week that ends by the day of the last planned encounter is the last that is shown.
    """
    last_day = trial.study.protocol.encounters[-1].day
    members = trial.members(analysis.population).select("participant", "arm", "first_dose_date")
    days = (pl.col("date") - pl.col("first_dose_date")).dt.total_days()
    weekly = (
        trial.records["glucose"]
        .filter(pl.col("point") == analysis.point)
        .join(members, on="participant")
        .with_columns(week=days.floordiv(DAYS_A_WEEK))
        .filter(DAYS_A_WEEK * (pl.col("week") + 1) <= last_day)
        .group_by("week", "participant", "arm")
        .agg(mean=pl.col("value").sort_by("date").mean())
        .sort("week", "participant")
    )
    unit = trial.study.protocol.diary.unit if trial.study.protocol.diary else None
    for (week,), rows in weekly.group_by("week", maintain_order=True):
        for group, some in trial.groups(rows):
            for row in describe(some["mean"].to_numpy(), unit=unit, level=analysis.level):
                yield row._replace(endpoint=analysis.point, group=group, level=str(week))
