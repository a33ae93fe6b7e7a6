"""Fitting the calibrated parameters to the published numbers, all at once.

Sum of squares of z over the targets, each in units of its own sampling error, plus a weak pull of
every parameter to the middle of its bounds, worth one target at a bound: a parameter of which the
published numbers say nothing stays where it is plausible. The same people live through every trial
(common random numbers), so that a change of the sum is a change of the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.optimize import least_squares

from equipoise.calibrate.crowd import Crowd
from equipoise.calibrate.reached import reached
from equipoise.calibrate.targets import Target, targets_of
from equipoise.errors import StudyError, nearest
from equipoise.protocol.population import Parameter
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array
from equipoise.simulate.enrolment import with_values

Progress = Callable[[str, float], None]
STEP: Final = 0.06  # of a parameter's range: the difference from which a slope is taken
ROUNDS: Final = 12  # at most; each takes a slope for every parameter
TOLERANCE: Final = 3e-3  # of the sum of squares; simulated trials say no more


@dataclass(frozen=True)
class Free:
    """The parameters that are fitted, on a scale from 0 at ``low`` to 1 at ``high``."""

    names: tuple[str, ...]
    low: Array
    high: Array

    @classmethod
    def of(cls, study: Study, fixed: Sequence[str] = ()) -> Free:
        """Those that ``population.yaml`` marks as calibrated, without those that are ``fixed``.

        Raises:
            StudyError: There are none, one has no bounds, or a fixed one does not exist.
        """
        parameters = study.populated().parameters
        problems = [
            f"population.yaml: there is no parameter {name}.{nearest(name, parameters)}"
            for name in fixed
            if name not in parameters
        ]
        chosen = {
            name: one
            for name, one in parameters.items()
            if one.status == "calibrated" and name not in fixed
        }
        problems += [
            f"population.yaml: {name} is calibrated; give it low and high, with low below high"
            for name, one in chosen.items()
            if not _bounded(one)
        ]
        if not chosen:
            problems.append("population.yaml: no parameter has the status calibrated")
        if problems:
            raise StudyError(*problems)
        low = np.array([one.low for one in chosen.values()], dtype=np.float64)
        return cls(tuple(chosen), low, np.array([one.high for one in chosen.values()], np.float64))

    def values(self, at: Array) -> dict[str, float]:
        """The parameters at a point of the scale, to the digits that are kept in files."""
        found = self.low + at * (self.high - self.low)
        return {name: float(f"{x:.5g}") for name, x in zip(self.names, found, strict=True)}

    def at(self, values: Mapping[str, float]) -> Array:
        """The point of the scale at which the parameters have these values."""
        x = np.array([values[name] for name in self.names], dtype=np.float64)
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)


def _bounded(parameter: Parameter) -> bool:
    low, high = parameter.low, parameter.high
    return low is not None and high is not None and low < high


@dataclass(frozen=True)
class Aim:
    """What is fitted to: targets, their sampling errors, and the people who live the trials.

    Attributes:
        errors: Standard error of each target, (targets,).
        likeness: Correlation of the targets' sampling errors over trials, (targets, targets).
    """

    crowd: Crowd
    targets: tuple[Target, ...]
    errors: Array
    likeness: Array

    @classmethod
    def of(cls, study: Study, *, trials: int, seed: int) -> Aim:
        """The targets of a study; what nothing printed gives an error is taken from simulation."""
        targets, crowd = targets_of(study), Crowd(study, range(trials), seed)
        found = reached(targets, crowd.live())
        spread = np.nanstd(found, axis=1, ddof=1)
        errors = np.array(
            [
                known if (known := target.error) is not None else seen
                for target, seen in zip(targets, spread, strict=True)
            ]
        )
        return cls(crowd, targets, errors, _likeness(found))

    def held(self, study: Study) -> Aim:
        """The same aim for a study that differs in its numbers only."""
        return replace(self, crowd=replace(self.crowd, study=study))

    def reached(self, values: Mapping[str, float]) -> Array:
        """Mean over trials of what each target becomes with these parameters, (targets,)."""
        study = with_values(self.crowd.study, values)
        return np.asarray(np.nanmean(reached(self.targets, self.crowd.live(study)), axis=1))

    def z(self, found: Array) -> Array:
        """Distance of each target from what was published, in sampling errors, (targets,)."""
        z = (found - np.array([target.value for target in self.targets])) / self.errors
        beyond = {"": (-np.inf, np.inf), "at least": (-np.inf, 0.0), "at most": (0.0, np.inf)}
        low, high = np.array([beyond[target.bound] for target in self.targets]).T
        return np.asarray(np.clip(z, low, high))


def _likeness(found: Array) -> Array:
    """Correlation over trials, a tenth of it taken away so that it can be inverted."""
    centred = np.nan_to_num(found - np.nanmean(found, axis=1, keepdims=True))
    size = np.sqrt((centred**2).mean(axis=1))
    scaled = centred / np.where(size > 0.0, size, 1.0)[:, None]
    correlation = 0.9 * scaled @ scaled.T / found.shape[1]
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation)


@dataclass(frozen=True)
class Fit:
    """Where the fit ended.

    Attributes:
        values: The fitted parameters.
        found: What each target becomes, (targets,).
        slopes: Change of each z with each parameter over its whole range, (targets, parameters).
        evaluations: How often the trials were lived.
    """

    aim: Aim
    free: Free
    values: dict[str, float]
    found: Array
    slopes: Array
    evaluations: int

    @property
    def z(self) -> Array:
        """Of each target."""
        return self.aim.z(self.found)

    @property
    def sum_of_squares(self) -> float:
        """Of z over the targets."""
        return float((self.z**2).sum())

    @property
    def worst(self) -> float:
        """Largest |z| of a mean, median, percentage or count."""
        central = [target.central for target in self.aim.targets]
        return float(np.abs(self.z[central]).max())


def pull(at: Array) -> Array:
    """Distance from the middle of the bounds: 1 at either of them."""
    return 2.0 * at - 1.0


@dataclass
class _Lives:
    """Every point at which the trials were lived, so that none is lived twice."""

    aim: Aim
    free: Free
    most: int  # about how often they will be lived
    progress: Progress
    known: dict[bytes, Array] = field(default_factory=dict)

    def found(self, at: Array) -> Array:
        """What each target becomes."""
        name = at.tobytes()
        if name not in self.known:
            self.known[name] = self.aim.reached(self.free.values(at))
            best = min(float((self.aim.z(one) ** 2).sum()) for one in self.known.values())
            self.progress(f"Fitting: sum of z² {best:.1f}", min(1.0, len(self.known) / self.most))
        return self.known[name]

    def z(self, at: Array) -> Array:
        """Of each target."""
        return self.aim.z(self.found(at))

    def slopes(self, at: Array) -> Array:
        """Change of each z with each parameter over its range, (targets, parameters)."""
        columns = []
        for number in range(at.size):
            step = STEP if at[number] + STEP <= 1.0 else -STEP
            moved = at.copy()
            moved[number] += step
            columns.append((self.z(moved) - self.z(at)) / step)
        return np.array(columns).T


def fit(aim: Aim, free: Free, start: Array, progress: Progress) -> Fit:
    """Fit by Gauss-Newton steps within the bounds (SciPy's trust-region reflective method).

    Args:
        aim: What is fitted to.
        free: The parameters.
        start: From where, on the scale of 0 to 1.
        progress: Told of each time that the trials are lived.
    """
    lives = _Lives(aim, free, ROUNDS * (len(free.names) + 2), progress)
    unit = np.eye(len(free.names))
    done = least_squares(
        lambda at: np.concatenate([lives.z(at), pull(at)]),
        np.clip(start, 1e-3, 1.0 - 1e-3),
        lambda at: np.concatenate([lives.slopes(at), 2.0 * unit]),
        bounds=(0.0, 1.0),
        ftol=TOLERANCE,
        xtol=TOLERANCE,
        max_nfev=ROUNDS,
    )
    slopes = done.jac[: len(aim.targets)]
    return Fit(aim, free, free.values(done.x), lives.found(done.x), slopes, len(lives.known))


def judge(aim: Aim, free: Free, at: Array, progress: Progress) -> Fit:
    """The parameters as they are, with slopes, and nothing fitted."""
    lives = _Lives(aim, free, len(free.names) + 1, progress)
    return Fit(aim, free, free.values(at), lives.found(at), lives.slopes(at), len(lives.known))
