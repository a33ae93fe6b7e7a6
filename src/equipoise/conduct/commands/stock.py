"""The command that files, sealed, what left the stock by another way than in a bag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.commands.command import Command, Situation, sealed_for_all
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.product import StockNoted
from equipoise.conduct.worksheet import random_code
from equipoise.errors import ConflictError


@dataclass(frozen=True, slots=True)
class NoteStock(Command):
    """File that units were returned, destroyed or found missing (``bench.notes``).

    Attributes:
        sealed: Lot, number and reason, sealed.
        ledger: Length of the vault when the stock was added up.
    """

    NAME: ClassVar[str] = "note stock"
    LOTS: ClassVar[bool] = True
    SEALED: ClassVar[tuple[str, ...]] = ("sealed", "ledger")
    note: str
    sealed: Mapping[str, str]
    ledger: int

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """File it, if nothing was taken meanwhile."""
        random_code("N", self.note)
        sealed_for_all(self.sealed)
        unmoved(now, self.ledger)
        return (StockNoted(self.note, dict(self.sealed)),)


def unmoved(now: Situation, ledger: int) -> None:
    """Refuse what was worked out from a stock that is no longer so.

    Raises:
        ConflictError: Something was filed in the vault since.
    """
    if now.ledger != ledger:
        raise ConflictError("lots or stock changed meanwhile: look again, then file again")
