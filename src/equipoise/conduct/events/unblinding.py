"""That somebody learnt the arm of a participant in an emergency; never which it was."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.events.event import Event


class UnblindedV1(Event, frozen=True):
    """As ``Unblinded``, without how the person was recognised."""

    slot: str
    key: str | None
    opened: str | None


class Unblinded(Event, frozen=True):
    """An investigator opened the blind of the participant, for the reason in the envelope.

    Attributes:
        slot: Of the participant; whoever holds the vault's key sees this line and no other.
        key: Public key, made for this once, that the answer is sealed for; None: on paper.
        opened: When the paper was opened, UTC; None: the vault was asked.
        method: How it was made sure that it is this person.
    """

    VERSION: ClassVar[int] = 2
    slot: str
    key: str | None
    opened: str | None
    method: str


AnyUnblinded = Unblinded | UnblindedV1
"""The event, as it is recorded now and as it was."""
