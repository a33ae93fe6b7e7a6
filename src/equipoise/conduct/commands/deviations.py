"""Commands that record what was not done as the protocol says, and class it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, past
from equipoise.conduct.deviations import CATEGORIES, SEVERITIES, implied
from equipoise.conduct.events.deviations import DeviationRecorded, DeviationReviewed
from equipoise.conduct.events.event import Event
from equipoise.errors import ConductError, nearest


@dataclass(frozen=True, slots=True)
class RecordDeviation(Command):
    """Record a deviation, seen by a person or found by a rule.

    Attributes:
        category: One of ``deviations.CATEGORIES``.
        severity: ``minor`` or ``major``, as the site sees it.
        on: When it happened.
        rule: The name of the finding, where ``deviations.implied`` lists it.
    """

    NAME: ClassVar[str] = "record deviation"
    participant: str
    category: str
    severity: str
    on: PartialDate
    text: str
    rule: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """A finding is recorded once, in its own category."""
        who = now.enrolled
        past("the day of the deviation", self.on, now.at)
        _severity(self.severity)
        if self.category not in CATEGORIES:
            raise ConductError(
                f"there is no category {self.category[:40]!r}; there are {', '.join(CATEGORIES)}."
                + nearest(self.category[:40], CATEGORIES)
            )
        if not 2 <= len(self.text.strip()) <= 2000 or "\0" in self.text:
            raise ConductError("say what happened, in 2 to 2000 characters")
        if self.rule is not None:
            found = {one.rule: one for one in implied(now.study, who)}
            if self.rule not in found or found[self.rule].category != self.category:
                raise ConductError(
                    f"{who.id}: the records tell no such deviation of {self.category}"
                )
            if self.rule in who.deviations.rules:
                raise ConductError(f"{who.id}: this deviation is recorded already")
        number = f"D{len(who.deviations.recorded) + 1}"
        said = (self.category, self.severity, self.on, self.text, self.rule)
        return (DeviationRecorded(number, *said),)


@dataclass(frozen=True, slots=True)
class ReviewDeviation(Command):
    """Decide how severe a deviation is, blinded, before the records are locked."""

    NAME: ClassVar[str] = "review deviation"
    participant: str
    deviation: str
    severity: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Review what is recorded; again, if it is classed otherwise."""
        who = now.enrolled
        _severity(self.severity)
        known = who.deviations.recorded.get(self.deviation)
        if known is None:
            raise ConductError(f"{who.id} has no deviation {self.deviation[:20]!r}")
        if known.reviewed_by and known.severity == self.severity:
            raise ConductError(f"{self.deviation} was reviewed as {self.severity} already")
        return (DeviationReviewed(self.deviation, self.severity),)


def _severity(severity: str) -> None:
    if severity not in SEVERITIES:
        raise ConductError(f"a deviation is {' or '.join(SEVERITIES)}, not {severity[:20]!r}")
