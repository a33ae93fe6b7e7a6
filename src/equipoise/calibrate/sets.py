"""Parameter sets that fit about equally well: what the published numbers leave open.

Adaptive importance sampling. Sets are drawn around the fit, the trials are lived with each, and a
set weighs ``exp(-distance / 2)`` over the density it was drawn from; the next round is drawn from a
normal distribution with the mean and covariance of the weighted sets. At the end sets are kept in
proportion to their weights. The distance is the sum of z² with account of their correlation (the
dose in U/d and in U/kg/d are one finding, not two), plus the pull to the middle of the bounds.

Source: Cappé O, Guillin A, Marin JM, Robert CP. Population Monte Carlo. J Comput Graph Stat
2004;13:907. Wood SN. Statistical inference for noisy nonlinear ecological dynamic systems. Nature
2010;466:1102 (distance in simulated covariance).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.random import Generator
from pydantic import Field
from scipy.stats import multivariate_normal

from equipoise.calibrate.crowd import with_values
from equipoise.calibrate.fit import Aim, Fit, Free, Progress, pull
from equipoise.errors import StudyError, nearest
from equipoise.protocol.bind import bind
from equipoise.protocol.model import Model, Name
from equipoise.protocol.tree import read_tree
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array

ROUNDS: Final = 3
WIDER: Final = 1.3  # covariance of the first round over that of the fit: weights then have no tails
FILE: Final = "ensemble.yaml"


@dataclass(frozen=True)
class Sets:
    """Parameter sets, each as likely as the others.

    Attributes:
        values: Of each set, by parameter.
        found: What each target becomes, (sets, targets).
        effective: Number of independent sets that the weighted draws of the last round are worth.
        drawn: How many were drawn and lived in all.
    """

    aim: Aim
    free: Free
    values: tuple[dict[str, float], ...]
    found: Array
    effective: float
    drawn: int


class _Round(NamedTuple):
    at: Array  # sets on the scale of 0 to 1, (draws, parameters)
    found: Array  # (draws, targets)
    weight: Array  # adds up to 1, (draws,)


def sets_around(fit: Fit, *, draws: int, keep: int, seed: int, progress: Progress) -> Sets:
    """Draw parameter sets that fit the published numbers about as well as the fit does.

    Args:
        fit: The best fit.
        draws: Sets drawn in each round.
        keep: Sets kept at the end.
        seed: Of the draws; the people are those of the fit.
        progress: Told of each set that is lived.
    """
    rng = np.random.default_rng([seed, 3])
    inverse = np.asarray(np.linalg.inv(fit.aim.likeness), dtype=np.float64)
    unit = np.eye(len(fit.free.names))
    centre = fit.free.at(fit.values)
    spread = np.asarray(
        WIDER * np.linalg.inv(fit.slopes.T @ inverse @ fit.slopes + 4.0 * unit), dtype=np.float64
    )
    for number in range(ROUNDS):
        told = _told(progress, number)
        done = _round(fit, inverse, (centre, spread), _drawn(centre, spread, draws, rng), told)
        centre = np.asarray(done.weight @ done.at, dtype=np.float64)
        away = done.at - centre
        moved = 0.8 * (away.T * done.weight) @ away + 0.2 * spread
        spread = np.asarray(moved, dtype=np.float64)
    chosen = _resampled(done.weight, keep, rng)
    return Sets(
        fit.aim,
        fit.free,
        tuple(fit.free.values(done.at[row]) for row in chosen),
        done.found[chosen],
        float(1.0 / (done.weight**2).sum()),
        ROUNDS * draws,
    )


def _told(progress: Progress, number: int) -> Progress:
    return lambda stage, done: progress(stage, (number + done) / ROUNDS)


def _drawn(centre: Array, spread: Array, draws: int, rng: Generator) -> Array:
    """Draws of a normal distribution within the bounds, (draws, parameters)."""
    found = np.empty((0, centre.size))
    while len(found) < draws:
        more = rng.multivariate_normal(centre, spread, size=4 * draws)
        found = np.vstack([found, more[((more >= 0.0) & (more <= 1.0)).all(axis=1)]])
    return found[:draws]


def _round(
    fit: Fit, inverse: Array, source: tuple[Array, Array], at: Array, progress: Progress
) -> _Round:
    """Live the trials with each set and weigh it."""
    found = np.empty((len(at), len(fit.aim.targets)))
    logs = np.empty(len(at))
    for row, one in enumerate(at):
        found[row] = fit.aim.reached(fit.free.values(one))
        z = fit.aim.z(found[row])
        logs[row] = -0.5 * (z @ inverse @ z + (pull(one) ** 2).sum())
        progress("Parameter sets that fit as well", (row + 1) / len(at))
    logs -= multivariate_normal(*source, allow_singular=True).logpdf(at)
    weight = np.exp(logs - logs.max())
    return _Round(at, found, weight / weight.sum())


def _resampled(weight: Array, keep: int, rng: Generator) -> list[int]:
    """Rows in proportion to their weights (systematic resampling)."""
    places = (np.arange(keep) + rng.random()) / keep
    return [int(row) for row in np.searchsorted(np.cumsum(weight), places * weight.sum())]


def written(sets: Sets, source: str) -> str:
    """``ensemble.yaml``: one row of values for each set."""
    rows = [", ".join(f"{x:.5g}" for x in one.values()) for one in sets.values]
    lines = [
        "# Parameter sets that fit published.yaml about equally well, each as likely as any other.",
        "# Forecasts that loop over them carry the uncertainty of the calibration.",
        f"# {source}",
        f"parameters: [{', '.join(sets.free.names)}]",
        "sets:",
        *(f"  - [{row}]" for row in rows),
    ]
    return "\n".join(lines) + "\n"


class Ensemble(Model):
    """``ensemble.yaml``."""

    parameters: tuple[Name, ...]
    sets: tuple[tuple[float, ...], ...] = Field(min_length=1)


def ensemble(study: Study) -> list[Study]:
    """The study once for each parameter set of its ``ensemble.yaml``; itself where it has none.

    Raises:
        StudyError: The file cannot be read, or is not one of this study's model.
    """
    path = study.folder / FILE
    if not path.is_file():
        return [study]
    tree = read_tree(path)
    read, problems = bind(tree, Ensemble)
    if read is None:
        raise StudyError(*problems)
    known = study.populated().parameters
    problems = [
        f"{FILE}: population.yaml has no parameter {name}.{nearest(name, known)} Calibrate again."
        for name in read.parameters
        if name not in known
    ]
    if any(len(one) != len(read.parameters) for one in read.sets):
        problems.append(f"{FILE}: give {len(read.parameters)} values in each set")
    if problems:
        raise StudyError(*problems)
    return [with_values(study, dict(zip(read.parameters, one, strict=True))) for one in read.sets]
