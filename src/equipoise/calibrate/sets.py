"""Parameter sets that fit about equally well: what the published numbers leave open.

Had other people taken part, other numbers would have been published and other values fitted. How
the fit would move follows from its slopes and from how the targets vary together over simulated
trials (the dose in U/d and in U/kg/d are one finding, not two): the covariance of least squares
under correlated errors. Sets are drawn from it within the bounds, the trials are lived with each,
and a set is kept when its distance, the sum of z² with the pull, is within what chance allows of
the best: approximate Bayesian computation by rejection.

Source: White H. Econometrica 1980;48:817 (covariance); Wilks SS. Ann Math Stat 1938;9:60 (what
chance allows); Beaumont MA et al. Genetics 2002;162:2025 (rejection). Importance weights instead
of rejection leave a handful of sets in as many dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from pydantic import Field
from scipy import stats

from equipoise.calibrate.fit import Aim, Fit, Free, Progress, pull
from equipoise.errors import StudyError, nearest
from equipoise.protocol.bind import bind
from equipoise.protocol.model import Model, Name
from equipoise.protocol.tree import read_tree
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array
from equipoise.simulate.enrolment import with_values

CHANCE: Final = 0.95  # of all sets that chance would give, so many are near enough
PATIENCE: Final = 20  # sets drawn for each that is wanted, at most
FILE: Final = "ensemble.yaml"


@dataclass(frozen=True)
class Sets:
    """Parameter sets, each as likely as the others.

    Attributes:
        values: Of each set, by parameter.
        found: What each target becomes, (sets, targets).
        drawn: How many were drawn and lived in all.
    """

    aim: Aim
    free: Free
    values: tuple[dict[str, float], ...]
    found: Array
    drawn: int


def sets_around(fit: Fit, *, keep: int, seed: int, progress: Progress) -> Sets:
    """Draw parameter sets that fit the published numbers about as well as the fit does.

    Args:
        fit: The best fit.
        keep: Sets wanted.
        seed: Of the draws; the people are those of the fit.
        progress: Told of each set that is lived.
    """
    best = fit.free.at(fit.values)
    near = _distance(fit.z, best) + float(stats.chi2.isf(1.0 - CHANCE, best.size))
    kept: list[tuple[dict[str, float], Array]] = []
    drawn = 0
    for at in _draws(fit, best, seed):
        if len(kept) == keep or drawn == PATIENCE * keep:
            break
        values, drawn = fit.free.values(at), drawn + 1
        found = fit.aim.reached(values)
        if _distance(fit.aim.z(found), at) <= near:
            kept.append((values, found))
        progress("Parameter sets that fit as well", len(kept) / keep)
    if not kept:
        raise StudyError(f"none of {drawn} parameter sets fits about as well; fit with more trials")
    return Sets(
        fit.aim,
        fit.free,
        tuple(values for values, _ in kept),
        np.array([found for _, found in kept]),
        drawn,
    )


def _distance(z: Array, at: Array) -> float:
    return float((z**2).sum() + (pull(at) ** 2).sum())


def _draws(fit: Fit, best: Array, seed: int) -> Iterator[Array]:
    """Where the fit might have ended: a normal distribution within the bounds."""
    rng = np.random.default_rng([seed, 3])
    unit = np.eye(best.size)
    inverse = np.linalg.inv(fit.slopes.T @ fit.slopes + 4.0 * unit)
    spread = inverse @ (fit.slopes.T @ fit.aim.likeness @ fit.slopes + 4.0 * unit) @ inverse
    while True:
        at = rng.multivariate_normal(best, spread)
        if ((at >= 0.0) & (at <= 1.0)).all():
            yield at


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
    """The study once for each parameter set of its ``ensemble.yaml``; itself where it has none."""
    return [with_values(study, one) for one in parameter_sets(study)] or [study]


def parameter_sets(study: Study) -> tuple[dict[str, float], ...]:
    """The parameter sets of the study's ``ensemble.yaml``, by name; none where it has none.

    Raises:
        StudyError: The file cannot be read, or is not one of this study's model.
    """
    path = study.folder / FILE
    if not path.is_file():
        return ()
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
    return tuple(dict(zip(read.parameters, one, strict=True)) for one in read.sets)
