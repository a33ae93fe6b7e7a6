"""Means, medians and their spread by arm, and differences between arms, of observed values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl

from equipoise.analysis.endpoints import find_endpoint, numbers, unit_of
from equipoise.analysis.results import Row
from equipoise.analysis.summaries import describe, estimated
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import NumberAnalysis, NumberEndpoint, NumberMethod
from equipoise.statistics import means, ranks
from equipoise.statistics.inputs import Floats

_INTERVALS: Final[dict[NumberMethod, Callable[..., Any]]] = {
    "t-test": means.t_test,
    "hodges-lehmann": ranks.hodges_lehmann,
}
_TESTS: Final[dict[NumberMethod, Callable[..., Any]]] = {"wilcoxon": ranks.wilcoxon}


def number(analysis: NumberAnalysis, trial: Trial) -> Iterator[Row]:
    """Summaries by arm and in total, then each method between arms or within each arm."""
    endpoint = find_endpoint(trial, analysis.endpoint)
    if not isinstance(endpoint, NumberEndpoint):
        raise TypeError(f"{analysis.name}: the endpoint {endpoint.name} is not a number")
    members = trial.members(analysis.population).select("participant", "arm")
    sizes = {group: rows.height for group, rows in trial.groups(members)}
    values = numbers(endpoint, trial).join(members.drop("arm"), on="participant")
    changes = _changes(endpoint, trial).join(members.drop("arm"), on="participant")
    unit = unit_of(endpoint, trial)
    for encounter in analysis.encounters or endpoint.encounters:
        at, change = (some.filter(pl.col("encounter") == encounter) for some in (values, changes))
        rows = [*_described(analysis, trial, at, unit)]
        if encounter != trial.study.protocol.baseline:  # differences there are due to chance
            rows += _between(analysis, trial, at, unit)
            rows += _within(analysis, trial, change, unit)
        for group, n in sizes.items():
            seen = at if group is None else at.filter(pl.col("arm") == group)
            rows.append(Row("missing", n - seen.height, group=group))
        for row in rows:
            yield row._replace(endpoint=endpoint.name, encounter=encounter)


def _changes(endpoint: NumberEndpoint, trial: Trial) -> pl.DataFrame:
    """What a test within an arm looks at: the change, for values as they are."""
    measure = "change" if endpoint.measure == "value" else endpoint.measure
    return numbers(endpoint.model_copy(update={"measure": measure}), trial)


def _described(
    analysis: NumberAnalysis, trial: Trial, at: pl.DataFrame, unit: str | None
) -> Iterator[Row]:
    for group, rows in trial.groups(at):
        for row in describe(rows["value"].to_numpy(), unit=unit, level=analysis.level):
            yield row._replace(group=group)


def _between(
    analysis: NumberAnalysis, trial: Trial, at: pl.DataFrame, unit: str | None
) -> Iterator[Row]:
    for name, arm, reference in trial.comparisons():
        first, second = _of(at, arm), _of(at, reference)
        for method in analysis.methods:
            if method in _INTERVALS:
                compare = partial(_INTERVALS[method], first, second, level=analysis.level)
            elif method in _TESTS:
                compare = partial(_TESTS[method], first, second)
            else:
                continue
            for row in estimated(method, compare, unit=unit):
                yield row._replace(group=name)


def _within(
    analysis: NumberAnalysis, trial: Trial, change: pl.DataFrame, unit: str | None
) -> Iterator[Row]:
    if "paired-t-test" not in analysis.methods:
        return
    for arm in trial.study.arms:
        test = partial(means.one_sample_t_test, _of(change, arm), level=analysis.level)
        for row in estimated("paired-t-test", test, unit=unit):
            yield row._replace(group=arm)


def _of(values: pl.DataFrame, arm: str) -> Floats:
    return np.asarray(values.filter(pl.col("arm") == arm)["value"].to_numpy(), dtype=np.float64)
