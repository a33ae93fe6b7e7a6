"""Analyses of numbers on many trials: Student's t from sums, rank methods trial by trial."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from scipy.special import stdtr, stdtrit

from equipoise.errors import StatisticsError
from equipoise.protocol.plan import NumberAnalysis, NumberEndpoint
from equipoise.simulate.arrays import Array, Flags
from equipoise.statistics import ranks
from equipoise.statistics.inputs import normal_quantile
from equipoise.trials.finding import Finding
from equipoise.trials.lived import Chunk

RANKS: Final[dict[str, Callable[..., Any]]] = {
    "wilcoxon": ranks.wilcoxon,
    "hodges-lehmann": ranks.hodges_lehmann,
}
METHODS: Final = ("t-test", *RANKS)


def number(
    analysis: NumberAnalysis, encounter: str, methods: tuple[str, ...], chunk: Chunk
) -> Iterator[Finding]:
    """Means by arm, then each method on the difference of each arm from the reference."""
    plan, arms = chunk.study.planned(), list(chunk.study.arms)
    endpoint = next(one for one in plan.endpoints if one.name == analysis.endpoint)
    if not isinstance(endpoint, NumberEndpoint):
        raise TypeError(f"{analysis.name}: the endpoint {endpoint.name} is not a number")
    values = chunk.values(endpoint, encounter)
    counted = chunk.members(analysis.population) & ~np.isnan(values)
    n, mean, variance = summaries(values, counted, chunk)
    for place, arm in enumerate(arms):
        se = np.sqrt(variance[:, place] / n[:, place])
        yield Finding(analysis.name, encounter, arm, "", n[:, place], mean[:, place], se)
    reference = arms.index(plan.reference)
    for place, arm in enumerate(arms):
        if place == reference:
            continue
        pair = [place, reference]
        for method in methods:
            if method == "t-test":
                numbers = student(n[:, pair], mean[:, pair], variance[:, pair], analysis.level)
            else:
                numbers = _ranked(values, counted, pair, method, analysis.level, chunk)
            group, size = f"{arm} v {plan.reference}", n[:, pair].sum(axis=1)
            yield Finding(analysis.name, encounter, group, method, size, **numbers)


def summaries(values: Array, counted: Flags, chunk: Chunk) -> tuple[Array, Array, Array]:
    """Number, mean and variance of those counted in each trial and arm, (trials, arms) each."""
    known = np.where(counted, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        n = chunk.by_arm(counted)
        mean = chunk.by_arm(known) / n
        apart = np.where(counted, known - mean.ravel()[chunk.cell], 0.0)
        return n, mean, chunk.by_arm(apart**2) / np.where(n > 1, n - 1, np.nan)


def student(n: Array, mean: Array, variance: Array, level: float) -> dict[str, Array]:
    """Student's t test of the first arm against the second in each trial, (trials, 2) each.

    Source: as ``equipoise.statistics.means.t_test``, over arrays.
    """
    df = n.sum(axis=1) - 2
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = ((n - 1) * variance).sum(axis=1) / df
        se = np.sqrt(pooled * (1 / n).sum(axis=1))
        estimate = mean[:, 0] - mean[:, 1]
        estimable = se > 1e-12 * np.abs(estimate)
        estimate, se = (np.where(estimable, part, np.nan) for part in (estimate, se))
        half = stdtrit(df, 0.5 + level / 2) * se
        p = 2 * stdtr(df, -np.abs(estimate / se))
    lower, upper = estimate - half, estimate + half
    return {"estimate": estimate, "se": se, "lower": lower, "upper": upper, "p": p}


def _ranked(
    values: Array, counted: Flags, pair: list[int], method: str, level: float, chunk: Chunk
) -> dict[str, Array]:
    """A rank method on each trial, one after the other."""
    parts = np.full((len(chunk.trials), 4), np.nan)
    order = np.argsort(chunk.cell, kind="stable")
    edges = np.searchsorted(
        chunk.cell[order], np.arange(len(chunk.trials) * len(chunk.study.arms) + 1)
    )
    for trial in range(len(chunk.trials)):
        arms = []
        for place in pair:
            cell = trial * len(chunk.study.arms) + place
            rows = order[edges[cell] : edges[cell + 1]]
            arms.append(values[rows[counted[rows]]])
        try:
            if method == "wilcoxon":
                parts[trial, 3] = ranks.wilcoxon(*arms).p
            else:
                parts[trial, :3] = ranks.hodges_lehmann(*arms, level=level)
        except StatisticsError:
            continue
    estimate, lower, upper, p = parts.T
    se = (upper - lower) / (2 * normal_quantile(level))
    return {"estimate": estimate, "se": se, "lower": lower, "upper": upper, "p": p}
