"""The staff beyond their appointment: printed names, and the end of a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.trial import StaffDismissed, StaffNamed
from equipoise.conduct.roles import Actor, Role
from equipoise.errors import ConductError

_PRINTED: Final = re.compile(r"\S[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]{0,98}\S")


@dataclass(frozen=True, slots=True)
class NameStaff(Command):
    """Say how the name of a person of the staff is printed beside signatures (21 CFR 11.50)."""

    NAME: ClassVar[str] = "name staff"
    person: str
    name: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Take a name of one line, of somebody who has or had a role; never of a participant."""
        roles = {one.role for one in now.trial.appointed if one.person == self.person}
        if not roles - {Role.PARTICIPANT}:
            raise ConductError(f"{self.person[:40]} is not of the staff; appoint this person first")
        if not _PRINTED.fullmatch(self.name):
            raise ConductError("give the name in one line of at most 100 characters")
        if now.trial.names.get(self.person) == self.name:
            raise ConductError(f"{self.person} is called {self.name} already")
        return (StaffNamed(self.person, self.name),)


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
