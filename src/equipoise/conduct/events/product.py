"""The lots of the products. What is here tells nothing about who got what.

So it holds receipts, tests and release. How much of a lot is left does tell, for the lots of one
arm go down with its participants: whatever takes from the stock is sealed, bag by bag
(``WorksheetFiled``) or note by note (``StockNoted``), and is only added up at the bench.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Chain, Event


class LotReceived(Event, frozen=True):
    """A lot of a product came to a site, and is in quarantine."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str
    product: str
    place: str  # the site
    units: int  # vials, bottles, tablets
    content: str | None  # of one unit, in the unit of the dose: viable cells, mg; vehicle: None
    volume: str | None  # of one unit, in the unit of the dose's volume; no fluid: None
    passage: int | None  # of cells
    expiry: PartialDate  # last day on which it may be used
    storage: str


class LotCorrected(Event, frozen=True):
    """The receipt of a lot was otherwise than recorded, for the reason in the envelope."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str
    units: int
    content: str | None
    volume: str | None
    passage: int | None
    expiry: PartialDate
    storage: str


class LotTested(Event, frozen=True):
    """A release test was made; once more for a test: a repetition, with its reason."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str
    test: str
    result: str
    on: PartialDate


class LotReleasedV1(Event, frozen=True):
    """As ``LotReleased``, without how the person was recognised."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str
    covers: str


class LotReleased(Event, frozen=True):
    """The qualified person signed; ``covers`` is the hash of receipt and tests as they were."""

    CHAIN: ClassVar[Chain] = "vault"
    VERSION: ClassVar[int] = 2
    lot: str
    covers: str
    method: str  # how it was made sure that it is this person


class LotRejected(Event, frozen=True):
    """The lot is never used, for the reason in the envelope."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str


class LotRecalled(Event, frozen=True):
    """A released lot went back into quarantine, for the reason in the envelope."""

    CHAIN: ClassVar[Chain] = "vault"
    lot: str


class StockNoted(Event, frozen=True):
    """Units were returned, destroyed or found missing: lot, number and reason, sealed."""

    CHAIN: ClassVar[Chain] = "vault"
    note: str  # a random code
    sealed: Mapping[str, str]
