"""The whole study: protocol, forms, population, analysis plan and published results together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from equipoise.errors import StudyError, nearest
from equipoise.protocol.cases import Cases
from equipoise.protocol.column import Column
from equipoise.protocol.form import EditCheck, Form, Item
from equipoise.protocol.intervention import Arm
from equipoise.protocol.plan import Plan
from equipoise.protocol.population import Population
from equipoise.protocol.published import Published
from equipoise.protocol.question import Quantity, Question, parse_quantity, parse_question
from equipoise.protocol.question.terms import Reference
from equipoise.protocol.schedule import Encounter
from equipoise.protocol.study import Protocol


@dataclass(frozen=True)
class Study:
    """A study as planned.

    Attributes:
        folder: Where its files are.
        protocol_file: Name of the protocol's file in the folder.
        forms: By file name.
        cases: By file name.
        files: SHA-256 of every file, by name: what exactly was read.
    """

    folder: Path
    protocol_file: str
    protocol: Protocol
    forms: Mapping[str, Form]
    population: Population | None
    plan: Plan | None
    published: Published | None
    cases: Mapping[str, Cases]
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """The study's identifier."""
        return self.protocol.study

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item of every form, by name."""
        return {item.name: item for form in self.forms.values() for item in form.items}

    @cached_property
    def arms(self) -> dict[str, Arm]:
        """Arms by name, in the protocol's order."""
        return {arm.name: arm for arm in self.protocol.arms}

    @cached_property
    def encounters(self) -> dict[str, Encounter]:
        """Encounters by name, in the protocol's order."""
        return {encounter.name: encounter for encounter in self.protocol.encounters}

    @cached_property
    def collected(self) -> dict[str, tuple[str, ...]]:
        """For each item, the encounters at which the schedule of activities asks for it."""
        return {
            item.name: tuple(
                name
                for name in self.encounters
                if any(
                    form.form in activity.forms and name in activity.encounters
                    for activity in self.protocol.activities
                )
            )
            for form in self.forms.values()
            for item in form.items
        }

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The items as the question language sees them."""
        return {item.name: item.column(self.collected[item.name]) for item in self.items.values()}

    def question(self, text: str, here: str | None = None) -> Question:
        """Compile a question; names without an encounter are read ``here``."""
        return parse_question(text, self.columns, tuple(self.encounters), here)

    @cached_property
    def criteria(self) -> dict[str, Question]:
        """The questions of the eligibility criteria, by id."""
        screening = self.protocol.screening
        return {c.id: self.question(c.question, screening) for c in self.protocol.eligibility}

    @cached_property
    def factors(self) -> dict[str, Question]:
        """The questions of the factors of stratification, by name."""
        here, strata = self.protocol.screening, self.protocol.allocation.strata
        return {factor.name: self.question(factor.question, here) for factor in strata}

    @cached_property
    def endpoints(self) -> dict[str, Question]:
        """The questions of the plan's binary endpoints, asked at their last encounter, by name."""
        endpoints = self.plan.endpoints if self.plan else ()
        return {
            endpoint.name: self.question(endpoint.question, endpoint.encounters[-1])
            for endpoint in endpoints
            if endpoint.kind == "binary"
        }

    @cached_property
    def edit_checks(self) -> dict[tuple[str, str], tuple[tuple[EditCheck, Question], ...]]:
        """The checks of each form at each encounter that asks for it, by form and encounter."""
        return {
            (form.form, encounter): tuple(
                (check, self.question(check.question, encounter)) for check in form.checks
            )
            for form in self.forms.values()
            for encounter in self.collected[form.items[0].name]
        }

    @cached_property
    def conditions(self) -> dict[Reference, Question]:
        """What must be yes for an item to be asked at an encounter, where there is a condition."""
        return {
            Reference(item.name, encounter): self.question(item.ask_if, encounter)
            for item in self.items.values()
            if item.ask_if
            for encounter in self.collected[item.name]
        }

    @cached_property
    def derivations(self) -> dict[Reference, Quantity]:
        """How each derived item is computed at each encounter."""
        return {
            Reference(item.name, encounter): self.derivation(item, encounter)
            for encounter in self.encounters
            for item in self.items.values()
            if item.derived and encounter in self.collected[item.name]
        }

    def derivation(self, item: Item, encounter: str) -> Quantity:
        """How a derived item is computed at an encounter."""
        if item.derived is None:
            raise ValueError(f"{item.name} is not derived")
        return parse_quantity(
            item.derived,
            self.columns,
            tuple(self.encounters),
            encounter,
            unit=item.unit or "1",
            decimals=item.decimals,
        )

    def item(self, name: str) -> Item:
        """The item of this name.

        Raises:
            StudyError: The forms have no such item.
        """
        if name not in self.items:
            raise StudyError(
                f"{self.name}: no item {name} in the forms.{nearest(name, self.items)}"
            )
        return self.items[name]

    def planned(self) -> Plan:
        """The analysis plan.

        Raises:
            StudyError: The study has none.
        """
        if self.plan is None:
            raise StudyError(f"{self.folder}: there is no analysis.yaml; the analysis needs it.")
        return self.plan

    def populated(self) -> Population:
        """The population of virtual participants.

        Raises:
            StudyError: The study has none.
        """
        if self.population is None:
            raise StudyError(f"{self.folder}: there is no population.yaml; simulating needs it.")
        return self.population
