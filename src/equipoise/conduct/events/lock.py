"""How the records are closed for good, and opened again: waivers, approvals, unlocking."""

from __future__ import annotations

from equipoise.conduct.events.event import Event


class GapWaived(Event, frozen=True):
    """These gaps of the checklist need not be closed, for the reason in the envelope."""

    item: str
    names: tuple[str, ...]


class LockApproved(Event, frozen=True):
    """A person signed that the records may be locked; ``covers`` is the hash of all of them."""

    covers: str
    method: str  # how it was made sure that it is this person


class UnlockAsked(Event, frozen=True):
    """A person asked to open the locked records again, for the reason in the envelope."""


class TrialUnlocked(Event, frozen=True):
    """A second person agreed: records can be made again, until they are locked anew."""
