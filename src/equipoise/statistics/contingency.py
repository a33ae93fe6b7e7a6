"""Tests of two-by-two tables, plain and stratified.

``events`` and ``n`` are (first arm, second arm). A table without any event, or with nothing but
events, says nothing about the arms: its p is 1.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from equipoise.errors import StatisticsError
from equipoise.statistics import score
from equipoise.statistics.estimate import Interval, Test
from equipoise.statistics.exact import hypergeometric_probabilities, two_sided
from equipoise.statistics.inputs import Floats, checked_counts, checked_pair, normal_quantile


def chi_squared(events: tuple[int, int], n: tuple[int, int], *, yates: bool = False) -> Test:
    """Pearson's chi-squared test of two proportions.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        yates: Correct for continuity.

    Source: Pearson: Philosophical Magazine 1900;50:157; Yates: Supplement to the Journal of the
    Royal Statistical Society 1934;1:217.

    >>> round(chi_squared((9, 2), (45, 44)).p, 5)
    0.02677
    """
    x, size = checked_pair(events, n)
    statistic = float(chi_squared_statistics(x, size, yates=yates))
    return Test(statistic, float(chdtrc(1, statistic)))


def chi_squared_statistics(events: Floats, n: Floats, *, yates: bool = False) -> Floats:
    """Chi-squared statistics of many tables; both arrays have shape (..., 2), arms last."""
    total, positive = n.sum(axis=-1), events.sum(axis=-1)
    distance = np.abs(events[..., 0] * n[..., 1] - events[..., 1] * n[..., 0])
    if yates:
        distance = np.maximum(distance - total / 2, 0.0)
    margins = n.prod(axis=-1) * positive * (total - positive)
    return np.asarray(np.where(margins > 0, total * distance**2 / np.maximum(margins, 1.0), 0.0))


def fisher(events: tuple[int, int], n: tuple[int, int]) -> Test:
    """Fisher's exact test, two sided: all tables no more probable than the one seen, as in R.

    Returns:
        The probability of the table given its margins as statistic, and p. R's odds ratio is
        ``ratio.conditional_odds_ratio``, which takes much longer.

    Source: Fisher: Journal of the Royal Statistical Society 1935;98:39.

    >>> round(fisher((9, 2), (45, 44)).p, 5)
    0.04956
    """
    checked_pair(events, n)
    first, probabilities = hypergeometric_probabilities(sum(events), n)
    seen = events[0] - first
    return Test(float(probabilities[seen]), float(two_sided(probabilities)[seen]))


def fisher_table(n: tuple[int, int]) -> Floats:
    """Two-sided p of Fisher's exact test for every possible outcome; shape (n1 + 1, n2 + 1)."""
    table = np.empty((n[0] + 1, n[1] + 1))
    for total in range(sum(n) + 1):
        first, probabilities = hypergeometric_probabilities(total, n)
        x1 = first + np.arange(len(probabilities))
        table[x1, total - x1] = two_sided(probabilities)
    return table


def farrington_manning(events: tuple[int, int], n: tuple[int, int], *, margin: float = 0.0) -> Test:
    """The score test that the difference of proportions is ``margin``; inverted, Mee's interval.

    Args:
        events: Participants with the event in each arm.
        n: Participants in each arm.
        margin: Supposed difference, first arm minus second, between -1 and 1.

    Returns:
        A standard normal statistic, positive where the difference exceeds the margin, and
        the two-sided p.

    Source: Farrington, Manning: Statistics in Medicine 1990;9:1447.
    """
    if not -1 < margin < 1:
        raise StatisticsError(f"margin {margin}: give a difference of shares between -1 and 1")
    x, size = checked_pair(events, n)
    tables = score.tables_of(x[None, :], size[None, :])
    spread = float(np.sqrt(score.variance(tables, np.asarray(margin), corrected=False)))
    distance = float(score.difference(tables)) - margin
    statistic = distance / spread if spread > 0 else 0.0
    return Test(statistic, float(2 * ndtr(-abs(statistic))))


def cmh(tables: ArrayLike, *, continuity: bool = False) -> Test:
    """The Cochran-Mantel-Haenszel test of no association in any stratum, one degree of freedom.

    Args:
        tables: Counts; shape (strata, 2, 2), each stratum as [[events, others] of the first arm,
            [events, others] of the second].
        continuity: Correct for continuity, R's default.

    Source: Mantel, Haenszel: Journal of the National Cancer Institute 1959;22:719.
    """
    counts = _checked_strata(tables)
    total = counts.sum(axis=(1, 2))
    rows, columns = counts.sum(axis=2), counts.sum(axis=1)
    expected = rows[:, 0] * columns[:, 0] / total
    variance = float((rows.prod(axis=1) * columns.prod(axis=1) / (total**2 * (total - 1))).sum())
    if variance == 0:
        return Test(0.0, 1.0)
    distance = abs(float((counts[:, 0, 0] - expected).sum()))
    if continuity:
        distance = max(distance - 0.5, 0.0)
    statistic = distance**2 / variance
    return Test(statistic, float(chdtrc(1, statistic)))


def mantel_haenszel_odds_ratio(tables: ArrayLike, *, level: float = 0.95) -> Interval:
    """The common odds ratio of strata, with the interval of Robins, Breslow and Greenland.

    Args:
        tables: Counts; shape (strata, 2, 2), as for ``cmh``.
        level: Confidence level.

    Source: Robins, Breslow, Greenland: Biometrics 1986;42:311.
    """
    counts = _checked_strata(tables)
    total = counts.sum(axis=(1, 2))
    agree = counts[:, 0, 0] * counts[:, 1, 1] / total
    differ = counts[:, 0, 1] * counts[:, 1, 0] / total
    if agree.sum() == 0 or differ.sum() == 0:
        raise StatisticsError(
            "a common odds ratio needs events and non-events in both arms of some stratum; use"
            " a risk difference instead"
        )
    p = (counts[:, 0, 0] + counts[:, 1, 1]) / total
    q = 1 - p
    variance = (
        (p * agree).sum() / (2 * agree.sum() ** 2)
        + (p * differ + q * agree).sum() / (2 * agree.sum() * differ.sum())
        + (q * differ).sum() / (2 * differ.sum() ** 2)
    )
    estimate = float(agree.sum() / differ.sum())
    half = normal_quantile(level) * sqrt(float(variance))
    return Interval(estimate, exp(log(estimate) - half), exp(log(estimate) + half))


def _checked_strata(tables: ArrayLike) -> Floats:
    counts = np.asarray(tables)
    if counts.ndim != 3 or counts.shape[1:] != (2, 2):
        raise StatisticsError(f"tables of shape {counts.shape}: give (strata, 2, 2)")
    checked_counts(counts[:, :, 0], counts.sum(axis=2))
    return counts.astype(np.float64)
