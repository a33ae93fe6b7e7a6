"""Commands about the lots of the products; all that they record stands in the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final

from msgspec import structs

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import (
    Command,
    Situation,
    because,
    identifier,
    past,
)
from equipoise.conduct.commands.values import authenticated
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.product import (
    LotCorrected,
    LotRecalled,
    LotReceived,
    LotRejected,
    LotReleased,
    LotTested,
)
from equipoise.conduct.state.lots import Lot, wanting
from equipoise.errors import ConductError, nearest
from equipoise.protocol.intervention import Product

MOST: Final = 1_000_000  # units of a lot
INACTIVE: Final = ("placebo", "no intervention")  # roles of arms whose product does nothing


@dataclass(frozen=True, slots=True)
class ReceiveLot(Command):
    """A lot came to a site; what one site gets of a batch is a lot with a name of its own.

    Attributes:
        units: Number of vials, bottles, tablets.
        content: Of one unit, in the unit of the dose: viable cells, mg; a vehicle has none.
        volume: Of one unit, in the unit of the dose's volume, where it is a fluid.
        expiry: The last day on which it may be used.
    """

    NAME: ClassVar[str] = "receive lot"
    LOTS: ClassVar[bool] = True
    lot: str
    product: str
    place: str
    units: int
    expiry: PartialDate
    storage: str
    content: str | None = None
    volume: str | None = None
    passage: int | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Take it in once, complete, into quarantine."""
        identifier("lot", self.lot)
        if self.lot in now.lots:
            raise ConductError(f"lot {self.lot} was received already")
        _product(now, self.product)
        sites = [site.name for site in now.study.protocol.sites]
        if self.place not in sites or now.by.site not in (None, self.place):
            raise ConductError(f"{self.place[:40]!r} is not a site where this person receives lots")
        self.sound(now)
        return (
            LotReceived(
                self.lot, self.product, self.place, self.units, self.content, self.volume,
                self.passage, self.expiry, self.storage,
            ),
        )  # fmt: skip

    def sound(self, now: Situation) -> None:
        """Demand what can be so, and all that a bag is made up by.

        Raises:
            ConductError: Something is missing or cannot be.
        """
        if not 1 <= self.units <= MOST or not 0 <= (self.passage or 0) <= 100:
            raise ConductError(f"a lot has 1 to {MOST} units; a passage is 0 to 100")
        if self.expiry.month is None or self.expiry.day is None:
            raise ConductError(
                f"expiry is {self.expiry}; give the last day on which it may be used"
            )
        self._complete(now)
        if not 1 <= len(self.storage.strip()) <= 200:
            raise ConductError("say how it is stored, in 1 to 200 characters")

    def _complete(self, now: Situation) -> None:
        """Demand content and volume where a bag could not be made up without them."""
        dosing, arms = now.study.protocol.dosing, now.study.arms.values()
        active = any(a.product == self.product and a.role not in INACTIVE for a in arms)
        for what, text, needed in (
            ("content of a unit", self.content, active or dosing.volume is None),
            ("volume of a unit", self.volume, dosing.volume is not None),
        ):
            if text is None and needed:
                raise ConductError(f"lot {self.lot}: give the {what}")
            if text is not None:
                number(what, text)


@dataclass(frozen=True, slots=True)
class CorrectLot(Command):
    """Correct what was recorded of a lot when it was received; all of it is said again."""

    NAME: ClassVar[str] = "correct lot"
    LOTS: ClassVar[bool] = True
    lot: str
    units: int
    expiry: PartialDate
    storage: str
    reason: str
    content: str | None = None
    volume: str | None = None
    passage: int | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """A lot in quarantine; one that was released is recalled first, so that bags are void."""
        because(self.reason)
        was = _in(now, self.lot, "quarantined").received
        said = (self.content, self.volume, self.passage)
        received = (self.lot, was.product, was.place, self.units, self.expiry, self.storage)
        ReceiveLot(*received, *said).sound(now)
        new = LotCorrected(self.lot, self.units, *said, self.expiry, self.storage)
        if structs.replace(was, **structs.asdict(new)) == was:
            raise ConductError(f"lot {self.lot} is recorded so already")
        return (new,)


