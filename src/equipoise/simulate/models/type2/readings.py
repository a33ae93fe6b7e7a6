"""What becomes of today's home readings: kept one by one, or counted when they are low."""

from __future__ import annotations

import numpy as np

from equipoise.simulate.arrays import Array
from equipoise.simulate.compiled import compiled
from equipoise.simulate.models.type2 import day as d
from equipoise.simulate.random import LANES


@compiled
def keep_readings(kept: Array, left: Array, s: Array, day: int, points: int) -> None:
    """Keep today's readings of those who are still in the study.

    Args:
        kept: Filled, (n, 5).
        left: Day of leaving, (n,).
        s: State, flat.
        day: Study day.
        points: How many were due today.
    """
    for lane in range(left.size):
        if day < left[lane]:
            for point in range(points):
                kept[lane, point] = s[d.POINT0 + point * LANES + lane]


@compiled
def count_low_days(
    lows: Array, left: Array, s: Array, day: int, points: int, below: tuple[int, int]
) -> None:
    """Count today, of those who are still in the study, where a reading is below a limit.

    Args:
        lows: Days so far by limit, (2, n).
        left: Day of leaving, (n,).
        s: State, flat.
        day: Study day.
        points: How many were due today.
        below: Limits, 0.1 mmol/L.
    """
    lowest = s[d.LOWEST : d.LOWEST + LANES]
    lowest[:] = np.inf
    for point in range(points):
        shown = s[d.POINT0 + point * LANES : d.POINT0 + (point + 1) * LANES]
        for lane in range(LANES):
            lowest[lane] = min(lowest[lane], shown[lane])
    for limit in range(2):
        days = lows[limit]
        for lane in range(left.size):
            low = lowest[lane] < below[limit] and day < left[lane]
            days[lane] += 1.0 if low else 0.0
