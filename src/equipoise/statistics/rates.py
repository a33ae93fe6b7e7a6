"""Events over exposure: an incidence rate with its exact interval."""

from __future__ import annotations

from math import isfinite

from scipy.special import gammaincinv

from equipoise.errors import StatisticsError
from equipoise.statistics.estimate import Interval
from equipoise.statistics.inputs import checked_level


def incidence_rate(
    events: int, exposure: float, *, per: float = 1.0, level: float = 0.95
) -> Interval:
    """Events per unit of exposure with the exact Poisson interval.

    Args:
        events: Number of events; one participant may have several.
        exposure: Time at risk summed over participants, such as participant-years.
        per: Report the rate per this much exposure, such as 100 participant-years.
        level: Confidence level.

    Source: Garwood: Biometrika 1936;28:437.

    >>> [round(value, 2) for value in incidence_rate(3, 150.0, per=100)]
    [2.0, 0.41, 5.84]
    """
    if events < 0 or not float(events).is_integer():
        raise StatisticsError(f"{events} events: give a whole number from 0")
    if not (isfinite(exposure) and exposure > 0):
        raise StatisticsError(f"exposure {exposure}: give a time at risk above 0")
    if not (isfinite(per) and per > 0):
        raise StatisticsError(f"rate per {per}: give an exposure above 0, such as 100 years")
    tail = (1 - checked_level(level)) / 2
    unit = per / exposure
    lower = float(gammaincinv(events, tail)) if events > 0 else 0.0
    upper = float(gammaincinv(events + 1, 1 - tail))
    return Interval(events * unit, lower * unit, upper * unit)
