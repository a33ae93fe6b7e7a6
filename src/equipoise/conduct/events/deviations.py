"""Departures from the protocol."""

from __future__ import annotations

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class DeviationRecorded(Event, frozen=True):
    """Something was not done as the protocol says; ``rule`` names what found it, if a rule did."""

    deviation: str  # D1, D2, … of the participant
    category: str
    severity: str  # minor or major
    on: PartialDate
    text: str
    rule: str | None


class DeviationReviewed(Event, frozen=True):
    """A deviation was reviewed, and how severe it is was decided."""

    deviation: str
    severity: str
