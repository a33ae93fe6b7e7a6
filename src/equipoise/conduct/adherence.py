"""How well the diary is kept: the readings of each week beside those that the protocol asks for.

Readings at other times than the diary's points are recorded too, and count for nothing here.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Final, NamedTuple

from equipoise.conduct.schedule import day_zero
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.whole import Study

WEEK: Final = timedelta(days=7)


class Week(NamedTuple):
    """A week of the diary; week 0 begins with the first dose."""

    number: int
    first: date
    readings: int
    asked: int
    profiles: int  # days with a reading at every point
    profiles_asked: int


def adherence(study: Study, who: Participant, on: date) -> tuple[Week, ...]:
    """Every week of a participant that ended before a day; none without a diary or a first dose.

    The last week is that before the last planned encounter, or in which the participant left.

    Raises:
        UnknownValueError: The protocol does not say how many readings it asks for.
    """
    diary, zero = study.protocol.diary, day_zero(study, who)
    if diary is None or zero is None:
        return ()
    asked = diary.readings_per_week.known("diary.readings_per_week")
    profiles_asked = diary.profile_days_per_week.known("diary.profile_days_per_week")
    readings = Counter(
        day
        for (day, point), value in who.diary.readings.items()
        if value is not None and point in diary.points
    )
    end = min(on, zero + timedelta(days=study.protocol.encounters[-1].day))
    left = who.disposition.left
    if left is not None:
        end = min(end, date(left.year, left.month or 12, left.day or 28))
    weeks = []
    for number in range((end - zero) // WEEK):
        first = zero + number * WEEK
        days = [readings[str(first + timedelta(days=n))] for n in range(7)]
        profiles = sum(count == len(diary.points) for count in days)
        weeks.append(Week(number, first, sum(days), asked, profiles, profiles_asked))
    return tuple(weeks)
