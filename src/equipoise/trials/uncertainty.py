"""What is not known of the model's numbers: how far a measure differs between parameter sets.

Each set of the ensemble fits the published results about as well as any other, and trials are
spread evenly over them, so the mean over trials is the mean over sets: of power, the chance that a
trial shows the effect, given what is known (assurance). Measured set by set, values differ by Monte
Carlo error too. Its mean square is taken off their variance (method of moments), and their
distances from the mean are shrunk until they have what is left.

Source: Cochran WG. Biometrics 1954;10:101 (moments); Louis TA. J Am Stat Assoc 1984;79:393
(shrinking to the right spread, not further); O'Hagan A et al. Pharm Stat 2005;4:187 (assurance).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

import numpy as np

from equipoise.simulate.arrays import Array
from equipoise.trials.measured import Measured

ENOUGH: Final = 20  # trials in each set, without which Monte Carlo error hides what sets differ by
LIMITS: Final = (0.05, 0.95)  # shares of the sets below the limits


def over_sets(measured: Measured, sets: Sequence[Measured]) -> Measured:
    """A measure with its spread between sets, and the limits that hold 90 % of them.

    Args:
        measured: Over all trials.
        sets: Of the trials of each set, with their Monte Carlo errors.
    """
    if len(sets) < 2 or min(one.trials for one in sets) < ENOUGH:
        return measured
    values, left = _left(sets)
    lower, upper = np.quantile(measured.value + sqrt(left) * (values - values.mean()), LIMITS)
    spread = sqrt(left) * float(values.std(ddof=1))
    return measured._replace(spread=spread, lower=float(lower), upper=float(upper))


def drawn_together(sets: Sequence[Measured]) -> list[float]:
    """The value of each set, nearer to the mean of all the more of its distance is by chance."""
    if len(sets) < 2:
        return [one.value for one in sets]
    values, left = _left(sets)
    drawn: list[float] = (values.mean() + left * (values - values.mean())).tolist()
    return drawn


def _left(sets: Sequence[Measured]) -> tuple[Array, float]:
    """Values of the sets, and which share of their variance is not Monte Carlo error."""
    values = np.array([one.value for one in sets])
    noise = np.array([one.mcse for one in sets])
    seen = float(values.var(ddof=1))
    if seen == 0.0 or np.isnan(noise).any():
        return values, 0.0
    return values, max(0.0, 1.0 - float((noise**2).mean()) / seen)
