"""The end of an appointment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.trial import StaffDismissed
from equipoise.conduct.roles import Actor, Role
from equipoise.errors import ConductError


@dataclass(frozen=True, slots=True)
class Dismiss(Command):
    """End a person's role: nothing is done in it any more, and what it excludes stays excluded."""

    NAME: ClassVar[str] = "dismiss"
    person: str
    role: Role
    reason: str
    site: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record that, unless nobody could appoint a successor."""
        because(self.reason)
        leaving = Actor(self.person, self.role, self.site)
        if leaving not in now.trial.staff:
            raise ConductError(f"{self.person[:40]} is not {self.role} here")
        administrators = [one for one in now.trial.staff if one.role == Role.ADMINISTRATOR]
        if administrators == [leaving]:
            raise ConductError(f"{self.person} is the only {self.role}; appoint another first")
        return (StaffDismissed(self.person, self.role, self.site),)
