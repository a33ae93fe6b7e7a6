"""The command that tells a rehearsal from a trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.commands.command import Command, Situation
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.rehearsal import RehearsalDeclared
from equipoise.errors import ConductError


@dataclass(frozen=True, slots=True)
class DeclareRehearsal(Command):
    """Declare, for ever, that the participants of this trial are virtual."""

    NAME: ClassVar[str] = "declare rehearsal"

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, before there is a list from which anybody could be randomised."""
        if now.trial.rehearsal:
            raise ConductError("the trial is a rehearsal already")
        if now.trial.slots:
            raise ConductError("a rehearsal is declared before the list is deposited")
        return (RehearsalDeclared(),)
