"""How the records are closed for good, and opened again: waivers, approvals, unlocking."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class GapWaived(Event):
    """These gaps of the checklist need not be closed, for the reason in the envelope."""

    item: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockApproved(Event):
    """A person signed that the records may be locked; ``covers`` is the hash of all of them."""

    covers: str
    method: str  # how it was made sure that it is this person


@dataclass(frozen=True, slots=True)
class UnlockAsked(Event):
    """A person asked to open the locked records again, for the reason in the envelope."""


@dataclass(frozen=True, slots=True)
class TrialUnlocked(Event):
    """A second person agreed: records can be made again, until they are locked anew."""