@dataclass(frozen=True, slots=True)
class RecordTest(Command):
    """Record the result of a release test; again, with the reason, when it was repeated."""

    NAME: ClassVar[str] = "test lot"
    LOTS: ClassVar[bool] = True
    lot: str
    test: str
    result: str
    on: PartialDate
    unit: str | None = None
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record it for a lot in quarantine."""
        lot = _in(now, self.lot, "quarantined")
        past("the day of the test", self.on, now.at)
        tests = {t.name: t for t in _product(now, lot.received.product).release_tests}
        if self.test not in tests:
            raise ConductError(
                f"the protocol has no release test {self.test[:40]!r} for "
                f"{lot.received.product}.{nearest(self.test[:40], tests)}"
            )
        limit = tests[self.test].at_least
        if limit is not None:
            number(self.test, self.result)
        if self.unit != (limit.unit if limit else None):
            unit, given = limit.unit if limit else "no unit", repr(self.unit or "no unit")
            raise ConductError(f"{self.test} is recorded in {unit}, not {given:.40}")
        if not 1 <= len(self.result.strip()) <= 200:
            raise ConductError("give the result, in 1 to 200 characters")
        if self.test in lot.results:
            because(self.reason or "")
        return (LotTested(self.lot, self.test, self.result, self.on),)


@dataclass(frozen=True, slots=True)
class ReleaseLot(Command):
    """The qualified person signs that the lot may be used.

    Attributes:
        method: How the edge made sure, in this very moment, that it is this person.
    """

    NAME: ClassVar[str] = "release lot"
    LOTS: ClassVar[bool] = True
    lot: str
    method: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only with every test of the protocol as expected, and before the lot's expiry."""
        authenticated(self.method)
        lot = _in(now, self.lot, "quarantined")
        if lot.expired(_today(now)):
            raise ConductError(f"lot {self.lot} expired on {lot.received.expiry}")
        if missing := wanting(lot, _product(now, lot.received.product)):
            told = "; ".join(f"{test} {why}" for test, why in missing.items())
            raise ConductError(f"lot {self.lot} is not released: {told}")
        return (LotReleased(self.lot, lot.covered, self.method),)


@dataclass(frozen=True, slots=True)
class RejectLot(Command):
    """The lot is never used."""

    NAME: ClassVar[str] = "reject lot"
    LOTS: ClassVar[bool] = True
    lot: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Reject a lot in quarantine, for a reason."""
        because(self.reason)
        _in(now, self.lot, "quarantined")
        return (LotRejected(self.lot),)


@dataclass(frozen=True, slots=True)
class RecallLot(Command):
    """A released lot goes back into quarantine; the signature of its release stands no more."""

    NAME: ClassVar[str] = "recall lot"
    LOTS: ClassVar[bool] = True
    lot: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Recall a released lot, for a reason."""
        because(self.reason)
        _in(now, self.lot, "released")
        return (LotRecalled(self.lot),)


def number(what: str, text: str) -> Decimal:
    """A positive number.

    Raises:
        ConductError: It is none, or has more than 20 digits.
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if len(text) > 20 or not value.is_finite() or value <= 0:
        raise ConductError(f"{what} is {text[:40]!r}; give a number above 0")
    return value


def _today(now: Situation) -> date:
    return now.at.date()


def _product(now: Situation, name: str) -> Product:
    products = {product.name: product for product in now.study.protocol.products}
    if name not in products:
        raise ConductError(f"there is no product {name[:40]!r}.{nearest(name[:40], products)}")
    return products[name]


def _in(now: Situation, name: str, state: str) -> Lot:
    here = {own: lot for own, lot in now.lots.items() if now.by.site in (None, lot.received.place)}
    lot = here.get(name)
    if lot is None:
        where = f" at {now.by.site}" if now.by.site else ""
        raise ConductError(f"there is no lot {name[:40]!r}{where}.{nearest(name[:40], here)}")
    if lot.state != state:
        raise ConductError(f"lot {name} is {lot.state}, not {state}")
    return lot
