"""Analyses of proportions on many trials: each different table of counts is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import numpy as np

from equipoise.answer import UNKNOWN, YES
from equipoise.errors import StatisticsError
from equipoise.protocol.plan import BinaryEndpoint, ProportionAnalysis
from equipoise.simulate.arrays import Array, Whole
from equipoise.statistics import boschloo, contingency, risk_difference
from equipoise.statistics.inputs import normal_quantile
from equipoise.trials.finding import Finding
from equipoise.trials.lived import Chunk

METHODS: Final[dict[str, Callable[..., Any]]] = {
    "miettinen-nurminen": risk_difference.miettinen_nurminen,
    "wald": risk_difference.wald,
    "newcombe": risk_difference.newcombe,
    "mee": risk_difference.mee,
    "fisher": contingency.fisher,
    "chi-squared": contingency.chi_squared,
    "boschloo": boschloo.boschloo,
}
INTERVALS: Final = ("miettinen-nurminen", "wald", "newcombe", "mee")
Counts = tuple[int, int, int, int]  # events and participants of the first arm, then of the second
Parts = tuple[float, float, float, float]  # estimate, lower, upper (shares) and p
NONE: Final[Parts] = (np.nan, np.nan, np.nan, np.nan)


def proportion(
    analysis: ProportionAnalysis, encounter: str, methods: tuple[str, ...], chunk: Chunk
) -> Iterator[Finding]:
    """Percentages by arm, then each method on the difference of each arm from the reference."""
    plan, arms = chunk.study.planned(), list(chunk.study.arms)
    endpoint = next(one for one in plan.endpoints if one.name == analysis.endpoint)
    if not isinstance(endpoint, BinaryEndpoint):
        raise TypeError(f"{analysis.name}: the endpoint {endpoint.name} is not binary")
    answer = chunk.answers(endpoint, encounter)
    counted = chunk.members(analysis.population)
    if analysis.missing == "left out":
        counted &= answer != UNKNOWN
    events, n = chunk.by_arm(counted & (answer == YES)), chunk.by_arm(counted)
    for place, arm in enumerate(arms):
        with np.errstate(invalid="ignore"):
            share = 100 * events[:, place] / n[:, place]
        yield Finding(analysis.name, encounter, arm, "", n[:, place], share)
    reference = arms.index(plan.reference)
    for place, arm in enumerate(arms):
        if place != reference:
            pair = [place, reference]
            counts = np.stack([events[:, pair], n[:, pair]], axis=-1).astype(np.int64)
            for method in methods:
                numbers = compared(counts.reshape(-1, 4), method, analysis.level)
                group = f"{arm} v {plan.reference}"
                yield Finding(
                    analysis.name, encounter, group, method, n[:, pair].sum(axis=1), **numbers
                )


def compared(counts: Whole, method: str, level: float) -> dict[str, Array]:
    """One method on each table.

    Args:
        counts: Events and participants of the first arm, then of the second, (T, 4).
        method: One of ``METHODS``.
        level: Of the interval.

    Returns:
        ``p`` of a test; or estimate and limits in percentage points, and as standard error the
        width of the interval over that of a standard normal one; (T,) each.
    """
    different, which = np.unique(counts, axis=0, return_inverse=True)
    known = _known(method, level)
    new = [row for row in map(tuple, different.tolist()) if row not in known]
    known.update(zip(new, _worked_out(new, method, level), strict=True))
    parts = np.array([known[row] for row in map(tuple, different.tolist())])[which.ravel()]
    if method not in INTERVALS:
        return {"p": parts[:, 3]}
    estimate, lower, upper = 100 * parts[:, :3].T
    se = (upper - lower) / (2 * normal_quantile(level))
    return {"estimate": estimate, "se": se, "lower": lower, "upper": upper}


@cache
def _known(method: str, level: float) -> dict[tuple[int, ...], Parts]:  # noqa: ARG001 - its key
    """The tables that this process has worked out; those of later trials are mostly among them."""
    return {}


def _worked_out(tables: list[tuple[int, ...]], method: str, level: float) -> Iterator[Parts]:
    if method == "miettinen-nurminen":
        yield from _score(tables, level)
        return
    for x1, n1, x2, n2 in tables:
        try:
            if method in INTERVALS:
                yield (*METHODS[method]((x1, x2), (n1, n2), level=level), np.nan)
            else:
                yield (*NONE[:3], METHODS[method]((x1, x2), (n1, n2)).p)
        except StatisticsError:
            yield NONE


def _score(tables: list[tuple[int, ...]], level: float) -> Iterator[Parts]:
    counts = np.array(tables, dtype=np.int64).reshape(-1, 2, 2)
    whole = (counts[:, :, 1] > 0).all(axis=1)
    found = np.full((len(tables), 4), np.nan)
    if whole.any():
        events, n = counts[whole, :, 0], counts[whole, :, 1]
        found[whole, :3] = np.stack(
            risk_difference.miettinen_nurminen_many(events, n, level=level), axis=-1
        )
    for row in found.tolist():
        yield tuple(row)
