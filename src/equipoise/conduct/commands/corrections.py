"""Commands that correct what was recorded of a participant beside values, visits and readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because, whole_day
from equipoise.conduct.commands.days import before_end, of_this_trial
from equipoise.conduct.commands.participant import known_cause
from equipoise.conduct.commands.preparation import planned
from equipoise.conduct.commands.titration import agreeing, prescribable
from equipoise.conduct.consents import usable
from equipoise.conduct.events.disposition import DispositionCorrected
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.infusion import DoseRetracted
from equipoise.conduct.events.participant import ConsentCorrected, EnrolmentCancelled
from equipoise.conduct.events.titration import DoseCorrected
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.titration import DECISION, RESTART, START, STOP, Prescribed
from equipoise.errors import ConductError

ENDS: Final = ("withdrawal", "discontinuation", "completion")
PRESCRIBED: Final = (DECISION, START, STOP, RESTART)


@dataclass(frozen=True, slots=True)
class CorrectConsent(Command):
    """Correct the day on which a consent form was signed."""

    NAME: ClassVar[str] = "correct consent"
    participant: str
    form: str
    language: str
    on: PartialDate
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is recorded, to another day on which this form was used."""
        because(self.reason)
        whole_day("the day of consent", self.on, now.at)
        of_this_trial("the day of consent", self.on, now)
        usable(now.study, self.form, self.language, self.on)
        signed = {(one.form, one.language): one.on for one in now.enrolled.consents}
        if (self.form, self.language) not in signed:
            raise ConductError(f"{self.participant} signed no {self.form[:40]} in this language")
        if signed[self.form, self.language] == self.on:
            raise ConductError(f"{self.form} is recorded as signed on {self.on} already")
        return (ConsentCorrected(self.form, self.language, self.on),)


@dataclass(frozen=True, slots=True)
class CancelEnrolment(Command):
    """Cancel an identifier that was given by mistake; it stays in the log and is not used again."""

    NAME: ClassVar[str] = "cancel enrolment"
    participant: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only while nothing but the consent is recorded."""
        because(self.reason)
        who = now.enrolled
        if set(who.held) - {None} or who.screened or who.erased:
            raise ConductError(
                f"{who.id}: more than the consent is recorded; withdraw the participant instead"
            )
        return (EnrolmentCancelled(),)


@dataclass(frozen=True, slots=True)
class RetractDose(Command):
    """Take back what was recorded of a dose: it was not given, or was not missed, as recorded.

    What was seen after it is taken back with it. What truly happened can then be recorded.
    """

    NAME: ClassVar[str] = "retract dose"
    participant: str
    encounter: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Retract what is recorded."""
        because(self.reason)
        planned(now, self.encounter)
        doses = now.enrolled.doses
        if self.encounter not in doses.infused and self.encounter not in doses.missed:
            raise ConductError(f"{self.participant}: no dose of {self.encounter} is recorded")
        return (DoseRetracted(self.encounter),)


@dataclass(frozen=True, slots=True)
class CorrectDisposition(Command):
    """Correct how and when a participant left, discontinued the treatment, or completed the study.

    Attributes:
        what: withdrawal, discontinuation or completion.
        on: The right day; without one it did not happen, and the participant goes on.
        cause: The right one; of a completion there is none.
    """

    NAME: ClassVar[str] = "correct disposition"
    participant: str
    what: str
    reason: str
    on: PartialDate | None = None
    cause: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is recorded, to something else that can be."""
        because(self.reason)
        who = now.enrolled
        if self.what not in ENDS:
            raise ConductError(f"{self.what[:40]!r} is none of {', '.join(ENDS)}")
        before = _end(who, self.what)
        if before[1] is None:
            raise ConductError(f"{who.id}: no {self.what} is recorded")
        caused = self.on is not None and self.what != "completion"
        if caused:
            known_cause(self.cause or "")
        elif self.cause is not None:
            raise ConductError(f"leave the cause out: {self.what} has none here")
        if self.on is not None:
            whole_day(f"the day of {self.what}", self.on, now.at)
            before_end(f"the day of {self.what}", self.on, now, left=self.what != "withdrawal")
        if before == (self.cause, self.on):
            raise ConductError(f"{self.what} is recorded so already")
        return (DispositionCorrected(self.what, self.cause, self.on),)


@dataclass(frozen=True, slots=True)
class CorrectDose(Command):
    """Correct what a physician prescribed of the titrated medicine, where it was recorded wrongly.

    What was proposed at later contacts stays as it was shown to the physician then.

    Attributes:
        on: Day of the contact, or of the start, stop or restart, as recorded.
        dose: As it was prescribed, U/d; without one the start, stop or restart did not happen.
        decision: accepted, changed or rejected; for a decision alone.
        of: decision, start, stop or restart.
    """

    NAME: ClassVar[str] = "correct dose"
    participant: str
    on: PartialDate
    reason: str
    dose: int | None = None
    decision: str | None = None
    of: str = DECISION

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is recorded, to something that could have been prescribed."""
        because(self.reason)
        who = now.enrolled
        if self.of not in PRESCRIBED:
            raise ConductError(f"{self.of[:40]!r} is none of {', '.join(PRESCRIBED)}")
        found = [p for p in who.medicine.prescribed if (p.of, p.on) == (self.of, self.on)]
        if not found:
            raise ConductError(f"{who.id}: no {self.of} of {self.on} is recorded")
        if self.of == DECISION:
            self._decision(who, found[-1], now)
        elif self.decision is not None:
            raise ConductError(f"leave the decision out: a {self.of} has none")
        elif self.of == STOP:
            self._stop(who)
        elif self.dose is not None:
            prescribable(now.study, self.dose)
            if self.dose == 0:
                raise ConductError(f"a {self.of} needs a dose above 0 U/d, or null: it was none")
        if (found[-1].decision, found[-1].dose) == (self.decision, self.dose):
            raise ConductError(f"the {self.of} of {self.on} is recorded so already")
        return (DoseCorrected(self.of, self.on, self.decision, self.dose),)

    def _decision(self, who: Participant, before: Prescribed, now: Situation) -> None:
        if self.dose is None or self.decision is None:
            raise ConductError("give the decision and its dose as they were")
        if self.decision in ("stopped", "withdrawn"):
            raise ConductError(
                f"{self.decision} is no correction of a dose; give the command of its own"
            )
        if before.decision == "withdrawn" and who.withdrawn:
            raise ConductError(f"{who.id} left by this decision; correct the withdrawal first")
        (proposal,) = (one for one in who.medicine.proposals if one.on == self.on)
        agreeing(now.study, proposal, self.decision, self.dose)

    def _stop(self, who: Participant) -> None:
        decided = who.medicine.decided.get(str(self.on))
        if self.dose is not None:
            raise ConductError("a stop has no dose; without one it did not happen")
        if decided and decided.decision == "stopped":
            raise ConductError(f"the stop of {self.on} was a decision; correct that")


def _end(who: Participant, what: str) -> tuple[str | None, PartialDate | None]:
    place = who.disposition
    return {
        "withdrawal": (who.withdrawn, place.left),
        "discontinuation": (place.cause, place.discontinued),
        "completion": (None, place.completed),
    }[what]
