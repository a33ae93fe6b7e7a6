"""Performance of the analyses over many trials, each measure with its Monte Carlo standard error.

Where trials are spread over parameter sets, a Monte Carlo error is that of the spread within sets,
and each measure has beside it what the sets make of it, see ``equipoise.trials.uncertainty``.

Source: Morris, White, Crowther: Statistics in Medicine 2019;38:2074, table 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from math import nan, sqrt
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import polars as pl

from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array
from equipoise.trials.finding import NAMES, NUMBERS
from equipoise.trials.measured import NOTHING, Measured, Moments, together
from equipoise.trials.uncertainty import drawn_together, over_sets

COLUMNS: Final = (*NAMES, "measure", *Measured._fields)


class Key(NamedTuple):
    """What a measure is of; see ``Finding``."""

    quantity: str
    encounter: str
    group: str
    method: str


class Truth(NamedTuple):
    """What a finding is to estimate.

    Attributes:
        measured: Over all parameter sets.
        sets: By number of the parameter set.
        near: The same, drawn together by what is Monte Carlo error: nearer to the truth where few
            trials told it.
    """

    measured: Measured
    sets: Mapping[int, Measured]
    near: Mapping[int, float]

    def value(self, number: int) -> float:
        """What is held to be the true value under a parameter set."""
        return self.near.get(number, self.measured.value)


@dataclass
class Tally:
    """What the measures of one finding are made of, gathered shard by shard."""

    n: Moments = NOTHING
    estimate: Moments = NOTHING
    squared_se: Moments = NOTHING
    rejected: Moments = NOTHING  # 1 or 0, of every trial
    silent: Moments = NOTHING  # 1 for trials without a verdict: neither p nor limits
    covered: Moments = NOTHING  # of trials with limits

    def add(self, rows: Mapping[str, Array], alpha: float, truth: float) -> None:
        """Add the trials of a shard."""
        lower, upper, p = rows["lower"], rows["upper"], rows["p"]
        limits = ~np.isnan(lower)
        judged = ~np.isnan(p) | limits
        verdict = np.where(np.isnan(p), (lower > 0) | (upper < 0), p < alpha) & judged
        covered = np.where(limits, (lower <= truth) & (truth <= upper), nan)
        self.n = self.n.merged(rows["n"])
        self.estimate = self.estimate.merged(rows["estimate"])
        self.squared_se = self.squared_se.merged(rows["se"] ** 2)
        self.rejected = self.rejected.merged(verdict.astype(np.float64))
        self.silent = self.silent.merged((~judged).astype(np.float64))
        self.covered = self.covered.merged(covered)

    def measures(self, truth: Measured | None) -> dict[str, Measured]:
        """Every measure that can be taken, by name."""
        found = {"participants": self.n.measured}
        if self.estimate.n:
            found["mean"] = self.estimate.measured
        if self.silent.mean < 1:
            found["power"], found["not estimable"] = self.rejected.measured, self.silent.measured
        if self.covered.n:
            k, sd = self.estimate.n, self.estimate.sd
            found["empirical SE"] = Measured(sd, sd / sqrt(2 * max(k - 1, 1)), k)
            found["model SE"] = _model_se(self.squared_se)
        if self.covered.n and truth is not None:
            mean = self.estimate.measured
            found["truth"] = truth
            error = sqrt(mean.mcse**2 + truth.mcse**2)
            found["bias"] = Measured(mean.value - truth.value, error, mean.trials)
            found["coverage"] = self.covered.measured
        return found


Tallies: TypeAlias = Mapping[int, Tally]  # by number of the parameter set


def _model_se(squared: Moments) -> Measured:
    mean = sqrt(squared.mean)
    error = squared.sd / (2 * sqrt(squared.n) * mean) if mean > 0 else nan
    return Measured(mean, error, squared.n)


def pooled(tallies: Tallies) -> Tally:
    """The trials of all parameter sets; what varies between sets is no Monte Carlo error."""
    parts = [tallies[number] for number in sorted(tallies)]
    return Tally(*(together([getattr(one, name.name) for one in parts]) for name in fields(Tally)))


def measures(tallies: Tallies, truth: Truth | None = None) -> dict[str, Measured]:
    """Every measure of a finding over all sets, with what the sets make of it."""
    found = pooled(tallies).measures(truth.measured if truth else None)
    by_set = [
        tally.measures(truth.sets.get(number) if truth else None)
        for number, tally in tallies.items()
    ]
    return {
        name: over_sets(measured, [one[name] for one in by_set if name in one])
        for name, measured in found.items()
    }


def tallied(
    files: Iterable[Path], study: Study, truths: Mapping[Key, Truth] | None = None
) -> dict[Key, dict[int, Tally]]:
    """Gather the findings of the shards, one at a time and in order, by parameter set.

    Args:
        files: Shards, in their order.
        study: Whose plan says at what level each analysis is judged.
        truths: What each finding estimates.
    """
    levels = {
        one.name: one.level
        for one in study.planned().analyses
        if isinstance(one, ProportionAnalysis | NumberAnalysis)
    }
    tallies: dict[Key, dict[int, Tally]] = {}
    for file in files:
        frame = pl.read_parquet(BytesIO(file.read_bytes()))
        under = int(frame["parameters"][0])
        for rows in frame.partition_by(NAMES, maintain_order=True):
            key = Key(*(str(rows[name][0]) for name in NAMES))
            numbers = {name: rows[name].to_numpy() for name in NUMBERS}
            truth = truths[key].value(under) if truths and key in truths else nan
            tally = tallies.setdefault(key, {}).setdefault(under, Tally())
            tally.add(numbers, 1 - levels.get(key.quantity, 0.95), truth)
    return tallies


def true_values(nothing_missing: Mapping[Key, Tallies], study: Study) -> dict[Key, Truth]:
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
    for key, tallies in nothing_missing.items():
        meant = key._replace(quantity=main.get(key.quantity, key.quantity))
        of = nothing_missing.get(meant, tallies)
        if pooled(of).covered.n:
            measured = pooled(of).estimate.measured
            sets = {number: one.estimate.measured for number, one in of.items() if one.estimate.n}
            near = dict(zip(sets, drawn_together(list(sets.values())), strict=True))
            found[key] = Truth(measured, sets, near)
    return found


def performance(
    tallies: Mapping[Key, Tallies], truths: Mapping[Key, Truth] | None = None
) -> pl.DataFrame:
    """Every measure of every finding, a row each."""
    rows: list[Sequence[object]] = [
        (*key, measure, *measured)
        for key, by_set in tallies.items()
        for measure, measured in measures(by_set, (truths or {}).get(key)).items()
    ]
    schema = dict.fromkeys(COLUMNS, pl.String()) | dict.fromkeys(Measured._fields, pl.Float64())
    return pl.DataFrame(rows, schema=schema | {"trials": pl.Int64()}, orient="row")
