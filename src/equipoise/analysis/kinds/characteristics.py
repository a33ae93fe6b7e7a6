"""Items as last recorded up to and with an encounter, by arm and in total."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe, share
from equipoise.analysis.trial import Trial
from equipoise.protocol.form import Item
from equipoise.protocol.plan import CharacteristicsAnalysis


def characteristics(analysis: CharacteristicsAnalysis, trial: Trial) -> Iterator[Row]:
    """Numbers are summarised; of codes and yes/no items each answer is counted."""
    members = trial.members(analysis.population).select("participant", "arm")
    for name in analysis.items:
        item = trial.study.items[name]
        known = last_recorded(item, analysis.encounter, trial)
        joined = members.join(known, on="participant", how="left")
        for group, rows in trial.groups(joined):
            for row in _summary(item, rows):
                yield row._replace(endpoint=name, encounter=analysis.encounter, group=group)


def last_recorded(item: Item, encounter: str, trial: Trial) -> pl.DataFrame:
    """The last value of each participant at or before an encounter: participant, entry."""
    order = {name: index for index, name in enumerate(trial.study.encounters)}
    entry = "value" if item.kind == "number" else "text"
    return (
        trial.records["measurements"]
        .filter(pl.col("item") == item.name, pl.col(entry).is_not_null())
        .with_columns(at=pl.col("encounter").replace_strict(order, return_dtype=pl.Int64))
        .filter(pl.col("at") <= order[encounter])
        .sort("participant", "at")
        .group_by("participant", maintain_order=True)
        .agg(entry=pl.col(entry).last())
    )


def _summary(item: Item, rows: pl.DataFrame) -> Iterator[Row]:
    known = rows["entry"].drop_nulls()
    yield Row("missing", rows.height - len(known))
    if item.kind == "number":
        yield from describe(known.to_numpy(), unit=item.unit)
        return
    for code in item.codes or ("yes", "no"):
        for row in share(int((known == code).sum()), len(known)):
            yield row._replace(level=code)
