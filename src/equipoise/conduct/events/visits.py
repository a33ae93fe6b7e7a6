"""Visits: held, missed, and what was written down of them wrongly."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class VisitHeld(Event, frozen=True):
    """The participant came to an encounter."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    on: PartialDate


class VisitMissed(Event, frozen=True):
    """The participant did not come, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str


class VisitCorrected(Event, frozen=True):
    """A visit was on another day than recorded; without a day it was missed."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    on: PartialDate | None
