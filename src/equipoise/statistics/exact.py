"""Probabilities of whole-number outcomes, and the p values that come from adding them up."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from equipoise.statistics.inputs import Floats

SAME = 1 + 1e-7  # probabilities count as equal within this factor, as in R's fisher.test


def log_choose(n: float, k: Floats | float) -> Floats:
    """Logarithm of the number of ways to choose ``k`` of ``n``."""
    k = np.asarray(k)
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1) - gammaln(n - k + 1))


def binomial_probabilities(n: int, p: Floats | float) -> Floats:
    """Probability of 0 to ``n`` events.

    Args:
        n: Participants.
        p: Chance of the event in each; a number or an array of shape (points,).

    Returns:
        Shape (n + 1,) or (n + 1, points).

    >>> binomial_probabilities(2, 0.5).round(2).tolist()
    [0.25, 0.5, 0.25]
    """
    k = np.arange(n + 1.0).reshape(-1, *[1] * np.ndim(p))
    return np.asarray(np.exp(log_choose(n, k) + xlogy(k, p) + xlog1py(n - k, np.negative(p))))


def hypergeometric_probabilities(total: int, n: tuple[int, int]) -> tuple[int, Floats]:
    """How ``total`` events fall on two arms when the arm does not matter.

    Returns:
        The smallest possible number of events in the first arm, and the probability of it and of
        each larger possible number.

    >>> first, probabilities = hypergeometric_probabilities(1, (3, 1))
    >>> first, probabilities.round(2).tolist()
    (0, [0.25, 0.75])
    """
    first = max(0, total - n[1])
    k = np.arange(first, min(total, n[0]) + 1.0)
    log_ways = log_choose(n[0], k) + log_choose(n[1], total - k)
    return first, np.exp(log_ways - log_choose(sum(n), total))


def two_sided(probabilities: Floats) -> Floats:
    """For each outcome, the probability of all outcomes that are no more probable than it.

    Args:
        probabilities: Of every possible outcome; shape (outcomes,).

    Source: Freeman, Halton: Biometrika 1951;38:141; the definition of R's fisher.test and
    binom.test.
    """
    rising = np.sort(probabilities)
    cumulated = np.cumsum(rising)
    last = np.searchsorted(rising, probabilities * SAME, side="right") - 1
    return np.minimum(cumulated[last], 1.0)
