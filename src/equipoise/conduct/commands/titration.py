"""Commands of titration: a contact proposes, a physician decides; only then is it prescribed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final

from equipoise.conduct import titrating
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.days import day_in_study, whole
from equipoise.conduct.events.disposition import MedicineStopped
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.participant import Withdrawn
from equipoise.conduct.events.titration import DoseDecided, DoseStarted, TitrationProposed
from equipoise.conduct.schedule import schedule
from equipoise.errors import ConductError, nearest
from equipoise.protocol.intervention import Titration
from equipoise.protocol.whole import Study
from equipoise.records.schemas import TABLES

DECISIONS: Final = TABLES["titration"].codes["decision"]
MOST: Final = 1000  # U/d that can be prescribed


@dataclass(frozen=True, slots=True)
class StartDose(Command):
    """A physician prescribes the first dose to a participant who is not on the medicine.

    Attributes:
        dose: U/d.
        reason: Where it is not what the protocol says.
    """

    NAME: ClassVar[str] = "start dose"
    participant: str
    on: PartialDate
    dose: int
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, from the baseline visit on, to who takes none."""
        day = _of_contact(self.on, now, first=now.study.protocol.baseline)
        if titrating.dose(now.study, now.enrolled, str(day)):
            raise ConductError(f"{self.participant} is on the medicine already")
        proposed = titrating.starting(now.study, now.enrolled, str(day))
        prescribable(now.study, self.dose)
        if self.dose != proposed:
            because(self.reason or "")
        return (DoseStarted(self.on, proposed, self.dose),)


@dataclass(frozen=True, slots=True)
class Contact(Command):
    """Hold a titration contact: the rule proposes a dose from the readings since the last one."""

    NAME: ClassVar[str] = "contact"
    participant: str
    on: PartialDate

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """One a day, while the protocol titrates and no proposal waits for its decision."""
        who, study = now.enrolled, now.study
        plan, baseline = titrating.planned(study), study.protocol.baseline
        day = str(_of_contact(self.on, now, first=plan.first or baseline))
        if who.medicine.stopped:
            raise ConductError(f"{who.id}: the medicine was stopped on {who.medicine.stopped}")
        if who.medicine.waiting:
            raise ConductError(f"{who.id}: decide the proposal of {who.medicine.waiting.on} first")
        if who.medicine.since and day <= str(who.medicine.since):
            raise ConductError(f"{who.id}: the last contact was on {who.medicine.since}")
        titrating.weight(study, who, day)
        since, before = (
            titrating.readings(study, who, day),
            titrating.dose(study, who, day),
        )
        if before == 0 and who.medicine.dose is None and titrating.planned(study).start:
            raise ConductError(f"{who.id} takes none of the medicine; start a dose first")
        total = str(Decimal(since.total) / 10)
        proposed = titrating.proposed(study, before, since)
        return (
            TitrationProposed(self.on, since.number, total, tuple(since.lows), before, proposed),
        )


@dataclass(frozen=True, slots=True)
class DecideDose(Command):
    """A physician decides on the proposal of a contact.

    Attributes:
        on: Day of the contact.
        decision: ``accepted``, ``changed`` to another dose, ``rejected``: the dose stays,
            ``stopped``: the medicine, or ``withdrawn``: the participant leaves the study.
        dose: Prescribed from now on, U/d.
        reason: Needed for everything but an acceptance.
    """

    NAME: ClassVar[str] = "decide dose"
    participant: str
    on: PartialDate
    decision: str
    dose: int
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once a proposal; the dose must be the one that the decision means."""
        who = now.enrolled
        proposal = who.medicine.waiting
        if proposal is None or proposal.on != self.on:
            raise ConductError(f"{self.participant}: no proposal of {self.on} waits for a decision")
        agreeing(now.study, proposal, self.decision, self.dose)
        if self.decision != "accepted":
            because(self.reason or "")
        if self.decision == "withdrawn" and who.withdrawn:
            raise ConductError(f"{who.id} left the study already; decide on the dose otherwise")
        decided = DoseDecided(self.on, self.decision, self.dose)
        if self.decision == "stopped":
            return decided, MedicineStopped(self.on)
        if self.decision == "withdrawn":
            return decided, Withdrawn("uncontrolled glucose", self.on)
        return (decided,)


def agreeing(study: Study, proposal: TitrationProposed, decision: str, dose: int) -> None:
    """Refuse a dose that is not the one that the decision means.

    Raises:
        ConductError: It is not, or there is no such decision.
    """
    if decision not in DECISIONS:
        raise ConductError(
            f"{decision[:40]!r} is no decision; there are {', '.join(DECISIONS)}."
            + nearest(decision[:40], DECISIONS)
        )
    prescribable(study, dose)
    meant = {"accepted": proposal.proposed, "rejected": proposal.before, "stopped": 0}
    if dose != meant.get(decision, dose):
        raise ConductError(f"{decision} means {meant[decision]} U/d, not {dose}")
    if decision == "changed" and dose in {proposal.proposed, proposal.before}:
        said = "accepted" if dose == proposal.proposed else "rejected"
        raise ConductError(f"{dose} U/d is {said}, not changed")
    if decision == "changed" and dose == 0:
        raise ConductError("to give none of the medicine, decide: stopped")
    if decision == "rejected" and proposal.proposed == proposal.before:
        raise ConductError(f"{proposal.before} U/d is what was proposed; accept or change it")


def prescribable(study: Study, dose: int) -> None:
    """Refuse a daily dose that the form of the medicine would not take either.

    Raises:
        ConductError: It is below 0 or above what is plausible.
    """
    high = study.columns[titrating.planned(study).item].high
    most = MOST if high is None else int(high)
    if not 0 <= dose <= most:
        raise ConductError(f"the dose is {dose} U/d; give 0 to {most}")


def _of_contact(on: PartialDate, now: Situation, *, first: str) -> date:
    """The day of a contact: from a first visit, or its planned day if missed, to the last one.

    Raises:
        ConductError: It is no day of the participant's titration.
    """
    who, protocol = now.enrolled, now.study.protocol
    titration: Titration = titrating.planned(now.study)
    day = day_in_study("the day of the contact", on, now)
    last = titration.last or protocol.encounters[-1].name
    days = [one.planned for one in schedule(now.study, who) if one.encounter == first]
    held, ended = who.visits.held(first), who.visits.held(last)
    began = whole(held) if held else days[0] if days and first in who.visits.days else None
    if began is None or day < began:
        raise ConductError(f"{who.id}: titration begins with {first}; hold that visit first")
    if ended is not None and day > whole(ended):
        raise ConductError(f"{who.id}: titration ended with {last}, on {ended}")
    return day
