"""Commands that check the records and close them for the site: verify, review, freeze."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.events.data import (
    FormReviewed,
    RecordsFrozen,
    RecordsUnfrozen,
    SourceVerified,
)
from equipoise.conduct.events.event import Event
from equipoise.conduct.state.oversight import held
from equipoise.conduct.state.participant import Value
from equipoise.errors import ConductError, nearest
from equipoise.protocol.question.terms import Reference
from equipoise.protocol.whole import Study


@dataclass(frozen=True, slots=True)
class VerifySource(Command):
    """The monitor has compared values with the source documents.

    A later correction breaks the verification of that value, of no other.

    Attributes:
        items: Of the form; all that is recorded of it if none is given.
    """

    NAME: ClassVar[str] = "verify source"
    participant: str
    encounter: str
    form: str
    items: tuple[str, ...] = ()

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Keep the hash of each entry that was seen."""
        values = _recorded(now, self.form, self.encounter)
        if unknown := [item for item in self.items if item not in values]:
            raise ConductError(
                f"{unknown[0][:40]!r} is not recorded in {self.form} at {self.encounter}."
                + nearest(unknown[0][:40], values)
            )
        seen = {item: values[item].hash for item in self.items or values}
        return (SourceVerified(self.encounter, seen),)


@dataclass(frozen=True, slots=True)
class ReviewForm(Command):
    """A form at an encounter was looked through as a whole; a later change asks for it again."""

    NAME: ClassVar[str] = "review form"
    participant: str
    encounter: str
    form: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Keep the hash of what was looked at."""
        _recorded(now, self.form, self.encounter)
        covers = held(now.enrolled.values, asked(now.study, self.form, self.encounter))
        return (FormReviewed(self.encounter, self.form, covers),)


@dataclass(frozen=True, slots=True)
class Freeze(Command):
    """Close an encounter, or all records of a participant, for recording and correcting.

    Adverse events, queries, signatures and what protects the participant stay open.
    """

    NAME: ClassVar[str] = "freeze"
    participant: str
    encounter: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Freeze what is not frozen."""
        who = now.enrolled
        if self.encounter is not None and self.encounter not in now.study.encounters:
            raise ConductError(
                f"there is no encounter {self.encounter[:40]!r}."
                + nearest(self.encounter[:40], now.study.encounters)
            )
        if self.encounter in who.oversight.frozen:
            raise ConductError(f"{who.id}: {self.encounter or 'everything'} is frozen already")
        return (RecordsFrozen(self.encounter),)


@dataclass(frozen=True, slots=True)
class Unfreeze(Command):
    """Let the site record and correct again, for a reason."""

    NAME: ClassVar[str] = "unfreeze"
    participant: str
    reason: str
    encounter: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Unfreeze exactly what was frozen."""
        because(self.reason)
        if self.encounter not in now.enrolled.oversight.frozen:
            what = (self.encounter or "the participant as a whole")[:40]
            raise ConductError(f"{self.participant}: {what} is not frozen")
        return (RecordsUnfrozen(self.encounter),)


def asked(study: Study, form: str, encounter: str) -> list[str]:
    """The values that a form asks for at an encounter."""
    (items,) = (one.items for one in study.forms.values() if one.form == form)
    return [str(Reference(item.name, encounter)) for item in items if not item.derived]


def _recorded(now: Situation, form: str, encounter: str) -> dict[str, Value]:
    """What is recorded of a form at an encounter, by item."""
    who = now.enrolled
    forms = {one.form: one for one in now.study.forms.values()}
    if form not in forms:
        raise ConductError(f"there is no form {form[:40]!r}.{nearest(form[:40], forms)}")
    keys = [Reference(item.name, encounter) for item in forms[form].items]
    values = {key.item: who.values[key] for key in keys if key in who.values}
    if not values:
        raise ConductError(f"{who.id}: nothing of {form} is recorded at {encounter[:40]!r}")
    return values
