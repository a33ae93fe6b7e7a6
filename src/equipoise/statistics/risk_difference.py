"""Difference of two proportions, first arm minus second, with its interval.

Proportions are shares from 0 to 1. Every method takes ``events`` and ``n`` as (first arm, second
arm).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import hypot, sqrt
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from equipoise.errors import StatisticsError
from equipoise.statistics import score
from equipoise.statistics.estimate import Interval
from equipoise.statistics.inputs import Floats, checked_counts, checked_pair, normal_quantile
from equipoise.statistics.proportion import wilson


def wald(
    events: tuple[int, int],
    n: tuple[int, int],
    *,
    level: float = 0.95,
    continuity: bool = False,
) -> Interval:
    """The textbook interval: estimate plus and minus its standard error; too short in small trials.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        level: Confidence level.
        continuity: Widen by half of ``1/n1 + 1/n2`` (Yates).

    Source: Newcombe: Statistics in Medicine 1998;17:873, methods 1 and 2.

    >>> limits = wald((9, 2), (45, 44))
    >>> round(100 * limits.lower, 2), round(100 * limits.upper, 2)
    (2.25, 28.66)
    """
    x, size = checked_pair(events, n)
    p1, p2 = (x / size).tolist()
    n1, n2 = size.tolist()
    half = normal_quantile(level) * sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if continuity:
        half += (1 / n1 + 1 / n2) / 2
    return Interval(p1 - p2, max(p1 - p2 - half, -1.0), min(p1 - p2 + half, 1.0))


def newcombe(
    events: tuple[int, int],
    n: tuple[int, int],
    *,
    level: float = 0.95,
    continuity: bool = False,
) -> Interval:
    """Newcombe's hybrid score interval: the Wilson limits of the two arms, put together.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        level: Confidence level.
        continuity: Use the continuity-corrected Wilson limits.

    Source: Newcombe: Statistics in Medicine 1998;17:873, methods 10 and 11.
    """
    checked_pair(events, n)
    first = wilson(events[0], n[0], level=level, continuity=continuity)
    second = wilson(events[1], n[1], level=level, continuity=continuity)
    estimate = first.estimate - second.estimate
    down = hypot(first.estimate - first.lower, second.upper - second.estimate)
    up = hypot(first.upper - first.estimate, second.estimate - second.lower)
    return Interval(estimate, max(estimate - down, -1.0), min(estimate + up, 1.0))


def miettinen_nurminen(
    events: tuple[int, int], n: tuple[int, int], *, level: float = 0.95
) -> Interval:
    """The score interval of Miettinen and Nurminen, sound down to no event at all.

    Source: Miettinen, Nurminen: Statistics in Medicine 1985;4:213.

    >>> limits = miettinen_nurminen((9, 2), (45, 44))
    >>> round(100 * limits.lower, 2), round(100 * limits.upper, 2)
    (1.95, 30.13)
    """
    checked_pair(events, n)
    return _single(miettinen_nurminen_many(events, n, level=level))


def mee(events: tuple[int, int], n: tuple[int, int], *, level: float = 0.95) -> Interval:
    """Mee's score interval: Miettinen and Nurminen's without the factor N / (N - 1).

    Source: Mee: Biometrics 1984;40:1175.
    """
    x, size = checked_pair(events, n)
    return _single(_score_interval(x[None, :], size[None, :], level, corrected=False))


def miettinen_nurminen_many(
    events: ArrayLike, n: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Miettinen-Nurminen intervals of many tables at once.

    For very many simulated trials of the same size, compute all ``(n1 + 1) * (n2 + 1)`` tables once
    and look each trial up.

    Args:
        events: Participants with the event; shape (..., 2), arms last.
        n: Participants; the same shape or (2,).
        level: Confidence level.

    Returns:
        Estimate, lower limit and upper limit, each of shape (...).

    >>> estimate, lower, upper = miettinen_nurminen_many([[9, 2], [9, 3]], [45, 46])
    >>> (100 * lower).round(2).tolist()
    [2.48, -0.56]
    """
    x, size = checked_counts(events, n)
    if x.shape[-1:] != (2,):
        raise StatisticsError(f"counts of shape {x.shape}: the last axis holds the two arms")
    return _score_interval(x[..., None, :], size[..., None, :], level, corrected=True)


def miettinen_nurminen_stratified(
    events: ArrayLike, n: ArrayLike, *, level: float = 0.95
) -> Interval:
    """The Miettinen-Nurminen interval of a difference common to all strata.

    Args:
        events: Participants with the event; shape (strata, 2), arms last.
        n: Participants; the same shape.
        level: Confidence level.

    Source: Miettinen, Nurminen 1985, with the weights ``n1 * n2 / (n1 + n2)`` of Mantel and
    Haenszel.

    >>> limits = miettinen_nurminen_stratified([[4, 2], [3, 0]], [[10, 20], [10, 10]])
    >>> [round(value, 4) for value in limits]
    [0.3, 0.0825, 0.5321]
    """
    x, size = checked_counts(events, n)
    if x.ndim != 2 or x.shape[1] != 2:
        raise StatisticsError(f"counts of shape {x.shape}: give one row per stratum, two arms")
    return _single(_score_interval(x, size, level, corrected=True))


def _score_interval(
    events: Floats, n: Floats, level: float, *, corrected: bool
) -> tuple[Floats, Floats, Floats]:
    """Estimate and score limits of counts of shape (..., strata, 2)."""
    tables = score.tables_of(events, n)
    lower, upper = score.limits(tables, normal_quantile(level), corrected=corrected)
    return score.difference(tables), lower, upper


def _single(interval: tuple[Floats, Floats, Floats]) -> Interval:
    return Interval(*(float(np.squeeze(value)) for value in interval))


METHODS: Final[dict[str, Callable[..., Interval]]] = {
    "wald": wald,
    "wald_continuity": partial(wald, continuity=True),
    "newcombe": newcombe,
    "newcombe_continuity": partial(newcombe, continuity=True),
    "miettinen_nurminen": miettinen_nurminen,
    "mee": mee,
}
