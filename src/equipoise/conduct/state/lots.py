"""The lots, as the vault's entries about no participant tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import structs

from equipoise.conduct.canonical import digest
from equipoise.conduct.entry import Entry
from equipoise.conduct.events import product as e
from equipoise.conduct.roles import Actor, Role
from equipoise.errors import LogError
from equipoise.protocol.intervention import Product, ReleaseTest

LotState = Literal["quarantined", "released", "rejected"]


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot.

    Attributes:
        received: What came.
        results: Of its release tests, the last of each.
        held: Hash of the entry that holds the receipt, and of those that hold the results.
        released_by: Who signed the release that stands, or None.
        recalled: Last line of the main chain when it was recalled last; 0: never.
    """

    received: e.LotReceived
    held: Mapping[str, str]
    state: LotState = "quarantined"
    results: Mapping[str, str] = field(default_factory=dict)
    released_by: Actor | None = None
    recalled: int = 0

    @property
    def covered(self) -> str:
        """What a signature of release signs: the hash of the entries that hold it now."""
        return digest(sorted(self.held.values()))

    def expired(self, on: date) -> bool:
        """Whether it may not be used any more on a day."""
        last = self.received.expiry
        return (on.year, on.month, on.day) > (last.year, last.month or 1, last.day or 1)


Lots = Mapping[str, Lot]
NO_LOTS: Final[Lots] = {}


def passes(test: ReleaseTest, result: str) -> bool:
    """Whether a result is the one that the protocol expects."""
    if test.at_least is not None:
        return Decimal(result) >= test.at_least.known(f"the limit of {test.name}")
    return result.casefold() in {test.expected("en").casefold(), test.expected("zh").casefold()}


def wanting(lot: Lot, product: Product) -> dict[str, str]:
    """What keeps a lot from being released: each test, or the passage, with what is wrong."""
    found = {}
    if product.passage not in (None, lot.received.passage):
        found["passage"] = f"is {lot.received.passage}, expected {product.passage}"
    for test in product.release_tests:
        result = lot.results.get(test.name)
        if result is None:
            found[test.name] = "not made"
        elif not passes(test, result):
            found[test.name] = f"is {result!r}, expected {test.expected('en')}"
    return found


def recall_lots(entries: Iterable[Entry], known: Lots | None = None) -> Lots:
    """Rebuild the lots from entries of the vault, those after what is known already.

    Raises:
        LogError: A lot was received twice.
    """
    lots = dict(known or {})
    for entry in entries:
        match event := entry.event:
            case e.LotReceived(name):
                if name in lots:
                    raise LogError(f"vault: line {entry.sequence} receives lot {name} once more")
                lots[name] = Lot(event, {"": entry.hash.hex()})
            case e.LotCorrected(name):
                known_lot = lots[name]
                received = structs.replace(known_lot.received, **structs.asdict(event))
                held = {**known_lot.held, "": entry.hash.hex()}
                lots[name] = replace(known_lot, received=received, held=held)
            case e.LotTested(name, test, result):
                lot = lots[name]
                held = {**lot.held, test: entry.hash.hex()}
                lots[name] = replace(lot, results={**lot.results, test: result}, held=held)
            case e.LotReleasedV1(name) | e.LotReleased(name):
                by = Actor(entry.envelope.actor, Role(entry.envelope.role), entry.envelope.site)
                lots[name] = replace(lots[name], state="released", released_by=by)
            case e.LotRejected(name):
                lots[name] = replace(lots[name], state="rejected", released_by=None)
            case e.LotRecalled(name):
                back = replace(lots[name], state="quarantined", released_by=None)
                lots[name] = replace(back, recalled=entry.after)
    return lots
