"""Exact power of a test of two proportions: every outcome is judged and weighted by its chance.

Source: the definition of power, enumerated; Fleiss 1981 for the approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

from equipoise.errors import StatisticsError
from equipoise.statistics import score
from equipoise.statistics.boschloo import boschloo_table
from equipoise.statistics.contingency import chi_squared_statistics, fisher_table
from equipoise.statistics.exact import binomial_probabilities
from equipoise.statistics.inputs import Floats, normal_quantile

Rejections = NDArray[np.bool_]


def power(
    n: tuple[int, int], p: tuple[float, float], *, test: str = "fisher", alpha: float = 0.05
) -> float:
    """The chance that a trial rejects equal proportions; type I error if both are the same.

    Args:
        n: Participants in each arm.
        p: True share with the event in each arm.
        test: One of ``TESTS``.
        alpha: Two-sided level.

    >>> round(power((45, 46), (0.20, 0.0455)), 2)
    0.62
    >>> round(power((45, 46), (0.20, 0.0455), test="chi_squared"), 2)
    0.66
    """
    _check_shares(p)
    first, second = binomial_probabilities(n[0], p[0]), binomial_probabilities(n[1], p[1])
    return float(first @ rejections(n, test=test, alpha=alpha) @ second)


def rejections(n: tuple[int, int], *, test: str = "fisher", alpha: float = 0.05) -> Rejections:
    """Which outcomes the test rejects; shape (n1 + 1, n2 + 1), by events of each arm."""
    if min(n) < 1:
        raise StatisticsError(f"n {n}: each arm needs at least one participant")
    if test not in TESTS:
        raise StatisticsError(f"test {test!r}: known are {', '.join(TESTS)}")
    if not 0 < alpha < 1:
        raise StatisticsError(f"alpha {alpha}: give a level between 0 and 1, such as 0.05")
    return TESTS[test](n, alpha)


def participants_per_arm(
    p: tuple[float, float],
    *,
    wanted: float = 0.8,
    test: str = "fisher",
    alpha: float = 0.05,
    most: int = 400,
) -> int:
    """The smallest equal arm whose power is at least ``wanted``.

    Exact power is a saw-tooth: an arm a little larger may fall just below again.

    Args:
        p: True share with the event in each arm.
        wanted: Power asked for, a share.
        test: One of ``TESTS``.
        alpha: Two-sided level.
        most: Give up beyond this many participants per arm.
    """
    for size in range(2, most + 1):
        if power((size, size), p, test=test, alpha=alpha) >= wanted:
            return size
    raise StatisticsError(
        f"shares {p}: power {wanted} is not reached with {most} participants per arm;"
        " raise `most` or plan for a larger difference"
    )


def approximate_participants_per_arm(
    p: tuple[float, float], *, wanted: float = 0.8, alpha: float = 0.05
) -> int:
    """The textbook size of each equal arm, by the normal approximation to the chi-squared test.

    Args:
        p: True share with the event in each arm.
        wanted: Power asked for, a share.
        alpha: Two-sided level.

    Source: Fleiss: Statistical Methods for Rates and Proportions, 2nd ed. 1981, section 3.2.

    >>> approximate_participants_per_arm((0.20, 0.0455))
    70
    """
    _check_shares(p)
    if p[0] == p[1]:
        raise StatisticsError(f"true shares {p}: no size shows a difference that is not there")
    common = (p[0] + p[1]) / 2
    under_none = sqrt(2 * common * (1 - common))
    under_true = sqrt(p[0] * (1 - p[0]) + p[1] * (1 - p[1]))
    size = normal_quantile(1 - alpha) * under_none + float(ndtri(wanted)) * under_true
    return ceil((size / (p[0] - p[1])) ** 2)


def _check_shares(p: tuple[float, float]) -> None:
    if not all(0 <= share <= 1 for share in p):
        raise StatisticsError(f"true shares {p}: give shares from 0 to 1, not percentages")


def _fisher(n: tuple[int, int], alpha: float) -> Rejections:
    return np.asarray(fisher_table(n) <= alpha)


def _boschloo(n: tuple[int, int], alpha: float) -> Rejections:
    return np.asarray(boschloo_table(n) <= alpha)


def _chi_squared(n: tuple[int, int], alpha: float) -> Rejections:
    return np.asarray(chi_squared_statistics(*_outcomes(n)) >= chdtri(1, alpha))


def _chi_squared_yates(n: tuple[int, int], alpha: float) -> Rejections:
    return np.asarray(chi_squared_statistics(*_outcomes(n), yates=True) >= chdtri(1, alpha))


def _miettinen_nurminen(n: tuple[int, int], alpha: float) -> Rejections:
    """The lower limit is above 0, which is to say that a difference of 0 is rejected from above."""
    events, sizes = _outcomes(n)
    tables = score.tables_of(events[..., None, :], sizes[..., None, :])
    seen = score.difference(tables)
    spread = np.sqrt(score.variance(tables, np.zeros_like(seen), corrected=True))
    return np.asarray(seen > normal_quantile(1 - alpha) * spread)


def _outcomes(n: tuple[int, int]) -> tuple[Floats, Floats]:
    """Events and participants of every possible outcome; shape (n1 + 1, n2 + 1, 2)."""
    events = np.stack(np.meshgrid(np.arange(n[0] + 1.0), np.arange(n[1] + 1.0), indexing="ij"), -1)
    return events, np.broadcast_to(np.asarray(n, dtype=np.float64), events.shape)


TESTS: Final[dict[str, Callable[[tuple[int, int], float], Rejections]]] = {
    "fisher": _fisher,
    "chi_squared": _chi_squared,
    "chi_squared_yates": _chi_squared_yates,
    "miettinen_nurminen": _miettinen_nurminen,
    "boschloo": _boschloo,
}
