"""How many participants give the power that is wanted: a probit curve through simulated sizes.

Power rises with the square root of the number of participants, nearly as a normal distribution
function. Each size is simulated with trials of its own, so that their Monte Carlo errors are
independent and the limits of the size are honest.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, sqrt
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.errors import StudyError
from equipoise.simulate.arrays import Array
from equipoise.trials.measured import Measured

ROUNDS: Final = 6
MOST: Final = 4000  # participants; a larger trial is not sought


class Point(NamedTuple):
    """Power at a size."""

    participants: int
    power: Measured


class Curve(NamedTuple):
    """The probit of power as a straight line of the square root of the participants."""

    intercept: float
    slope: float
    covariance: Array  # (2, 2), of Monte Carlo errors

    def power(self, participants: float) -> float:
        """Power at a size by the curve."""
        return float(ndtr(self.intercept + self.slope * sqrt(participants)))


class Size(NamedTuple):
    """What a search for the size found.

    Attributes:
        wanted: Power asked for.
        participants: The smallest size, a multiple of the arms' shares, at which the curve has it.
        lower: Lower 95 % limit of that size by Monte Carlo error.
        upper: Upper limit; infinite where the simulations cannot exclude that no size is enough.
        points: The sizes that were simulated.
    """

    wanted: float
    participants: int
    lower: float
    upper: float
    curve: Curve
    points: tuple[Point, ...]


def find_size(power_at: Callable[[int], Measured], *, start: int, step: int, wanted: float) -> Size:
    """Search the size with the power that is wanted.

    Args:
        power_at: Simulates the power of a trial of so many participants, each time independently.
        start: The first size that is tried.
        step: Sizes are multiples of it.
        wanted: From 0.05 to 0.999.

    Raises:
        StudyError: Power does not rise with the size, or the size would be above ``MOST``.
    """
    if not 0.05 < wanted < 0.999:
        raise StudyError(f"--power {wanted}: give a share between 0.05 and 0.999, such as 0.8")
    points: dict[int, Measured] = {}
    next_size = _multiple(start, step)
    for _ in range(ROUNDS):
        points[next_size] = power_at(next_size)
        guess = _next(points, wanted, step)
        if guess in points and len(points) > 2:
            break
        while guess in points:
            guess += step
        next_size = guess
    tried = tuple(Point(size, points[size]) for size in sorted(points))
    curve = fitted(tried)
    if curve.slope <= 0:
        raise StudyError(
            "power does not rise with the number of participants: "
            + ", ".join(f"{one.participants}: {one.power.value:.3f}" for one in tried)
            + ". Is there an effect to be found? Give more --trials."
        )
    exact = _solve(curve, wanted)
    if exact > MOST:
        raise StudyError(
            f"power {wanted} needs more than {MOST} participants; the largest tried, "
            f"{tried[-1].participants}, has {tried[-1].power.value:.3f}"
        )
    lower, upper = _limits(curve, wanted)
    return Size(wanted, _multiple(ceil(exact), step), lower, upper, curve, tried)


def _multiple(size: int, step: int) -> int:
    """The next multiple of the step, and at least two of them."""
    return max(2 * step, step * ceil(size / step))


def _next(points: dict[int, Measured], wanted: float, step: int) -> int:
    """Where to look next: by the curve, or by normal theory; at most thrice as far."""
    sizes = sorted(points)
    guess = 0.0
    if len(points) > 1:
        curve = fitted([Point(size, points[size]) for size in sizes])
        guess = _solve(curve, wanted) if curve.slope > 0 else 2.0 * sizes[-1]
    else:
        seen = _probit(points[sizes[0]])
        guess = sizes[0] * ((1.96 + float(ndtri(wanted))) / max(1.96 + seen, 0.5)) ** 2
    bounded = min(max(guess, sizes[0] / 3), 3.0 * sizes[-1], float(MOST))
    return _multiple(floor(bounded), step)


def _probit(power: Measured) -> float:
    """The probit of a simulated power, kept off 0 and 1 by half a trial."""
    edge = 0.5 / power.trials
    return float(ndtri(min(max(power.value, edge), 1 - edge)))


def fitted(points: list[Point] | tuple[Point, ...]) -> Curve:
    """The straight line by weighted least squares; each point weighs by its Monte Carlo error.

    Source: Finney: Probit Analysis, 3rd ed., Cambridge 1971, chapter 4; one step of it.
    """
    roots = np.array([sqrt(one.participants) for one in points])
    probits = np.array([_probit(one.power) for one in points])
    density = np.exp(-(probits**2) / 2) / sqrt(2 * np.pi)
    share = ndtr(probits)
    trials = np.array([one.power.trials for one in points])
    weights = trials * density**2 / (share * (1 - share))
    design = np.stack([np.ones_like(roots), roots], axis=1)
    information = design.T @ (weights[:, None] * design)
    covariance = np.linalg.pinv(information)
    intercept, slope = covariance @ design.T @ (weights * probits)
    return Curve(float(intercept), float(slope), covariance)


def _solve(curve: Curve, wanted: float) -> float:
    return max((float(ndtri(wanted)) - curve.intercept) / curve.slope, 0.0) ** 2


def _limits(curve: Curve, wanted: float) -> tuple[float, float]:
    """Fieller's limits of the size.

    Source: Fieller: Journal of the Royal Statistical Society B 1954;16:175.
    """
    a, b, v = curve.intercept - float(ndtri(wanted)), curve.slope, curve.covariance
    z2 = 1.96**2
    # (a + b r)^2 = z2 (v00 + 2 r v01 + r^2 v11)
    square, linear, constant = b**2 - z2 * v[1, 1], 2 * (a * b - z2 * v[0, 1]), a**2 - z2 * v[0, 0]
    inside = linear**2 - 4 * square * constant
    if square <= 0 or inside < 0:
        return 0.0, float("inf")
    lower = (-linear - sqrt(inside)) / (2 * square)
    upper = (-linear + sqrt(inside)) / (2 * square)
    return max(lower, 0.0) ** 2, max(upper, 0.0) ** 2
