"""The command that records a whole form at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.values import Record
from equipoise.conduct.discrepancies import asked, known_values
from equipoise.conduct.events.event import Event
from equipoise.errors import ConductError, nearest
from equipoise.protocol.form import Form, Item
from equipoise.protocol.question.terms import Reference


@dataclass(frozen=True, slots=True)
class RecordForm(Command):
    """Record every item of a form at an encounter: all of them, or none if one cannot be.

    Attributes:
        values: By item, as ``Record`` takes them; None is "not done".
        units: By item, the unit in which each number was read.
    """

    NAME: ClassVar[str] = "record form"
    participant: str
    encounter: str
    form: str
    values: Mapping[str, str | None]
    on: PartialDate
    units: Mapping[str, str] = field(default_factory=dict)

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record each item that is asked, with the checks of a single one."""
        own = {item.name: item for item in _form(now, self.form).items if not item.derived}
        strange = [name for name in (*self.values, *self.units) if name not in own]
        if strange:
            raise ConductError(
                f"{self.form} does not ask for {strange[0][:40]!r}; it asks for {', '.join(own)}"
            )
        missing = [
            name for name, item in own.items() if name not in self.values and not item.ask_if
        ]
        if missing:
            raise ConductError(
                f"{self.form}: {', '.join(missing)} is missing; give null for what was not done"
            )
        return tuple(
            event
            for name, value in self.values.items()
            for event in Record(
                self.participant, self.encounter, name, value, self.on, self._unit(own[name])
            ).decide(now)
        )

    def _unit(self, item: Item) -> str | None:
        """The unit that was given; what was not done needs none."""
        return self.units.get(item.name) if self.values[item.name] is not None else item.unit


@dataclass(frozen=True, slots=True)
class FormNotDone(Command):
    """Declare that what a form still lacks at an encounter was not done."""

    NAME: ClassVar[str] = "form not done"
    participant: str
    encounter: str
    form: str
    on: PartialDate
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record "not done" for every item that is asked and not recorded, with the reason."""
        because(self.reason)
        values = known_values(now.study, now.enrolled)
        lacking = [
            item.name
            for item in _form(now, self.form).items
            if (key := Reference(item.name, self.encounter)) not in now.enrolled.values
            and asked(now.study, key, values)
        ]
        if not lacking:
            raise ConductError(f"{self.form}: nothing is missing at {self.encounter[:40]}")
        return tuple(
            event
            for name in lacking
            for event in Record(
                self.participant, self.encounter, name, None, self.on, now.study.items[name].unit
            ).decide(now)
        )


def _form(now: Situation, name: str) -> Form:
    forms = {form.form: form for form in now.study.forms.values()}
    if name not in forms:
        raise ConductError(f"there is no form {name[:40]!r}.{nearest(name[:40], forms)}")
    return forms[name]
