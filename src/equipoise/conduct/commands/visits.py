"""Commands about visits: held, missed, corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.days import before_end, day_in_study, whole
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.visits import VisitCorrected, VisitHeld, VisitMissed
from equipoise.conduct.schedule import schedule
from equipoise.errors import ConductError, nearest


@dataclass(frozen=True, slots=True)
class HoldVisit(Command):
    """Record that the participant came; a day outside the window is accepted, and shown as such."""

    NAME: ClassVar[str] = "hold visit"
    participant: str
    encounter: str
    on: PartialDate

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Each visit once, in the protocol's order, after screening of the randomised only."""
        _known(self.encounter, now)
        _ordered(self.encounter, self.on, now)
        if self.encounter in now.enrolled.visits.days:
            raise ConductError(f"{self.encounter} is recorded already; correct it")
        return (VisitHeld(self.encounter, self.on),)


@dataclass(frozen=True, slots=True)
class MissVisit(Command):
    """Record that the participant did not come, and why."""

    NAME: ClassVar[str] = "miss visit"
    participant: str
    encounter: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, and not before the visit's window opens."""
        because(self.reason)
        _known(self.encounter, now)
        who = now.enrolled
        if self.encounter in who.visits.days:
            raise ConductError(f"{self.encounter} is recorded already; correct it")
        for planned in schedule(now.study, who):
            if planned.encounter != self.encounter:
                continue
            if now.at.date() < planned.first:
                raise ConductError(
                    f"{self.encounter} is due from {planned.first} on; it is not missed before"
                )
            due = PartialDate.parse(planned.first.isoformat())
            before_end(f"the first day of {self.encounter}", due, now)
        return (VisitMissed(self.encounter),)


@dataclass(frozen=True, slots=True)
class CorrectVisit(Command):
    """Correct the day of a visit; without a day it was missed."""

    NAME: ClassVar[str] = "correct visit"
    participant: str
    encounter: str
    on: PartialDate | None
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is recorded, to something else."""
        because(self.reason)
        _known(self.encounter, now)
        days = now.enrolled.visits.days
        if self.encounter not in days:
            raise ConductError(f"{self.encounter} is not recorded yet; record it")
        if self.on is not None:
            _ordered(self.encounter, self.on, now)
        if days[self.encounter] == self.on:
            raise ConductError(f"{self.encounter} is recorded so already")
        return (VisitCorrected(self.encounter, self.on),)


def _known(encounter: str, now: Situation) -> None:
    encounters, who = now.study.encounters, now.enrolled
    if encounter not in encounters:
        raise ConductError(
            f"there is no encounter {encounter[:40]!r}; there are {', '.join(encounters)}."
            + nearest(encounter[:40], encounters)
        )
    if encounter != now.study.protocol.screening and who.randomised is None:
        raise ConductError(f"{who.id} is not randomised; {encounter} comes after that")


def _ordered(encounter: str, on: PartialDate, now: Situation) -> None:
    """Refuse a day before that of an earlier visit, or after that of a later one."""
    day, order = day_in_study(f"the day of {encounter}", on, now), list(now.study.encounters)
    for other, then in now.enrolled.visits.days.items():
        if then is None or other == encounter:
            continue
        before = order.index(other) < order.index(encounter)
        if (whole(then) > day) if before else (whole(then) < day):
            raise ConductError(
                f"{encounter} on {on} would be {'before' if before else 'after'} {other}, "
                f"held on {then}"
            )
