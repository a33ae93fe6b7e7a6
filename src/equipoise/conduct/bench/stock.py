"""What is left of each lot: receipts less what the opened worksheets and notes took.

It is added up with the preparer's key and never written down in the open: the lots of one arm go
down with its participants.

Bags are made up from what is *free*: of each bag as much is taken as reserved as any arm would have
needed. Whether there is a bag is seen by everybody, and so it depends on no arm. What was reserved
and never taken is freed at the shelf from time to time, by a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from equipoise.conduct import worksheet
from equipoise.conduct.bench.sheet import Sheet, opened
from equipoise.conduct.entry import EMPTY as NOTHING
from equipoise.conduct.entry import Tip
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.sealed import same_list
from equipoise.conduct.state.lots import Lot
from equipoise.conduct.views.product import UNSEEN, Filed, Seen, Shelf, shelf
from equipoise.errors import LogError, NotPermittedError, SealError
from equipoise.protocol.whole import Study

FREED: Final = "freed"
LEFT: Final = ("returned", "destroyed", "missing")  # ways in which units leave the shelf
NOTES: Final = (*LEFT, FREED)


class Movement(NamedTuple):
    """Units that left the stock."""

    lot: str
    units: int
    why: str  # the bag, or one of NOTES
    code: str  # of bag or note
    reserved: int  # units that are free no more; below 0: they are again
    reason: str | None = None
    replaces: str | None = None  # code of the note that this one takes the place of
    participant: str | None = None  # of a bag
    slot: str | None = None


class Stock(NamedTuple):
    """What was taken, up to a line of the vault; pass it on, so that no sheet is opened twice."""

    seen: Seen = UNSEEN
    movements: tuple[Movement, ...] = ()
    filed: Mapping[str, Filed] = MappingProxyType({})

    @property
    def ledger(self) -> int:
        """Length of the vault when it was added up."""
        return self.seen.tip.sequence


class Bench(NamedTuple):
    """A preparer at the bench."""

    study: Study
    shelf: Shelf
    stock: Stock
    private: bytes
    listed: str
    through: Tip  # up to which this site saw the vault before

    def left(self, lot: str) -> int:
        """Units of a lot that are left on the shelf."""
        return self._received(lot) - sum(m.units for m in self.stock.movements if m.lot == lot)

    def free(self, lot: str) -> int:
        """Units of a lot that no bag of any arm would have taken: those that a bag is made from."""
        return self._received(lot) - sum(m.reserved for m in self.stock.movements if m.lot == lot)

    def _received(self, lot: str) -> int:
        return self.shelf.lots[lot].received.units if lot in self.shelf.lots else 0

    def place(self) -> worksheet.Place:
        """Where the next worksheet or note belongs."""
        return worksheet.Place(self.listed, self.stock.seen.tip.hash.hex())

    def bags(self, lot: str) -> tuple[str, ...]:
        """Codes of the bags that a lot went into; who got one after a recall is looked after.

        Of the bags not given yet all are discarded after a recall, whichever lots are in them.
        """
        return tuple(
            m.code for m in self.stock.movements if (m.lot, m.why) == (lot, "bag") and m.units
        )


class Account(NamedTuple):
    """The account of a lot, for reconciliation with a count of the shelf."""

    lot: str
    product: str
    received: int
    used: int
    returned: int
    destroyed: int
    missing: int
    left: int
    free: int  # of these, not reserved for a bag that took none


EMPTY: Final = Stock()


def at_bench(
    log: Log,
    *,
    by: Actor,
    private: bytes,
    listed: str,
    known: Stock = EMPTY,
    through: Tip = NOTHING,
    held: Iterable[Tip] = (),
) -> Bench:
    """Look at the shelf and add the stock up, from where it is known.

    Args:
        log: The trial's.
        by: Preparer or second checker.
        private: The preparer's key.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.
        known: What was added up before.
        through: The line of the vault up to which this site saw it before.
        held: Lines that were seen before with this key: they must still be there.

    Raises:
        NotPermittedError: Not a task of this person, who is of a site.
        LogError: The vault was altered.
        SealError: The key does not open a worksheet, or the trial's list is another.
    """
    if by.site is None:
        raise NotPermittedError(f"{by.person} has no site here, and so no shelf: make up nothing")
    found = shelf(log, by=by, seen=known.seen, through=through, held=held)
    same_list(log.study, found.slots, found.recipients, listed)
    codes = [*known.filed, *(line.code for line in found.lines)]
    if twice := [code for code, times in Counter(codes).items() if times > 1]:
        raise LogError(f"{twice[0]} was filed twice: the vault was altered; make up nothing")
    new = tuple(
        moved
        for line in found.lines
        for moved in movements(line, private, own=place(line, "preparer", listed))
    )
    filed = {**known.filed, **{line.code: line for line in found.lines}}
    replaced = {moved.replaces for moved in new}
    counted = tuple(m for m in known.movements + new if m.code not in replaced)
    stock = Stock(found.seen, counted, MappingProxyType(filed))
    return Bench(log.study, found, stock, private, listed, through)


def accounts(bench: Bench) -> tuple[Account, ...]:
    """The account of every lot of the site, and of any that nobody received and bags took from.

    One that comes to less than nothing was tampered with. It is told like the others, for a refusal
    could tell an arm.
    """
    found = []
    elsewhere = set(bench.stock.seen.lots) - set(bench.shelf.lots)
    taken_from = {moved.lot: None for moved in bench.stock.movements if moved.lot not in elsewhere}
    for name in {**dict.fromkeys(bench.shelf.lots), **taken_from}:
        by: Counter[str] = Counter()
        for moved in bench.stock.movements:
            if moved.lot == name:
                by[moved.why] += moved.units
        parts = (by["bag"], by["returned"], by["destroyed"], by["missing"])
        lot = bench.shelf.lots.get(name)
        of = (lot.received.product, lot.received.units) if lot else ("received nowhere", 0)
        found.append(Account(name, *of, *parts, bench.left(name), bench.free(name)))
    return tuple(found)


def unusable(lot: Lot, day: date) -> str | None:
    """Why no bag is made from a lot on a day, or None."""
    if lot.state != "released":
        return f"is {lot.state}"
    return f"expired on {lot.received.expiry}" if lot.expired(day) else None


def place(line: Filed, who: str, listed: str) -> worksheet.Place | None:
    """Where a line must have been made for, if the key is the preparer's; others cannot ask."""
    return worksheet.Place(listed, line.after) if who == "preparer" else None


