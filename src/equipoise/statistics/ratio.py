"""Ratio of two proportions and ratio of two odds, first arm over second.

A ratio with no event in its second arm is infinite; where the data say nothing about it, the
estimate is not a number (nan) and the interval runs from 0 to infinity.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan, sqrt
from typing import NamedTuple

from equipoise.statistics.estimate import Interval
from equipoise.statistics.inputs import checked_level, checked_pair, normal_quantile

STEPS = 60  # halvings of ratio / (1 + ratio), which runs from 0 to 1: down to the spacing of floats


class _Counts(NamedTuple):
    x1: float
    n1: float
    x2: float
    n2: float

    def swapped(self) -> _Counts:
        return _Counts(self.x2, self.n2, self.x1, self.n1)


def risk_ratio(events: tuple[int, int], n: tuple[int, int], *, level: float = 0.95) -> Interval:
    """Ratio of two proportions with the Miettinen-Nurminen score interval.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        level: Confidence level.

    Source: Miettinen, Nurminen: Statistics in Medicine 1985;4:213.

    >>> [round(value, 2) for value in risk_ratio((9, 2), (45, 44))]
    [4.4, 1.15, 17.61]
    """
    counts, z = _counts(events, n), normal_quantile(level)
    lower = _smallest_not_rejected(_risk_ratio_score, counts, z)
    upper = _reciprocal(_smallest_not_rejected(_risk_ratio_score, counts.swapped(), z))
    return Interval(_ratio(counts.x1 * counts.n2, counts.x2 * counts.n1), lower, upper)


def odds_ratio(
    events: tuple[int, int],
    n: tuple[int, int],
    *,
    level: float = 0.95,
    bias_corrected: bool = False,
) -> Interval:
    """Ratio of two odds with the Miettinen-Nurminen score interval.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        level: Confidence level.
        bias_corrected: Correct the score for the bias that comes from estimating the odds of the
            second arm (Gart); the estimate then is the ratio at which the corrected score is nil.

    Source: Miettinen, Nurminen 1985; Gart: Bulletin of the International Statistical Institute
    1985;45(1):175.
    """
    counts, z = _counts(events, n), normal_quantile(level)
    score = _gart_score if bias_corrected else _odds_ratio_score
    lower = _smallest_not_rejected(score, counts, z)
    upper = _reciprocal(_smallest_not_rejected(score, counts.swapped(), z))
    estimate = _ratio(
        counts.x1 * (counts.n2 - counts.x2),
        counts.x2 * (counts.n1 - counts.x1),
    )
    if bias_corrected and 0 < estimate < inf:
        estimate = _smallest_not_rejected(score, counts, 0.0)
    return Interval(estimate, lower, upper)


def conditional_odds_ratio(
    events: tuple[int, int], n: tuple[int, int], *, level: float = 0.95
) -> Interval:
    """Ratio of two odds given all margins, with its exact interval: what R's fisher.test reports.

    Source: Cornfield: Proceedings of the Third Berkeley Symposium 1956;4:135; computed by SciPy.
    """
    from scipy.stats.contingency import odds_ratio as scipy_odds_ratio  # slow to import

    counts = _counts(events, n)
    table = [
        [int(counts.x1), int(counts.x2)],
        [int(counts.n1 - counts.x1), int(counts.n2 - counts.x2)],
    ]
    if 0 in (sum(table[0]), sum(table[1])):
        checked_level(level)
        return Interval(nan, 0.0, inf)
    result = scipy_odds_ratio(table, kind="conditional")
    limits = result.confidence_interval(checked_level(level))
    return Interval(float(result.statistic), float(limits.low), float(limits.high))


def _counts(events: tuple[int, int], n: tuple[int, int]) -> _Counts:
    x, size = checked_pair(events, n)
    return _Counts(float(x[0]), float(size[0]), float(x[1]), float(size[1]))


def _ratio(above: float, below: float) -> float:
    if below > 0:
        return above / below
    return inf if above > 0 else nan


def _reciprocal(value: float) -> float:
    return 1 / value if value > 0 else inf


def _smallest_not_rejected(
    score: Callable[[_Counts, float], float], counts: _Counts, quantile: float
) -> float:
    """The lower limit: where the score, falling as the supposed ratio grows, meets ``quantile``."""
    if counts.x1 == 0 or (score is not _risk_ratio_score and counts.x2 == counts.n2):
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if score(counts, middle / (1 - middle)) > quantile:
            low = middle
        else:
            high = middle
    return low / (1 - low)


def _risk_ratio_score(counts: _Counts, ratio: float) -> float:
    """Standardised distance of the data from a supposed ratio of risks."""
    x1, n1, x2, n2 = counts
    total = n1 + n2
    b = n1 * ratio + x1 + n2 + x2 * ratio
    root = sqrt(max(b * b - 4 * total * ratio * (x1 + x2), 0.0))
    p2 = 2 * (x1 + x2) / (b + root)
    p1 = min(p2 * ratio, 1.0)
    variance = p1 * (1 - p1) / n1 + ratio**2 * p2 * (1 - p2) / n2
    return _standardised(x1 / n1 - ratio * x2 / n2, variance * total / (total - 1))


def _odds_ratio_score(counts: _Counts, ratio: float) -> float:
    """Standardised distance of the data from a supposed ratio of odds."""
    information1, information2, p1, _ = _at_odds_ratio(counts, ratio)
    total = counts.n1 + counts.n2
    harmonic = information1 * information2 / (information1 + information2)
    return _standardised(counts.x1 - counts.n1 * p1, harmonic * total / (total - 1))


def _gart_score(counts: _Counts, ratio: float) -> float:
    """The score of a ratio of odds less its bias of order one."""
    information1, information2, p1, p2 = _at_odds_ratio(counts, ratio)
    total = counts.n1 + counts.n2
    harmonic = information1 * information2 / (information1 + information2)
    bias = harmonic * (p1 - p2) / (information1 + information2)
    return _standardised(counts.x1 - counts.n1 * p1 - bias, harmonic * total / (total - 1))


def _at_odds_ratio(counts: _Counts, ratio: float) -> tuple[float, float, float, float]:
    """Variances of the two counts and most likely proportions at a supposed ratio of odds."""
    x1, n1, x2, n2 = counts
    events = x1 + x2
    a = n2 * (ratio - 1)
    b = n1 * ratio + n2 - events * (ratio - 1)
    root = sqrt(max(b * b + 4 * a * events, 0.0))
    p2 = 2 * events / (b + root) if b >= 0 else (root - b) / (2 * a)
    odds = p2 * ratio
    p1 = odds / (1 - p2 + odds)
    return n1 * p1 * (1 - p1), n2 * p2 * (1 - p2), p1, p2


def _standardised(distance: float, variance: float) -> float:
    if variance > 0:
        return distance / sqrt(variance)
    return inf if distance > 0 else -inf
