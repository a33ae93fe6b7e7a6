"""That somebody learnt the arm of a participant in an emergency; never which it was."""

from __future__ import annotations

from equipoise.conduct.events.event import Event


class Unblinded(Event, frozen=True):
    """An investigator opened the blind of the participant, for the reason in the envelope.

    Attributes:
        slot: Of the participant; whoever holds the vault's key sees this line and no other.
        key: Public key, made for this once, that the answer is sealed for; None: on paper.
        opened: When the paper was opened, UTC; None: the vault was asked.
    """

    slot: str
    key: str | None
    opened: str | None
