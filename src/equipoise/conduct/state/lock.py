"""What was done towards locking the records, and unlocking them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events.lock import GapWaived, LockApproved, TrialUnlocked, UnlockAsked
from equipoise.conduct.events.trial import (
    BlindOpened,
    StaffAppointed,
    StaffDismissed,
    StaffNamed,
    TrialLocked,
)
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.part import Part


class Approval(NamedTuple):
    """A signature for the lock."""

    by: Actor
    covers: str
    at: str


@dataclass(frozen=True, slots=True)
class Closing(Part):
    """The way to the lock and back.

    Attributes:
        waived: Gaps that need not be closed: item and name.
        approvals: Signatures for the lock, whether they stand or not.
        last: Hash of the last entry about the trial that approvals cover.
        asked: Who asked to unlock, since the last lock.
    """

    waived: frozenset[tuple[str, str]] = frozenset()
    approvals: tuple[Approval, ...] = ()
    last: str = ""
    asked: Actor | None = None

    def after(self, entry: Entry) -> Closing:
        """The way so far, once the entry is known too."""
        said = entry.envelope
        if said.participant is not None:
            return self
        by = Actor(said.actor, Role(said.role), said.site)
        changed: dict[str, Any] = {"last": entry.hash.hex()}
        match entry.event:
            case LockApproved(covers):
                changed = {"approvals": (*self.approvals, Approval(by, covers, said.at))}
            case StaffAppointed() | StaffNamed() | StaffDismissed() | BlindOpened():
                changed = {}
            case GapWaived(item, names):
                changed["waived"] = self.waived | {(item, name) for name in names}
            case UnlockAsked():
                changed = {"asked": by}
            case TrialLocked():
                changed = {"asked": None}
            case TrialUnlocked():
                changed["asked"] = None
        return replace(self, **changed)
