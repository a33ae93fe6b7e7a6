"""Commands that record what was seen, correct it, and sign for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because, past
from equipoise.conduct.commands.days import after_consent, before_end
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.values import Signed, ValueCorrected, ValueRecorded
from equipoise.conduct.judgement import value_of
from equipoise.conduct.state.participant import OUTSIDE
from equipoise.errors import ConductError, nearest
from equipoise.protocol.column import Column
from equipoise.protocol.question.terms import Reference

LONGEST = 10_000  # characters of a free text
OLDEST = 366  # days before consent of a value that screening goes by; what is older is history
_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?")
MEANINGS = ("data are complete and correct", "reviewed", "approved", "responsible")
METHODS = ("password", "password and one-time code", "passkey")


@dataclass(frozen=True, slots=True)
class Record(Command):
    """Record the value of an item at an encounter.

    Attributes:
        value: As read: ``"7.4"``, ``"yes"``, a code, ``"2015-10-08"``; None when it was not done.
        unit: In which a number was read; the item's own, so that no unit is ever guessed.
    """

    NAME: ClassVar[str] = "record"
    participant: str
    encounter: str
    item: str
    value: str | None
    on: PartialDate
    unit: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record it once; to change it, correct it."""
        _check(self, now)
        if Reference(self.item, self.encounter) in now.enrolled.values:
            raise ConductError(f"{self.item} at {self.encounter} is recorded already; correct it")
        return (ValueRecorded(self.encounter, self.item, self.value, self.on),)


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """Replace a recorded value; the old one stays in the log, with the reason beside the new."""

    NAME: ClassVar[str] = "correct"
    participant: str
    encounter: str
    item: str
    value: str | None
    on: PartialDate
    reason: str
    unit: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Correct what is there, to something else, also of a participant who has left."""
        because(self.reason)
        _check(self, now)
        before = now.enrolled.values.get(Reference(self.item, self.encounter))
        if before is None:
            raise ConductError(f"{self.item} at {self.encounter} is not recorded yet; record it")
        if (before.text, before.on) == (self.value, self.on):
            raise ConductError(
                f"{self.item} at {self.encounter} is {self.value or 'not done'} already"
            )
        return (ValueCorrected(self.encounter, self.item, self.value, self.on),)


@dataclass(frozen=True, slots=True)
class Sign(Command):
    """Sign for an encounter as it is recorded now; any later change breaks the signature.

    Attributes:
        encounter: Which; None for everything that is recorded of the participant.
        method: How the edge made sure, in this very moment, that it is this person; two parts of
            the signature at least for the first of a session (21 CFR 11.200).
    """

    NAME: ClassVar[str] = "sign"
    participant: str
    encounter: str | None
    meaning: str
    method: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Sign the hash of every entry of the records there."""
        who = now.enrolled
        if self.meaning not in MEANINGS:
            raise ConductError(f"the meaning of a signature is one of: {'; '.join(MEANINGS)}")
        authenticated(self.method)
        covers = who.held.get(self.encounter)
        if covers is None or self.encounter == OUTSIDE:
            where = "" if self.encounter is None else f" at {self.encounter!r:.40}"
            raise ConductError(f"{who.id}: nothing is recorded{where}")
        return (Signed(self.encounter, self.meaning, covers, self.method),)


def authenticated(method: str) -> None:
    """Demand that a signature says how the person was recognised.

    Raises:
        ConductError: It does not.
    """
    if method not in METHODS:
        raise ConductError(f"say how the person was recognised: {'; '.join(METHODS)}")


def same_unit(given: str | None, wanted: str | None) -> bool:
    """Whether a value was given in the item's unit; a count needs none, and µ may be written as u.

    >>> same_unit("µmol/L", "umol/L"), same_unit(None, "1"), same_unit(None, "kg")
    (True, True, False)
    """
    return (given or "1").replace("µ", "u").replace("μ", "u") == (wanted or "1")


def typed(column: Column, text: str | None) -> None:
    """Demand a value that an item can have, written as people write it.

    Raises:
        ConductError: It cannot be, or is a number such as 1e2, 1_000 or one in other digits.
    """
    value_of(column, text)
    if text is not None and column.kind == "number" and not _PLAIN.fullmatch(text):
        raise ConductError(f"{column.name} is {text!r:.40}; write it in plain digits, like 7.4")


def _check(said: Record | Correct, now: Situation) -> None:
    study, name, at = now.study, said.item[:40], said.encounter[:40]
    past(f"the day of {name}", said.on, now.at)
    before_end(f"the day of {name}", said.on, now)
    first = said.encounter == study.protocol.screening
    after_consent(f"the day of {name}", said.on, now, grace=OLDEST if first else 0)
    if said.item not in study.items:
        raise ConductError(f"there is no item {name}.{nearest(name, study.items)}")
    column, item = study.columns[said.item], study.items[said.item]
    if said.encounter not in column.encounters:
        raise ConductError(
            f"{name} is not asked at {at}, but at {', '.join(column.encounters)}."
            + nearest(at, column.encounters)
        )
    if item.derived:
        raise ConductError(f"{name} follows from other items; record those")
    if said.value is not None and (len(said.value) > LONGEST or "\0" in said.value):
        raise ConductError(
            f"{name} has {len(said.value)} characters, or one that is none; give {LONGEST} at most"
        )
    if not same_unit(said.unit, item.unit):
        given = repr(said.unit or "no unit")
        raise ConductError(f"{name} is recorded in {item.unit or 'no unit'}, not {given:.40}")
    typed(column, said.value)
    order = list(study.encounters)
    after = order.index(said.encounter) > order.index(study.protocol.baseline)
    if after and now.enrolled.randomised is None:
        raise ConductError(f"{now.enrolled.id} is not randomised; {at} comes after that")
