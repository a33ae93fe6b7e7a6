"""When a visit is due, and how its date is counted.

Days are counted from the day of the first dose: 0 is that day itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple

IN_WINDOW: Final = 0
EARLY: Final = 1
LATE: Final = 2

TIMINGS: Final = ("in window", "early", "late")


class Window(NamedTuple):
    """The days on which an encounter may take place."""

    day: int  # planned, days from the first dose
    before: int  # days allowed before it
    after: int  # days allowed after it


def timing(day: int, window: Window) -> int:
    """Say whether a visit was in its window, or outside it: early or late.

    Args:
        day: Day of the visit, days from the first dose.
        window: The encounter's days.

    >>> TIMINGS[timing(60, Window(day=63, before=3, after=7))]
    'in window'
    """
    if day < window.day - window.before:
        return EARLY
    if day > window.day + window.after:
        return LATE
    return IN_WINDOW


def study_day(day: int) -> int:
    """The study day as it is tabulated: the first dose is on day 1, the day before it is day -1.

    Args:
        day: Days from the first dose.

    Source: CDISC SDTMIG 3.4, section 4.4.4: there is no study day 0.

    >>> [study_day(day) for day in (-1, 0, 1)]
    [-1, 1, 2]
    """
    return day + 1 if day >= 0 else day
