"""Departures from the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class DeviationRecorded(Event):
    """Something was not done as the protocol says; ``rule`` names what found it, if a rule did."""

    deviation: str  # D1, D2, … of the participant
    category: str
    severity: str  # minor or major
    on: PartialDate
    text: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class DeviationReviewed(Event):
    """A deviation was reviewed, and how severe it is was decided."""

    deviation: str
    severity: str
