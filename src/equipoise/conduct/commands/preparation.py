"""The command of the unblinded people who make up the bags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.commands.command import Command, Situation, hexadecimal, identifier
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.preparation import DosePrepared, WorksheetFiled
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.worksheet import READERS, SEALED
from equipoise.errors import ConductError


@dataclass(frozen=True, slots=True)
class PrepareDose(Command):
    """File that a bag is ready.

    Attributes:
        bag: A random code from ``worksheet.bag_code``.
        checked_by: The second checker, another person.
        worksheet: What went into the bag, sealed by ``worksheet.filed``.
    """

    NAME: ClassVar[str] = "prepare dose"
    SEALED: ClassVar[tuple[str, ...]] = ("worksheet",)
    participant: str
    encounter: str
    bag: str
    checked_by: str
    worksheet: Mapping[str, str]

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """One bag a dose, for a randomised participant of the site, checked by a second person."""
        who, planned = now.active, now.study.protocol.dosing.encounters
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised")
        if self.encounter not in planned:
            raise ConductError(
                f"a dose is given at {', '.join(planned)}, not {self.encounter[:40]!r}"
            )
        if self.encounter in who.prepared:
            raise ConductError(f"{who.id}: the bag for {self.encounter} is prepared already")
        if Actor(self.checked_by, Role.SECOND_CHECKER, now.by.site) not in now.trial.staff:
            raise ConductError(f"{self.checked_by[:40]!r} is not a second checker of this site")
        if self.checked_by == now.by.person:
            raise ConductError("the second check is made by a second person")
        identifier("bag", self.bag)
        if set(self.worksheet) != set(READERS) or {len(x) for x in self.worksheet.values()} != {
            2 * SEALED
        }:
            raise ConductError(f"the worksheet is sealed for {', '.join(READERS)}")
        for sealed in self.worksheet.values():
            hexadecimal("the worksheet", sealed, most=SEALED)
        return (
            DosePrepared(self.encounter, self.bag, self.checked_by),
            WorksheetFiled(self.bag, dict(self.worksheet)),
        )
