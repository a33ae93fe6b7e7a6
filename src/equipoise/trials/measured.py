"""A measure over many trials, and the moments that measures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan, sqrt
from typing import Final, NamedTuple

import numpy as np

from equipoise.simulate.arrays import Array


class Measured(NamedTuple):
    """A measure with its Monte Carlo standard error, and what parameter sets make of it.

    Attributes:
        trials: That it is taken over.
        spread: Standard deviation between parameter sets without the Monte Carlo error; not a
            number where there is one set, or too few trials in each. So are the limits.
        lower: 90 % of the sets are above it, and
        upper: below it, that is 5 % are beyond each.
    """

    value: float
    mcse: float
    trials: int
    spread: float = nan
    lower: float = nan
    upper: float = nan


class Moments(NamedTuple):
    """Number, mean and sum of squared distances of values; merged shard by shard."""

    n: int = 0
    mean: float = 0.0
    apart: float = 0.0

    def merged(self, values: Array) -> Moments:
        """With more values.

        Source: Chan, Golub, LeVeque: American Statistician 1983;37:242.
        """
        known = values[~np.isnan(values)]
        if known.size == 0:
            return self
        n, mean = self.n + known.size, float(known.mean())
        apart = float(((known - mean) ** 2).sum())
        away = mean - self.mean
        return Moments(
            n,
            self.mean + away * known.size / n,
            self.apart + apart + away**2 * self.n * known.size / n,
        )

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return sqrt(self.apart / (self.n - 1)) if self.n > 1 else nan

    @property
    def measured(self) -> Measured:
        """The mean as a measure."""
        return Measured(self.mean if self.n else nan, self.sd / sqrt(max(self.n, 1)), self.n)


NOTHING: Final = Moments()


def together(groups: Sequence[Moments]) -> Moments:
    """The values of several groups, with the standard deviation within a group.

    Where no group has two values it is that of all.
    """
    n = sum(one.n for one in groups)
    if n == 0:
        return NOTHING
    mean = sum(one.n * one.mean for one in groups) / n
    within = sum(one.apart for one in groups)
    free = sum(one.n - 1 for one in groups if one.n)
    if free == 0:
        return Moments(n, mean, sum(one.n * (one.mean - mean) ** 2 for one in groups))
    return Moments(n, mean, within / free * (n - 1))
