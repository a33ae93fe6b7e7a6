"""Commands that change a participant's place in the trial."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from equipoise.answer import UNKNOWN, WORDS, YES
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import (
    Command,
    Situation,
    because,
    hexadecimal,
    identifier,
    whole_day,
)
from equipoise.conduct.commands.days import day_in_study, of_this_trial
from equipoise.conduct.consents import reconsent_due, usable
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.participant import (
    Consented,
    DetailsErased,
    DetailsRecorded,
    Enrolled,
    Randomised,
    Screened,
    Withdrawn,
)
from equipoise.conduct.judgement import judged, stratum
from equipoise.errors import ConductError, nearest
from equipoise.records.schemas import WITHDRAWAL_REASONS


@dataclass(frozen=True, slots=True)
class Consent(Command):
    """A person consents, for the first time or to a new version of the form.

    Consent comes before anything is asked or measured for the trial (ICH E6(R3), 2025, 2.8.1), so
    it is also what gives a person an identifier.
    """

    NAME: ClassVar[str] = "consent"
    NAMES: ClassVar[bool] = True
    SEALED: ClassVar[tuple[str, ...]] = ("details",)
    participant: str
    form: str
    language: str
    on: PartialDate
    details: str | None = None  # sealed by personal.encrypt

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record the consent, and the sealed details beside it; a new person is enrolled by it."""
        identifier("participant", self.participant)
        identifier("consent form", self.form)
        identifier("language", self.language)
        whole_day("the day of consent", self.on, now.at)
        of_this_trial("the day of consent", self.on, now)
        usable(now.study, self.form, self.language, self.on)
        if not now.trial.opened or now.trial.locked:
            raise ConductError("the trial is not open for participants")
        if now.participant is None:
            self._new(now)
        else:
            if now.active.erased and self.details:
                raise ConductError(f"{self.participant}: the details were erased")
            if any((c.form, c.language) == (self.form, self.language) for c in now.active.consents):
                raise ConductError(f"{self.participant} signed {self.form} already")
        happened: list[Event] = [] if now.participant else [Enrolled()]
        happened.append(Consented(self.form, self.language, self.on))
        if self.details is not None:
            hexadecimal("details", self.details, most=4096)
            happened.append(DetailsRecorded(self.details))
        return tuple(happened)

    def _new(self, now: Situation) -> None:
        """Refuse a new identifier that is another's, but for capitals and punctuation."""
        for known in sorted(now.names):
            if _spelt(known) == _spelt(self.participant):
                raise ConductError(
                    f"{self.participant} is too like {known}, which is given already; is it the "
                    "same person? Then write it so; else give another identifier"
                )


def _spelt(name: str) -> str:
    """An identifier without capitals, and with one sign for all that stand between its parts."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold())


@dataclass(frozen=True, slots=True)
class Screen(Command):
    """Judge eligibility from what is recorded now; before randomisation as often as needed."""

    NAME: ClassVar[str] = "screen"
    participant: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Ask every criterion of the protocol."""
        if now.active.randomised:
            raise ConductError(f"{self.participant} is randomised; eligibility was judged before")
        return (judged(now.study, now.active),)


@dataclass(frozen=True, slots=True)
class Randomise(Command):
    """Give the participant the next sealed slot of the stratum."""

    NAME: ClassVar[str] = "randomise"
    participant: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only an eligible person, judged on what is recorded now, once, while slots are left."""
        who = now.active
        if who.randomised:
            raise ConductError(f"{who.id} was randomised already, to {who.randomised.slot}")
        if who.screened is None or who.screened != judged(now.study, who):
            raise ConductError(f"{who.id}: screen first; values were recorded since, or never")
        if due := reconsent_due(now.study, [who], now.at.date()):
            raise ConductError(f"{who.id} is to sign {due[0].due} first, used since {due[0].since}")
        if who.screened.eligible != WORDS[YES]:
            raise ConductError(f"{who.id} {_why(who.screened, now)}")
        own = stratum(now.study, who)
        slot = now.trial.next_slot(own)
        if slot is None:
            raise ConductError(f"no slot is left in stratum {own!r}; ask the list custodian")
        return (Randomised(slot.slot, own, now.trial.taken.get(own, 0) + 1),)


def _why(screened: Screened, now: Situation) -> str:
    unknown = [name for name, answer in screened.answers.items() if answer == WORDS[UNKNOWN]]
    if screened.eligible == WORDS[UNKNOWN]:
        return f"cannot be judged yet: {', '.join(unknown)}; a value is missing"
    wanted = {"inclusion": WORDS[YES], "exclusion": "no"}
    failing = [
        criterion.id
        for criterion in now.study.protocol.eligibility
        if screened.answers[criterion.id] not in {wanted[criterion.kind], WORDS[UNKNOWN]}
    ]
    return f"is not eligible: {', '.join(failing)}"


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """The participant leaves the study; what is known of the time before stays."""

    NAME: ClassVar[str] = "withdraw"
    participant: str
    cause: str
    on: PartialDate
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record cause, day and reason."""
        because(self.reason)
        known_cause(self.cause)
        if now.active.disposition.completed:
            raise ConductError(f"{self.participant} completed the study already")
        day_in_study("the day of withdrawal", self.on, now)
        return (Withdrawn(self.cause, self.on),)


def known_cause(cause: str) -> None:
    """Refuse a cause of leaving or discontinuing that the records do not know.

    Raises:
        ConductError: It is none of them.
    """
    if cause not in WITHDRAWAL_REASONS:
        raise ConductError(
            f"{cause!r:.40} is no cause; there are {', '.join(WITHDRAWAL_REASONS)}."
            + nearest(cause[:40], WITHDRAWAL_REASONS)
        )


@dataclass(frozen=True, slots=True)
class RecordDetails(Command):
    """Record the participant's personal details, in place of those before.

    Attributes:
        details: Sealed by ``personal.encrypt``; ``equipoise details`` does it.
    """

    NAME: ClassVar[str] = "record details"
    SEALED: ClassVar[tuple[str, ...]] = ("details",)
    participant: str
    details: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Unless they were erased."""
        if now.enrolled.erased:
            raise ConductError(f"{self.participant}: the details were erased")
        hexadecimal("details", self.details, most=4096)
        return (DetailsRecorded(self.details),)


@dataclass(frozen=True, slots=True)
class EraseDetails(Command):
    """The participant's personal details are to be erased; ``Keys.destroy`` then does it.

    ``equipoise details --erase`` does both.
    """

    NAME: ClassVar[str] = "erase details"
    participant: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record that, and why."""
        because(self.reason)
        if now.enrolled.erased:
            raise ConductError(f"{self.participant}: the details were erased already")
        return (DetailsErased(),)
