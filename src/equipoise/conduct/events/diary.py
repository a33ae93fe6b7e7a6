"""The diary of home glucose readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class ReadingsRecorded(Event):
    """Home readings came in: each its day, point of the day, and value in mmol/L."""

    RECORDS: ClassVar[bool] = True
    readings: tuple[tuple[str, str, str], ...]
    source: str  # a diary page, a meter's file


@dataclass(frozen=True, slots=True)
class ReadingCorrected(Event):
    """A reading was replaced, for the reason in the envelope; without a value there was none."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    point: str
    value: str | None
