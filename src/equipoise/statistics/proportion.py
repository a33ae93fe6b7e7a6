"""One proportion, as a share from 0 to 1, with its interval and its test."""

from __future__ import annotations

from math import sqrt

from scipy.special import betaincinv

from equipoise.errors import StatisticsError
from equipoise.statistics.estimate import Interval, Test
from equipoise.statistics.exact import binomial_probabilities, two_sided
from equipoise.statistics.inputs import checked_counts, checked_level, normal_quantile


def clopper_pearson(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact binomial interval: never below its level, so wider than needed.

    Args:
        events: Participants with the event.
        n: Participants.
        level: Confidence level.

    Source: Clopper, Pearson: Biometrika 1934;26:404.

    >>> round(100 * clopper_pearson(0, 45).upper, 1)
    7.9
    """
    checked_counts(events, n)
    tail = (1 - checked_level(level)) / 2
    lower = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    upper = float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    return Interval(events / n, lower, upper)


def wilson(events: int, n: int, *, level: float = 0.95, continuity: bool = False) -> Interval:
    """Wilson's score interval.

    Args:
        events: Participants with the event.
        n: Participants.
        level: Confidence level.
        continuity: Correct for continuity, which widens it.

    Source: Wilson: Journal of the American Statistical Association 1927;22:209; Newcombe:
    Statistics in Medicine 1998;17:857, methods 3 and 4.
    """
    checked_counts(events, n)
    z = normal_quantile(level)
    p = events / n
    centre, scale = 2 * events + z * z, 2 * (n + z * z)
    if continuity:
        down = 1 + z * sqrt(max(z * z - 2 - 1 / n + 4 * p * (n - events + 1), 0.0))
        up = 1 + z * sqrt(max(z * z + 2 - 1 / n + 4 * p * (n - events - 1), 0.0))
    else:
        down = up = z * sqrt(z * z + 4 * events * (1 - p))
    lower = (centre - down) / scale if events > 0 else 0.0
    upper = (centre + up) / scale if events < n else 1.0
    return Interval(p, max(lower, 0.0), min(upper, 1.0))


def binomial_test(events: int, n: int, *, proportion: float = 0.5) -> Test:
    """The exact two-sided test that the true share is ``proportion``.

    Returns:
        The observed share as statistic, and p as in R's binom.test.

    Source: Freeman, Halton: Biometrika 1951;38:141 (all outcomes no more probable).

    >>> round(binomial_test(9, 10).p, 4)
    0.0215
    """
    checked_counts(events, n)
    if not 0 <= proportion <= 1:
        raise StatisticsError(f"proportion {proportion}: give a share between 0 and 1")
    p = two_sided(binomial_probabilities(n, proportion))[events]
    return Test(events / n, float(p))
