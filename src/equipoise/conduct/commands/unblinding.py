"""The command that opens the blind of one participant in an emergency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import canonical, instant
from equipoise.conduct.commands.command import (
    Command,
    Situation,
    arms,
    because,
    hexadecimal,
    named,
)
from equipoise.conduct.commands.safety import moment
from equipoise.conduct.commands.values import authenticated
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.registry import body
from equipoise.conduct.events.unblinding import Unblinded
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError


@dataclass(frozen=True, slots=True)
class Unblind(Command):
    """Record that the blind of a participant is opened: first this, then the vault answers.

    The investigator decides alone, at any hour; nobody is asked (ICH E6(R3), 2025, 2.8). It can be
    done again, and is recorded again.

    Attributes:
        method: How the edge made sure, in this very moment, that it is this person.
        key: Public key, made for this once, for which the vault seals its answer; hexadecimal.
        opened: Instead, when the sealed paper was opened, as ``2026-01-05T03:10`` by the site's
            clock, or with an offset from UTC.
    """

    NAME: ClassVar[str] = "unblind"
    participant: str
    reason: str
    method: str
    key: str | None = None
    opened: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Whether or not the participant has left and the records are locked."""
        because(self.reason)
        if (name := named(arms(now.study), self.reason)) is not None:
            raise ConductError(
                f"everybody reads the reason, and it says {name!r}. Say why the arm must be known"
            )
        authenticated(self.method)
        who = now.present
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised; there is no arm to open")
        if (self.key is None) == (self.opened is None):
            raise ConductError("give the key for the vault's answer, or when the paper was opened")
        if self.key is not None:
            hexadecimal("the key", self.key, most=32, least=32)
            return (Unblinded(who.randomised.slot, self.key, None, self.method),)
        opened = moment("the time of opening", self.opened or "", now)
        if instant(opened) < who.allocated:
            raise ConductError(
                f"{self.opened} is before {who.id} was randomised; which time is it?"
            )
        return (Unblinded(who.randomised.slot, None, instant(opened), self.method),)


def silent(
    now: Situation, happened: Iterable[Event], reason: str | None, people: Iterable[Participant]
) -> None:
    """Refuse words that name an arm, of somebody who knows anybody's: the blinded read them.

    It is a net for slips of the pen, and no more.

    Args:
        now: As the command finds it.
        happened: What it would record.
        reason: Its reason.
        people: All participants; they are looked at only where an arm is named.

    Raises:
        ConductError: They do.
    """
    open_ = [event for event in happened if event.CHAIN == "main"]
    name = named(arms(now.study), canonical([reason, *map(body, open_)]).decode())
    if name is None:
        return
    for who in people:
        if now.by.person in {opening.by for opening in who.unblindings.openings}:
            raise ConductError(
                f"you know the arm of {who.id}, and everybody reads this; it says {name!r}. "
                "Write what was seen, not what was given"
            )
