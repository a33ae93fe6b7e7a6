"""Boschloo's test: Fisher's p value as a statistic, its chance taken without fixing the total."""

from __future__ import annotations

import numpy as np

from equipoise.statistics.estimate import Test
from equipoise.statistics.exact import binomial_probabilities, hypergeometric_probabilities
from equipoise.statistics.inputs import Floats, checked_pair

GRID = np.linspace(0.0, 1.0, 1001)  # common chances of an event at which the maximum is sought
SAME = 1 + 1e-10  # two tail probabilities count as equal within this factor


def boschloo(events: tuple[int, int], n: tuple[int, int]) -> Test:
    """Boschloo's exact unconditional test: twice the smaller one-sided p value.

    It beats a doubled one-sided Fisher test everywhere; against the two-sided Fisher test of
    ``contingency.fisher``, which does not double, either may have the smaller p.

    Returns:
        The smaller one-sided p value of Fisher's test as statistic, and the two-sided p.

    Source: Boschloo: Statistica Neerlandica 1970;24:1.

    >>> round(boschloo((9, 2), (45, 44)).p, 3)
    0.034
    """
    checked_pair(events, n)
    greater = _one_sided(events, n)
    less = _one_sided((events[1], events[0]), (n[1], n[0]))
    smaller = min(greater, less, key=lambda test: test.p)
    return Test(smaller.statistic, min(2 * smaller.p, 1.0))


def boschloo_table(n: tuple[int, int]) -> Floats:
    """Two-sided p for every possible outcome; shape (n1 + 1, n2 + 1).

    The maximum is taken on ``GRID`` only, so p may be too small by about 1e-5.
    """
    greater = _one_sided_table(n)
    less = _one_sided_table((n[1], n[0])).T
    return np.asarray(np.minimum(2 * np.minimum(greater, less), 1.0))


def _one_sided(events: tuple[int, int], n: tuple[int, int]) -> Test:
    """The test against more events in the first arm."""
    from scipy.optimize import minimize_scalar  # here, for it is slow to import

    tails = _fisher_tails(n)
    seen = float(tails[events[0], events[1]])
    extreme = (tails <= seen * SAME).astype(np.float64)

    def chance(common: Floats | float) -> Floats:
        first = binomial_probabilities(n[0], np.atleast_1d(common))
        second = binomial_probabilities(n[1], np.atleast_1d(common))
        return np.asarray((first * (extreme @ second)).sum(axis=0))

    over_grid = chance(GRID)
    best = int(over_grid.argmax())
    around = (GRID[max(best - 1, 0)], GRID[min(best + 1, len(GRID) - 1)])
    refined = minimize_scalar(
        lambda common: -float(chance(common)[0]),
        bounds=around,
        method="bounded",
        options={"xatol": 1e-10},
    )
    return Test(seen, max(float(over_grid[best]), -float(refined.fun)))


def _one_sided_table(n: tuple[int, int]) -> Floats:
    """One-sided p for every outcome, adding tables up from the most extreme on."""
    tails = _fisher_tails(n).ravel()
    order = np.argsort(tails)
    first, second = binomial_probabilities(n[0], GRID), binomial_probabilities(n[1], GRID)
    sizes, largest = (n[0] + 1, n[1] + 1), np.zeros(len(tails))
    for point in range(len(GRID)):
        chances = np.outer(first[:, point], second[:, point]).ravel()
        np.maximum(largest, np.cumsum(chances[order]), out=largest)
    rising = tails[order]
    last = np.searchsorted(rising, tails * SAME, side="right") - 1
    return largest[last].reshape(sizes)


def _fisher_tails(n: tuple[int, int]) -> Floats:
    """One-sided p of Fisher's test against more events in the first arm; shape (n1 + 1, n2 + 1)."""
    tails = np.empty((n[0] + 1, n[1] + 1))
    for total in range(sum(n) + 1):
        least, probabilities = hypergeometric_probabilities(total, n)
        x1 = least + np.arange(len(probabilities))
        tails[x1, total - x1] = np.cumsum(probabilities[::-1])[::-1]
    return tails
