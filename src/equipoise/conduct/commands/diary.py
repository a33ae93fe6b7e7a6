"""Commands about the diary of home readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.days import day_in_study
from equipoise.conduct.events.diary import ReadingCorrected, ReadingsRecorded
from equipoise.conduct.events.event import Event
from equipoise.errors import ConductError, nearest

LOWEST: Final = Decimal("0.6")  # mmol/L that a home meter shows; Accu-Chek meters: 10-600 mg/dL
HIGHEST: Final = Decimal("33.3")
MOST: Final = 20_000  # readings of one command
_VALUE: Final = re.compile(r"[0-9]{1,2}(\.[0-9])?")

Reading = tuple[str, str, str]  # day, point of the day, mmol/L


@dataclass(frozen=True, slots=True)
class RecordReadings(Command):
    """Record home readings: all of them, or none if one cannot be.

    Attributes:
        readings: Each its day, a point of the study's diary, and mmol/L with one decimal at most.
        source: Where they stand: a page of the diary, a file of a meter.
    """

    NAME: ClassVar[str] = "record readings"
    participant: str
    readings: tuple[Reading, ...]
    source: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record each day and point once; to change a reading, correct it."""
        if not 1 <= len(self.readings) <= MOST:
            raise ConductError(f"there are {len(self.readings)} readings; give 1 to {MOST:,}")
        if not 1 <= len(self.source.strip()) <= 200:
            raise ConductError("say where the readings stand, in 1 to 200 characters")
        known, seen = now.enrolled.diary.readings, set[tuple[str, str]]()
        recorded = []
        for day, point, value in self.readings:
            _check(PartialDate.parse(day), point, value, now)
            if (day, point) in seen:
                raise ConductError(f"{day} {point} is given twice; which reading is it?")
            seen.add((day, point))
            if (day, point) in known:
                recorded.append(f"{day} {point}")
        if recorded:
            raise ConductError(
                f"{len(recorded)} of {len(seen)} readings are recorded already "
                f"({', '.join(recorded[:3])}{' ...' if len(recorded) > 3 else ''}); leave them "
                "out, or correct them"
            )
        return (ReadingsRecorded(self.readings, self.source),)


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
        _check(self.on, self.point, self.value, now)
        known = now.enrolled.diary.readings
        if (str(self.on), self.point) not in known:
            raise ConductError(f"{self.on} {self.point} is not recorded yet; record it")
        if known[str(self.on), self.point] == self.value:
            raise ConductError(f"{self.on} {self.point} is {self.value or 'none'} already")
        return (ReadingCorrected(self.on, self.point, self.value),)


def _check(on: PartialDate, point: str, value: str | None, now: Situation) -> None:
    diary = now.study.protocol.diary
    if diary is None:
        raise ConductError(f"{now.study.name} has no diary of home readings")
    if point not in diary.points:
        raise ConductError(
            f"{point[:40]!r} is no point of the diary; there are {', '.join(diary.points)}."
            + nearest(point[:40], diary.points)
        )
    day_in_study(f"the day of a {point} reading", on, now)
    if value is None:
        return
    if not _VALUE.fullmatch(value) or not LOWEST <= Decimal(value) <= HIGHEST:
        raise ConductError(
            f"{on} {point}: {value[:40]!r} is no reading in mmol/L, {LOWEST} to {HIGHEST} with one "
            "decimal at most; was it read in mg/dL?"
        )
