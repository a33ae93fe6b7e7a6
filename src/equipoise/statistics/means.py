"""Means: their intervals and Student's tests, from values or from published mean, SD and n.

Source: Student: Biometrika 1908;6:1, where a function names no other.
"""

from __future__ import annotations

from math import isfinite, sqrt

from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from equipoise.errors import StatisticsError
from equipoise.statistics.estimate import Comparison, Interval
from equipoise.statistics.inputs import checked_level, checked_sample

_Pair = tuple[float, float]


def t_test(
    x: ArrayLike, y: ArrayLike, *, equal_variance: bool = True, level: float = 0.95
) -> Comparison:
    """Two-sample t test of the mean of ``x`` minus the mean of ``y``.

    Args:
        x: Values of the first arm; shape (n1,).
        y: Values of the second arm, in the same unit; shape (n2,).
        equal_variance: Student's pooled variance; otherwise Welch's.
        level: Confidence level.

    Source: Student 1908; Welch: Biometrika 1947;34:28.
    """
    first, second = checked_sample(x), checked_sample(y)
    return t_test_from_summary(
        (float(first.mean()), float(second.mean())),
        (float(first.std(ddof=1)), float(second.std(ddof=1))),
        (len(first), len(second)),
        equal_variance=equal_variance,
        level=level,
    )


def t_test_from_summary(
    mean: _Pair,
    sd: _Pair,
    n: tuple[int, int],
    *,
    equal_variance: bool = True,
    level: float = 0.95,
) -> Comparison:
    """Two-sample t test from printed means and standard deviations, each (first arm, second arm).

    >>> round(t_test_from_summary((7.52, 8.19), (1.07, 1.02), (37, 36)).p, 4)
    0.0078
    """
    _check_summary(mean, sd, n)
    v1, v2 = sd[0] ** 2 / n[0], sd[1] ** 2 / n[1]
    if equal_variance:
        df = float(n[0] + n[1] - 2)
        pooled = ((n[0] - 1) * sd[0] ** 2 + (n[1] - 1) * sd[1] ** 2) / df
        error = sqrt(pooled * (1 / n[0] + 1 / n[1]))
    else:
        error = sqrt(v1 + v2)
        df = (v1 + v2) ** 2 / (v1**2 / (n[0] - 1) + v2**2 / (n[1] - 1)) if error > 0 else 1.0
    return _student(mean[0] - mean[1], error, df, level)


def paired_t_test(x: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> Comparison:
    """Paired t test of the mean of ``x - y``; position ``i`` of both is the same participant."""
    first, second = checked_sample(x), checked_sample(y)
    if len(first) != len(second):
        raise StatisticsError(
            f"{len(first)} and {len(second)} values: a paired test needs"
            " both values of each participant"
        )
    return one_sample_t_test(first - second, level=level)


def paired_t_test_from_summary(
    mean: _Pair, sd: _Pair, n: int, *, correlation: float, level: float = 0.95
) -> Comparison:
    """Paired t test from printed means and SDs at two times and a supposed correlation.

    Args:
        mean: At the later and the earlier time; the estimate is their difference in this order.
        sd: At the same two times.
        n: Participants with both values.
        correlation: Between the two values of a participant, from -1 to 1.
        level: Confidence level.
    """
    _check_summary(mean, sd, (n, n))
    if not -1 <= correlation <= 1:
        raise StatisticsError(f"correlation {correlation}: give a number from -1 to 1")
    variance = sd[0] ** 2 + sd[1] ** 2 - 2 * correlation * sd[0] * sd[1]
    return _student(mean[0] - mean[1], sqrt(max(variance, 0.0) / n), n - 1.0, level)


def one_sample_t_test(
    values: ArrayLike, *, supposed: float = 0.0, level: float = 0.95
) -> Comparison:
    """Test that a mean, such as the mean change from baseline, is ``supposed``.

    Returns:
        The mean with its interval, and the test; ``estimate`` is the mean itself.
    """
    sample = checked_sample(values)
    mean, error = float(sample.mean()), float(sample.std(ddof=1)) / sqrt(len(sample))
    distance = _student(mean - supposed, error, len(sample) - 1.0, level)
    return distance._replace(
        estimate=mean, lower=distance.lower + supposed, upper=distance.upper + supposed
    )


def mean_interval(values: ArrayLike, *, level: float = 0.95) -> Interval:
    """A mean with its t interval, in the unit of the values.

    >>> [round(value, 2) for value in mean_interval([1.0, 2.0, 3.0])]
    [2.0, -0.48, 4.48]
    """
    sample = checked_sample(values)
    mean = float(sample.mean())
    half = _quantile(len(sample) - 1.0, level) * float(sample.std(ddof=1)) / sqrt(len(sample))
    return Interval(mean, mean - half, mean + half)


def _student(estimate: float, error: float, df: float, level: float) -> Comparison:
    if error <= 1e-12 * abs(estimate):
        raise StatisticsError(
            f"difference {estimate} with no spread: all values of each group are the same,"
            " so a t test has nothing to compare with; report the values"
        )
    statistic = estimate / error
    half = _quantile(df, level) * error
    p = float(2 * stdtr(df, -abs(statistic)))
    return Comparison(estimate, estimate - half, estimate + half, statistic, df, p)


def _quantile(df: float, level: float) -> float:
    return float(stdtrit(df, 0.5 + checked_level(level) / 2))


def _check_summary(mean: _Pair, sd: _Pair, n: tuple[int, int]) -> None:
    if not all(map(isfinite, (*mean, *sd))):
        raise StatisticsError(f"mean {mean}, SD {sd}: a value is missing; leave this test out")
    if min(sd) < 0:
        raise StatisticsError(f"SD {sd}: an SD is not negative; check the transcription")
    if min(n) < 2:
        raise StatisticsError(f"n {n}: at least 2 participants per group are needed")
