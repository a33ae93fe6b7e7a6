"""Commands that change a participant's place in the trial after randomisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.conduct import titrating
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because, whole_day
from equipoise.conduct.commands.days import day_in_study, whole
from equipoise.conduct.commands.participant import known_cause
from equipoise.conduct.commands.titration import prescribable
from equipoise.conduct.events.disposition import (
    LateContact,
    MedicineRestarted,
    MedicineStopped,
    StudyCompleted,
    TreatmentDiscontinued,
)
from equipoise.conduct.events.event import Event
from equipoise.errors import ConductError

LATE: Final = ("nothing", "reported", "not reached", "declined")
"""What a contact after the study found."""


@dataclass(frozen=True, slots=True)
class DiscontinueTreatment(Command):
    """No further dose of the product; the participant stays in the study and is followed up."""

    NAME: ClassVar[str] = "discontinue treatment"
    participant: str
    cause: str
    on: PartialDate
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, with a cause that the records know."""
        because(self.reason)
        known_cause(self.cause)
        who = now.enrolled
        day_in_study("the day of discontinuation", self.on, now)
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised; there is no treatment yet")
        if who.disposition.discontinued:
            raise ConductError(f"{who.id} discontinued on {who.disposition.discontinued} already")
        return (TreatmentDiscontinued(self.cause, self.on),)


@dataclass(frozen=True, slots=True)
class StopMedicine(Command):
    """Stop the titrated medicine, at a contact or between two."""

    NAME: ClassVar[str] = "stop medicine"
    participant: str
    on: PartialDate
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Stop what is given; a proposal that waits is decided first."""
        because(self.reason)
        titrating.planned(now.study)
        who, day = now.enrolled, day_in_study("the day of the stop", self.on, now)
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised")
        if who.medicine.stopped:
            raise ConductError(f"{who.id}: the medicine was stopped on {who.medicine.stopped}")
        if who.medicine.waiting:
            raise ConductError(
                f"{who.id}: a proposal of {who.medicine.waiting.on} waits; decide it: stopped"
            )
        if who.medicine.since and day < whole(who.medicine.since):
            raise ConductError(f"{who.id}: the last contact was later, on {who.medicine.since}")
        return (MedicineStopped(self.on),)


@dataclass(frozen=True, slots=True)
class RestartMedicine(Command):
    """Give the titrated medicine again, with a dose in U/d; titration goes on from there."""

    NAME: ClassVar[str] = "restart medicine"
    participant: str
    on: PartialDate
    dose: int
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only what was stopped, not before it was."""
        because(self.reason)
        prescribable(now.study, self.dose)
        who, day = now.enrolled, day_in_study("the day of the restart", self.on, now)
        stopped = who.medicine.stopped
        if stopped is None:
            raise ConductError(f"{who.id}: the medicine is not stopped")
        if day < whole(stopped):
            raise ConductError(f"{who.id}: the medicine was stopped later, on {stopped}")
        if self.dose == 0:
            raise ConductError("a restart needs a dose above 0 U/d")
        return (MedicineRestarted(self.on, self.dose),)


@dataclass(frozen=True, slots=True)
class ContactLate(Command):
    """Ask for late effects, after a participant left or completed the study, or after the lock.

    Attributes:
        found: nothing, reported (as an adverse event), not reached, or declined.
        text: What was asked, of whom, and what was said.
    """

    NAME: ClassVar[str] = "contact late"
    participant: str
    on: PartialDate
    found: str
    text: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """As often as it happens; what is found is reported as an adverse event."""
        who, ended = now.present, now.present.disposition
        whole_day("the day of the contact", self.on, now.at)
        end = ended.left or ended.completed
        if end is None:
            raise ConductError(f"{who.id} is in the study; a contact is a visit there")
        if whole(self.on) < whole(end):
            raise ConductError(f"the contact was on {self.on}; {who.id} was in the study to {end}")
        if self.found not in LATE:
            raise ConductError(f"{self.found[:40]!r} was found; it is one of {', '.join(LATE)}")
        if not 2 <= len(self.text.strip()) <= 2000:
            raise ConductError("say what was asked and what was said, in 2 to 2000 characters")
        return (LateContact(self.on, self.found, self.text),)


@dataclass(frozen=True, slots=True)
class CompleteStudy(Command):
    """Declare that the participant came to the end of the study."""

    NAME: ClassVar[str] = "complete study"
    participant: str
    on: PartialDate

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, on or after the day of the last visit."""
        who, last = now.active, now.study.protocol.encounters[-1].name
        day = day_in_study("the day of completion", self.on, now)
        if who.disposition.completed:
            raise ConductError(f"{who.id} completed the study on {who.disposition.completed}")
        came = who.visits.held(last)
        if came is None or day < whole(came):
            raise ConductError(f"{who.id}: hold {last} first, the last visit of the study")
        if who.medicine.waiting:
            raise ConductError(f"{who.id}: decide the proposal of {who.medicine.waiting.on} first")
        return (StudyCompleted(self.on),)
