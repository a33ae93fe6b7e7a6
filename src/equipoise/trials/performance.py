"""Performance of the analyses over many trials, each measure with its Monte Carlo standard error.

Source: Morris, White, Crowther: Statistics in Medicine 2019;38:2074, table 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import nan, sqrt
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array
from equipoise.trials.finding import NAMES, NUMBERS

COLUMNS: Final = (*NAMES, "measure", "value", "mcse", "trials")


class Key(NamedTuple):
    """What a measure is of; see ``Finding``."""

    quantity: str
    encounter: str
    group: str
    method: str


class Measured(NamedTuple):
    """A measure with its Monte Carlo standard error."""

    value: float
    mcse: float
    trials: int  # that it is taken over


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


@dataclass
class Tally:
    """What the measures of one finding are made of, gathered shard by shard."""

    trials: int = 0
    n: Moments = NOTHING
    estimate: Moments = NOTHING
    squared_se: Moments = NOTHING
    judged: int = 0  # trials with a verdict: p, or limits
    rejected: int = 0
    limited: int = 0  # trials with limits
    covered: int = 0

    def add(self, rows: Mapping[str, Array], alpha: float, truth: float) -> None:
        """Add the trials of a shard."""
        self.trials += rows["n"].size
        self.n = self.n.merged(rows["n"])
        self.estimate = self.estimate.merged(rows["estimate"])
        self.squared_se = self.squared_se.merged(rows["se"] ** 2)
        lower, upper, p = rows["lower"], rows["upper"], rows["p"]
        limits = ~np.isnan(lower)
        verdict = np.where(np.isnan(p), (lower > 0) | (upper < 0), p < alpha)
        judged = ~np.isnan(p) | limits
        self.judged += int(judged.sum())
        self.rejected += int((verdict & judged).sum())
        self.limited += int(limits.sum())
        self.covered += int(((lower <= truth) & (truth <= upper)).sum())

    def measures(self, truth: Measured | None) -> dict[str, Measured]:
        """Every measure that can be taken, by name."""
        found = {"participants": self.n.measured}
        if self.estimate.n:
            found["mean"] = self.estimate.measured
        if self.judged:
            found["power"] = share(self.rejected, self.trials)
            found["not estimable"] = share(self.trials - self.judged, self.trials)
        if self.limited:
            k, sd = self.estimate.n, self.estimate.sd
            found["empirical SE"] = Measured(sd, sd / sqrt(2 * max(k - 1, 1)), k)
            found["model SE"] = _model_se(self.squared_se)
        if self.limited and truth is not None:
            mean = self.estimate.measured
            found["truth"] = truth
            found["bias"] = Measured(
                mean.value - truth.value, _both(mean.mcse, truth.mcse), mean.trials
            )
            found["coverage"] = share(self.covered, self.limited)
        return found


def share(events: int, trials: int) -> Measured:
    """A share of trials."""
    value = events / trials
    return Measured(value, sqrt(value * (1 - value) / trials), trials)


def _both(first: float, second: float) -> float:
    return sqrt(first**2 + second**2)


def _model_se(squared: Moments) -> Measured:
    mean = sqrt(squared.mean)
    error = squared.sd / (2 * sqrt(squared.n) * mean) if mean > 0 else nan
    return Measured(mean, error, squared.n)


def tallied(
    files: Iterable[Path], study: Study, truths: Mapping[Key, Measured] | None = None
) -> dict[Key, Tally]:
    """Gather the findings of the shards, one at a time and in order.

    Args:
        files: Shards, in the order of the trials.
        study: Whose plan says at what level each analysis is judged.
        truths: What each finding estimates.
    """
    levels = {
        one.name: one.level
        for one in study.planned().analyses
        if isinstance(one, ProportionAnalysis | NumberAnalysis)
    }
    tallies: dict[Key, Tally] = {}
    for file in files:
        frame = pl.read_parquet(BytesIO(file.read_bytes()))
        for rows in frame.partition_by(NAMES, maintain_order=True):
            key = Key(*(str(rows[name][0]) for name in NAMES))
            numbers = {name: rows[name].to_numpy() for name in NUMBERS}
            truth = (truths or {}).get(key)
            tally = tallies.setdefault(key, Tally())
            tally.add(numbers, 1 - levels.get(key.quantity, 0.95), truth.value if truth else nan)
    return tallies


def true_values(nothing_missing: Mapping[Key, Tally], study: Study) -> dict[Key, Measured]:
    """What each comparison is to estimate: its mean over trials in which nothing is missing.

    An analysis that an estimand of the plan names, as its own or as a sensitivity analysis, is to
    estimate that estimand: the value of the estimand's own analysis. Others estimate their own.
    """
    main = {
        name: estimand.analysis
        for estimand in study.planned().estimands
        for name in (estimand.analysis, *estimand.sensitivity)
    }
    found = {}
    for key, tally in nothing_missing.items():
        meant = key._replace(quantity=main.get(key.quantity, key.quantity))
        of = nothing_missing.get(meant, tally)
        if of.limited:
            found[key] = of.estimate.measured
    return found


def performance(
    tallies: Mapping[Key, Tally], truths: Mapping[Key, Measured] | None = None
) -> pl.DataFrame:
    """Every measure of every finding, a row each."""
    rows: list[Sequence[object]] = [
        (*key, measure, *measured)
        for key, tally in tallies.items()
        for measure, measured in tally.measures((truths or {}).get(key)).items()
    ]
    numbers = {"value": pl.Float64(), "mcse": pl.Float64(), "trials": pl.Int64()}
    schema = {name: numbers.get(name, pl.String()) for name in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")
