"""The diary of home glucose readings."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class ReadingsRecorded(Event, frozen=True):
    """Home readings came in: each its day, point or time of the day, and value in mmol/L."""

    RECORDS: ClassVar[bool] = True
    readings: tuple[tuple[str, str, str], ...]
    source: str  # a diary page, a meter's file


class ReadingCorrected(Event, frozen=True):
    """A reading was replaced, for the reason in the envelope; without a value there was none."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    point: str
    value: str | None
