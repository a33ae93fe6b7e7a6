"""Commands that close the records for good, and open them again before the blind is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.checklist import ITEMS, SIGNED, Approver, approvals, covered, gaps, told
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.commands.values import authenticated
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.lock import GapWaived, LockApproved, TrialUnlocked, UnlockAsked
from equipoise.conduct.events.trial import TrialLocked
from equipoise.errors import ConductError


@dataclass(frozen=True, slots=True)
class Waive(Command):
    """Say why gaps of the checklist cannot or need not be closed; approvals given fall.

    A gap that opens later is not waived by this. Who approves the lock sees what was waived.

    Attributes:
        item: Of the checklist.
        names: Which gaps; all that the item has now if none is given.
    """

    NAME: ClassVar[str] = "waive"
    EVERYBODY: ClassVar[bool] = True
    item: str
    reason: str
    names: tuple[str, ...] = ()

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Waive what is missing, by name."""
        because(self.reason)
        _unlocked(now)
        if self.item not in ITEMS:
            raise ConductError(f"the checklist has {', '.join(ITEMS)}, not {self.item[:40]!r}")
        if self.item == SIGNED:
            raise ConductError("a signature is given, never waived: the site's investigator signs")
        missing = gaps(now.study, now.trial, now.everybody, now.at.date())
        names = [gap.name for gap in missing if gap.item == self.item]
        if unknown := [name for name in self.names if name not in names]:
            raise ConductError(f"{self.item}: {unknown[0][:60]!r} is not missing")
        if not names:
            raise ConductError(f"{self.item}: nothing is missing")
        return (GapWaived(self.item, self.names or tuple(names)),)


@dataclass(frozen=True, slots=True)
class ApproveLock(Command):
    """Sign that the records may be locked as they are; any later change breaks the signature.

    Attributes:
        method: How the edge made sure, in this very moment, that it is this person.
    """

    NAME: ClassVar[str] = "approve lock"
    EVERYBODY: ClassVar[bool] = True
    method: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once the checklist is complete, and each person for one role only."""
        authenticated(self.method)
        _unlocked(now)
        _complete(now)
        needed = approvals(now.trial, now.everybody)
        mine = Approver(now.by.role, now.by.site)
        if mine not in needed:
            raise ConductError("there is nothing here for this person to approve")
        if needed[mine] is not None:
            raise ConductError("this approval is given already, and stands")
        if now.by.person in {one.by.person for one in needed.values() if one}:
            raise ConductError(f"{now.by.person} approved already; this needs another person")
        return (LockApproved(covered(now.trial, now.everybody), self.method),)


@dataclass(frozen=True, slots=True)
class Lock(Command):
    """Declare the records final."""

    NAME: ClassVar[str] = "lock"
    EVERYBODY: ClassVar[bool] = True

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once nothing is missing that was not waived, and every approval stands."""
        _unlocked(now)
        _complete(now)
        needed = approvals(now.trial, now.everybody)
        if lacking := [who for who, one in needed.items() if one is None]:
            said = ", ".join(f"{who.role} {who.site or ''}".strip() for who in lacking)
            raise ConductError(f"the lock is not approved by: {said}, or what they signed changed")
        return (TrialLocked(),)


@dataclass(frozen=True, slots=True)
class AskToUnlock(Command):
    """Ask to open the locked records again; another person must agree."""

    NAME: ClassVar[str] = "ask to unlock"
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Before the blind is opened, and never after."""
        because(self.reason)
        _still_closed(now)
        return (UnlockAsked(),)


@dataclass(frozen=True, slots=True)
class Unlock(Command):
    """Agree, as a second person, to open the records again; every approval must be given anew."""

    NAME: ClassVar[str] = "unlock"
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """What another person asked for, before the blind is opened."""
        because(self.reason)
        _still_closed(now)
        asked = now.trial.closing.asked
        if asked is None:
            raise ConductError("nobody asked to unlock; the data manager does, with the reason")
        if asked.person == now.by.person:
            raise ConductError("unlocking needs a second person")
        return (TrialUnlocked(),)


def _unlocked(now: Situation) -> None:
    if now.trial.locked:
        raise ConductError("the records are locked already")


def _still_closed(now: Situation) -> None:
    if not now.trial.locked:
        raise ConductError("the records are not locked")
    if now.trial.unsealed:
        raise ConductError("the blind was opened; the records stay locked for ever")


def _complete(now: Situation) -> None:
    missing = gaps(now.study, now.trial, now.everybody, now.at.date())
    if missing:
        raise ConductError(f"not ready for lock: {told(missing)}")
