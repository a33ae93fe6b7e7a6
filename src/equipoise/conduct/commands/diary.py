"""Commands about the diary of home readings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.days import day_in_study, outside
from equipoise.conduct.events.diary import ReadingCorrected, ReadingsRecorded
from equipoise.conduct.events.event import Event
from equipoise.conduct.glucose import (
    HIGHEST,
    LEAST_MG,
    LOWEST,
    MG,
    MMOL,
    MOST_MG,
    beyond,
    counted,
    in_millimoles,
)
from equipoise.errors import ConductError, nearest

OTHER: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")  # the time of a reading beyond the plan
MOST: Final = 20_000  # readings of one command
_SHOWN: Final = {
    MMOL: (re.compile(r"[0-9]{1,2}(\.[0-9])?"), f"{LOWEST} to {HIGHEST} with one decimal at most"),
    MG: (re.compile(r"[0-9]{2,3}"), f"a whole number, {LEAST_MG} to {MOST_MG}"),
}
"""How a meter writes its readings in each unit."""

Reading = tuple[str, str, str]  # day, point of the day, what the meter shows


@dataclass(frozen=True, slots=True)
class RecordReadings(Command):
    """Record home readings: all of them, or none if one cannot be.

    Attributes:
        readings: Each its day, a point of the study's diary or, beyond those, the time of day such
            as ``03:10``, and what the meter shows: a number, or LO or HI where it has none.
        source: Where they stand: a page of the diary, a file of a meter.
        unit: mmol/L, with one decimal at most; or mg/dL, whole numbers, which are recorded in
            mmol/L, divided by 18.016.
    """

    NAME: ClassVar[str] = "record readings"
    participant: str
    readings: tuple[Reading, ...]
    source: str
    unit: str = MMOL

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record each day and point once; to change a reading, correct it."""
        if not 1 <= len(self.readings) <= MOST:
            raise ConductError(f"there are {len(self.readings)} readings; give 1 to {MOST:,}")
        if not 1 <= len(self.source.strip()) <= 200:
            raise ConductError("say where the readings stand, in 1 to 200 characters")
        if self.unit not in _SHOWN:
            raise ConductError(f"the unit is {self.unit[:40]!r}; it is {MMOL} or {MG}")
        recorded = list[Reading]()
        seen = set[tuple[str, str]]()
        for day, point, shown in self.readings:
            _check(PartialDate.parse(day), point, now)
            if (day, point) in seen:
                raise ConductError(f"{day} {point} is given twice; which reading is it?")
            seen.add((day, point))
            recorded.append((day, point, _millimoles(f"{day} {point}", shown, self.unit)))
        if cannot := left_out(recorded, now):
            (day, point), why = next(iter(cannot.items()))
            raise ConductError(
                f"{len(cannot)} of {len(seen)} readings cannot be recorded, the first: "
                f"{day} {point}: {why}. Leave them out, or correct them"
            )
        return (ReadingsRecorded(tuple(recorded), self.source),)


@dataclass(frozen=True, slots=True)
class CorrectReading(Command):
    """Replace a reading; without a value there was none, e.g. it was another person's."""

    NAME: ClassVar[str] = "correct reading"
    participant: str
    on: PartialDate
    point: str
    value: str | None
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is there, to something else."""
        because(self.reason)
        _check(self.on, self.point, now)
        day_in_study(f"the day of a {self.point} reading", self.on, now)
        value = self.value and _millimoles(f"{self.on} {self.point}", self.value, MMOL)
        known = now.enrolled.diary.readings
        if (str(self.on), self.point) not in known:
            raise ConductError(f"{self.on} {self.point} is not recorded yet; record it")
        if known[str(self.on), self.point] == value:
            raise ConductError(f"{self.on} {self.point} is {value or 'none'} already")
        return (ReadingCorrected(self.on, self.point, value),)


def left_out(readings: Iterable[Reading], now: Situation) -> dict[tuple[str, str], str]:
    """Readings in mmol/L that cannot be recorded now, by day and point: what stands against each.

    Raises:
        ConductError: There is no such participant, or the records are locked.
    """
    known, why = now.enrolled.diary.readings, {}
    for day, point, value in readings:
        if reason := outside(PartialDate.parse(day), now):
            why[day, point] = reason
        elif (day, point) in known:
            recorded = known[day, point]
            same = recorded is not None and counted(recorded) == counted(value)
            told = f"recorded as {recorded or 'none'}; correct it if wrong"
            why[day, point] = "recorded already" if same else told
    return why


def _check(on: PartialDate, point: str, now: Situation) -> None:
    """Demand a whole day, and a point of the study's diary."""
    diary = now.study.protocol.diary
    if diary is None:
        raise ConductError(f"{now.study.name} has no diary of home readings")
    if point not in diary.points and not OTHER.fullmatch(point):
        raise ConductError(
            f"{point[:40]!r} is no point of the diary; there are {', '.join(diary.points)}, or a "
            "time of day like 03:10 for a reading beyond these." + nearest(point[:40], diary.points)
        )
    if on.month is None or on.day is None:
        raise ConductError(f"the day of a {point} reading is {on}; give the whole date")


def _millimoles(where: str, shown: str, unit: str) -> str:
    """A reading as it is recorded.

    Raises:
        ConductError: No meter shows this in the unit.
    """
    if word := beyond(shown[:40]):
        return word
    written, words = _SHOWN[unit]
    value = in_millimoles(Decimal(shown), unit) if written.fullmatch(shown) else None
    if value is None or not LOWEST <= value <= HIGHEST:
        other = MG if unit == MMOL else MMOL
        raise ConductError(
            f"{where}: {shown[:40]!r} is no reading in {unit}, {words}; was it read in {other}? "
            f"Then say unit={other}"
        )
    return shown if unit == MMOL else str(value)
