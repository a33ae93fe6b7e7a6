"""Visits: held, missed, and what was written down of them wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class VisitHeld(Event):
    """The participant came to an encounter."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    on: PartialDate


@dataclass(frozen=True, slots=True)
class VisitMissed(Event):
    """The participant did not come, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str


@dataclass(frozen=True, slots=True)
class VisitCorrected(Event):
    """A visit was on another day than recorded; without a day it was missed."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    on: PartialDate | None