def of_bag(sheet: Sheet) -> Iterator[Movement]:
    """What a bag took of each lot, and what was reserved for it."""
    taken = {one.lot: one.units for one in sheet.taken}
    reserved = {one.lot: one.units for one in sheet.reserved}
    for lot in dict.fromkeys((*reserved, *taken)):
        yield Movement(
            lot, taken.get(lot, 0), "bag", sheet.bag, reserved.get(lot, 0),
            participant=sheet.participant, slot=sheet.slot,
        )  # fmt: skip


def movements(line: Filed, private: bytes, *, own: worksheet.Place | None) -> Iterator[Movement]:
    """What a sheet or note took.

    Args:
        line: As it is filed.
        private: A key that it was sealed for.
        own: Where it stands, for which it must have been made with this very key.

    Raises:
        SealError: The key does not open it, did not make it, or it takes less than nothing.
    """
    if line.bag:
        yield from of_bag(opened(line.sealed, private, line.code, own=own))
        return
    said = worksheet.read(line.sealed, private, line.code, own=own)
    try:
        noted = {lot: int(units) for lot, units in said["units"]}
        why, reason, replaces = said["why"], said["reason"], said["replaces"]
        usable = all(units >= 0 for units in noted.values()) and why in NOTES
    except (KeyError, TypeError, ValueError) as error:
        raise SealError(f"note {line.code}: this is not a note of the bench") from error
    if not usable:
        raise SealError(f"note {line.code}: it takes less than nothing, or for no cause")
    for lot, units in noted.items():
        both = (0, -units) if why == FREED else (units, units)
        yield Movement(lot, both[0], why, line.code, both[1], reason, replaces)
