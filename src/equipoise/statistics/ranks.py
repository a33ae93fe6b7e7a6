"""Methods that need only the order of values: medians, the rank sum test, the shift of a group."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from math import ceil, comb, inf, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr, ndtr

from equipoise.errors import StatisticsError
from equipoise.statistics.estimate import Interval, Test
from equipoise.statistics.inputs import Floats, checked_level, checked_sample, normal_quantile

LARGE = 50  # from this size of a group on, the normal approximation is used, as in R


def wilcoxon(x: ArrayLike, y: ArrayLike) -> Test:
    """Wilcoxon's rank sum test (Mann-Whitney), two sided, as R's wilcox.test does it by default.

    Exact if both groups have fewer than 50 values and no two values are equal; otherwise normal,
    corrected for ties and continuity.

    Args:
        x: Values of the first arm; shape (n1,).
        y: Values of the second arm; shape (n2,).

    Returns:
        W, the number of pairs in which the first arm's value is larger (equal pairs count one
        half), and p.

    Source: Wilcoxon: Biometrics Bulletin 1945;1:80; Mann, Whitney: Annals of Mathematical
    Statistics 1947;18:50.

    >>> round(wilcoxon([1.1, 2.2, 3.3, 4.4], [5.5, 6.6, 7.7]).p, 4)
    0.0571
    """
    first, second = checked_sample(x, least=1), checked_sample(y, least=1)
    differences = np.subtract.outer(first, second)
    w = float((differences > 0).sum() + (differences == 0).sum() / 2)
    pairs = differences.size
    if _exact(first, second):
        below = _rankings_up_to(len(first), len(second))[int(min(w, pairs - w))]
        return Test(w, min(2 * below / comb(len(first) + len(second), len(first)), 1.0))
    spread = _spread(len(first), len(second), np.concatenate([first, second]))
    if spread == 0:
        raise StatisticsError(f"all values are {first[0]}: there is no order to test; report it")
    distance = max(abs(w - pairs / 2) - 0.5, 0.0)
    return Test(w, float(2 * ndtr(-distance / spread)))


def hodges_lehmann(x: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> Interval:
    """The shift of ``x`` against ``y``: median of all pairwise differences, with its interval.

    The limits are those of R's wilcox.test (exact or normal by the same rule as ``wilcoxon``). In
    the normal case R searches for limits and estimate numerically and stops within 1e-4; here they
    are exact. Where too few values allow no limit at the level asked for, it is infinite (R gives
    the extreme difference and warns).

    Args:
        x: Values of the first arm; shape (n1,).
        y: Values of the second arm, in the same unit; shape (n2,).
        level: Confidence level.

    Source: Hodges, Lehmann: Annals of Mathematical Statistics 1963;34:598; Bauer: Journal of the
    American Statistical Association 1972;67:687.
    """
    first, second = checked_sample(x, least=1), checked_sample(y, least=1)
    differences = np.sort(np.subtract.outer(first, second), axis=None)
    pairs, (m, n) = len(differences), (len(first), len(second))
    if _exact(first, second):
        tail = (1 - checked_level(level)) / 2 * comb(m + n, m)
        left_out = sum(ways < tail for ways in _rankings_up_to(m, n)) - 1
    else:
        ties = np.concatenate([_tie_sizes(first), _tie_sizes(second)])
        distance = 0.5 + normal_quantile(level) * _spread_of(m, n, ties)
        left_out = pairs - ceil(pairs / 2 + distance)
    lower, upper = _between(differences, left_out)
    return Interval(float(np.median(differences)), lower, upper)


def median_interval(values: ArrayLike, *, level: float = 0.95) -> Interval:
    """A median with its exact interval: two of the ordered values, infinite if they are too few.

    Source: Thompson: Annals of Mathematical Statistics 1936;7:122.

    >>> median_interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])
    Interval(estimate=5.5, lower=2.0, upper=9.0)
    """
    ordered = np.sort(checked_sample(values, least=1))
    n = len(ordered)
    tail = (1 - checked_level(level)) / 2
    left_out = int((bdtr(np.arange(n // 2 + 1), n, 0.5) <= tail).sum()) - 1
    lower, upper = _between(ordered, left_out)
    return Interval(float(np.median(ordered)), lower, upper)


def _between(ordered: Floats, left_out: int) -> tuple[float, float]:
    """The ordered values with ``left_out`` others beyond them on each side; infinite below 0."""
    if left_out < 0:
        return -inf, inf
    return float(ordered[left_out]), float(ordered[-1 - left_out])


def _exact(first: Floats, second: Floats) -> bool:
    together = np.concatenate([first, second])
    return max(len(first), len(second)) < LARGE and len(np.unique(together)) == len(together)


def _tie_sizes(values: Floats) -> Floats:
    return np.unique(values, return_counts=True)[1].astype(np.float64)


def _spread(m: int, n: int, together: Floats) -> float:
    return _spread_of(m, n, _tie_sizes(together))


def _spread_of(m: int, n: int, ties: Floats) -> float:
    """Standard deviation of W for groups of ``m`` and ``n`` with ties of these sizes."""
    total = m + n
    lost = float((ties**3 - ties).sum()) / (total * (total - 1))
    return sqrt(max(m * n / 12 * (total + 1 - lost), 0.0))


@lru_cache(maxsize=64)
def _rankings_up_to(m: int, n: int) -> tuple[int, ...]:
    """In how many of the rankings of ``m`` and ``n`` values W is at most 0, 1, ... ``m * n``.

    The counts are the coefficients of a Gaussian binomial, multiplied and divided exactly.
    """
    ways = [1] + [0] * (m * n)
    for i in range(1, m + 1):
        for w in range(m * n, n + i - 1, -1):
            ways[w] -= ways[w - n - i]
        for w in range(i, m * n + 1):
            ways[w] += ways[w - i]
    return tuple(accumulate(ways))
