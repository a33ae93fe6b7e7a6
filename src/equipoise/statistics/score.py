"""The score statistic of a difference of two proportions, over arrays of tables and strata.

Every array here has shape (..., strata): one stratum for a plain two-by-two table. Strata are
weighted by ``n1 * n2 / (n1 + n2)`` (Mantel-Haenszel), so that a single stratum gives the plain
statistic.

Source: Miettinen, Nurminen: Statistics in Medicine 1985;4:213; Mee: Biometrics 1984;40:1175;
Farrington, Manning: Statistics in Medicine 1990;9:1447.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from equipoise.statistics.inputs import Floats

STEPS = 54  # halvings of an interval of at most 2: down to the spacing of floats


class Tables(NamedTuple):
    """Counts of many pairs of arms; each array has shape (..., strata)."""

    x1: Floats  # events in the first arm
    n1: Floats  # participants in the first arm
    x2: Floats
    n2: Floats

    def swapped(self) -> Tables:
        """The same tables with the arms exchanged."""
        return Tables(self.x2, self.n2, self.x1, self.n1)


def tables_of(events: Floats, n: Floats) -> Tables:
    """Tables from arrays whose last two axes are (strata, arm)."""
    return Tables(events[..., 0], n[..., 0], events[..., 1], n[..., 1])


def difference(tables: Tables) -> Floats:
    """The weighted difference of proportions, first arm minus second; shape (...)."""
    each = tables.x1 / tables.n1 - tables.x2 / tables.n2
    return np.asarray((_weights(tables) * each).sum(axis=-1))


def variance(tables: Tables, at: Floats, *, corrected: bool) -> Floats:
    """Variance of the difference if the true difference were ``at``.

    Args:
        tables: Counts.
        at: Supposed difference; shape (...).
        corrected: Multiply by N / (N - 1), as Miettinen and Nurminen do and Mee does not.

    Returns:
        Shape (...).
    """
    p1, p2 = _restricted_proportions(tables, at[..., None])
    each = p1 * (1 - p1) / tables.n1 + p2 * (1 - p2) / tables.n2
    if corrected:
        total = tables.n1 + tables.n2
        each = each * (total / (total - 1))
    return np.asarray((_weights(tables) ** 2 * each).sum(axis=-1))


def limits(tables: Tables, quantile: float, *, corrected: bool) -> tuple[Floats, Floats]:
    """Lower and upper confidence limits of the difference, each of shape (...).

    The upper limit is the lower limit of the exchanged arms with its sign turned, so that
    exchanging the labels exchanges the limits to the last digit.
    """
    lower = _lower_limit(tables, quantile, corrected=corrected)
    return lower, -_lower_limit(tables.swapped(), quantile, corrected=corrected)


def _lower_limit(tables: Tables, quantile: float, *, corrected: bool) -> Floats:
    """The smallest difference not rejected, by halving: the statistic falls as it grows."""
    estimate = difference(tables)
    low, high = np.full_like(estimate, -1.0), estimate.copy()
    for _ in range(STEPS):
        middle = (low + high) / 2
        spread = np.sqrt(variance(tables, middle, corrected=corrected))
        rejected = estimate - middle > quantile * spread
        low, high = np.where(rejected, middle, low), np.where(rejected, high, middle)
    return np.asarray((low + high) / 2)


def _weights(tables: Tables) -> Floats:
    weight = tables.n1 * tables.n2 / (tables.n1 + tables.n2)
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


def _restricted_proportions(tables: Tables, d: Floats) -> tuple[Floats, Floats]:
    """The most likely proportions whose difference is ``d``: a root of a cubic, in closed form.

    Source: Miettinen, Nurminen 1985, appendix I.
    """
    x1, n1, x2, n2 = tables
    total, events = n1 + n2, x1 + x2
    a = ((n1 + 2 * n2) * d - total - events) / (3 * total)
    b = ((n2 * d - total - 2 * x2) * d + events) / (3 * total)
    c = x2 * d * (1 - d) / total
    q = a**3 - 1.5 * a * b + c / 2
    size = np.sqrt(np.maximum(a**2 - b, 0.0))
    r = np.where(q < 0, -size, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.where(size > 0, np.clip(q / r**3, -1.0, 1.0), 0.0)
    p2 = 2 * r * np.cos((np.pi + np.arccos(cosine)) / 3) - a
    p2 = np.clip(p2, np.maximum(0.0, -d), np.minimum(1.0, 1.0 - d))
    return np.clip(p2 + d, 0.0, 1.0), p2
