"""What is left of each lot: receipts less what the opened worksheets and notes took.

It is added up with the preparer's key and never written down in the open: the lots of one arm go
down with its participants.

Bags are made up from what is *free*: of each bag as much is taken as reserved as any arm would have
needed. Whether there is a bag is seen by everybody, and so it depends on no arm. What was reserved
and never taken is freed at the shelf from time to time, by a note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from equipoise.conduct import worksheet
from equipoise.conduct.bench.sheet import opened
from equipoise.conduct.commands.stock import NoteStock
from equipoise.conduct.entry import EMPTY as NOTHING
from equipoise.conduct.entry import Tip
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.sealed import same_list
from equipoise.conduct.state.lots import Lot
from equipoise.conduct.views.product import UNSEEN, Filed, Seen, Shelf, shelf
from equipoise.errors import ConductError, LogError, SealError, nearest
from equipoise.protocol.whole import Study

FREED: Final = "freed"
NOTES: Final = ("returned", "destroyed", "missing", FREED)


class Movement(NamedTuple):
    """Units that left the stock."""

    lot: str
    units: int
    why: str  # the bag, or one of NOTES
    code: str  # of bag or note
    reserved: int  # units that are free no more; below 0: they are again
    reason: str | None = None


class Stock(NamedTuple):
    """What was taken, up to a line of the vault; pass it on, so that no sheet is opened twice."""

    seen: Seen = UNSEEN
    movements: tuple[Movement, ...] = ()

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

    def left(self, lot: str) -> int:
        """Units of a lot that are left on the shelf."""
        return self._received(lot) - sum(m.units for m in self.stock.movements if m.lot == lot)

    def free(self, lot: str) -> int:
        """Units of a lot that no bag of any arm would have taken: those that a bag is made from."""
        return self._received(lot) - sum(m.reserved for m in self.stock.movements if m.lot == lot)

    def _received(self, lot: str) -> int:
        return self.shelf.lots[lot].received.units if lot in self.shelf.lots else 0

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
) -> Bench:
    """Look at the shelf and add the stock up, from where it is known.

    Args:
        log: The trial's.
        by: Preparer or second checker.
        private: The preparer's key.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.
        known: What was added up before.
        through: A line of the vault that was seen before: it must still be there.

    Raises:
        NotPermittedError: Not a task of this person.
        LogError: The vault was altered.
        SealError: The key does not open a worksheet, or the trial's list is another.
    """
    found = shelf(log, by=by, seen=known.seen, through=through)
    same_list(log.study, found.slots, found.recipients, listed)
    filed = [line.code for line in found.lines] + sorted({m.code for m in known.movements})
    if twice := [code for code, times in Counter(filed).items() if times > 1]:
        raise LogError(f"{twice[0]} was filed twice: the vault was altered; make up nothing")
    new = tuple(m for line in found.lines for m in movements(line, private, own=listed))
    return Bench(log.study, found, Stock(found.seen, known.movements + new), private, listed)


def note(bench: Bench, lot: str, units: int, *, why: str, reason: str) -> NoteStock:
    """The command that files that units were returned, destroyed, found missing, or are free.

    Args:
        bench: Shelf, stock and key.
        lot: Which.
        units: How many.
        why: One of ``NOTES``; ``freed`` are units that were reserved for bags, and that none took.
        reason: In words.

    Raises:
        ConductError: No such lot or cause, no reason, or more than are left.
    """
    if lot not in bench.shelf.lots:
        raise ConductError(f"there is no lot {lot[:40]!r}.{nearest(lot[:40], bench.shelf.lots)}")
    if why not in NOTES:
        raise ConductError(f"units are {', '.join(NOTES)}, not {why[:40]!r}")
    if not 2 <= len(reason.strip()) <= 200:
        raise ConductError("give the reason, in 2 to 200 characters")
    most = bench.left(lot) - (bench.free(lot) if why == FREED else 0)
    if not 1 <= units <= most:
        what = "reserved that no bag took" if why == FREED else "left"
        raise ConductError(f"lot {lot} has {most} units {what}, not {units}")
    code = worksheet.note_code()
    said = {"lot": lot, "units": units, "why": why, "reason": reason}
    public, private = bench.shelf.recipients, bench.private
    sealed = worksheet.filed(said, public, code, private=private, listed=bench.listed)
    return NoteStock(code, sealed, bench.stock.ledger)


def accounts(bench: Bench) -> tuple[Account, ...]:
    """The account of every lot of the site, and of any other that something was taken from.

    One that comes to less than nothing was tampered with. It is told like the others, for a refusal
    could tell an arm.
    """
    found = []
    for name in dict.fromkeys((*bench.shelf.lots, *(m.lot for m in bench.stock.movements))):
        by: Counter[str] = Counter()
        for moved in bench.stock.movements:
            if moved.lot == name:
                by[moved.why] += moved.units
        parts = (by["bag"], by["returned"], by["destroyed"], by["missing"])
        lot = bench.shelf.lots.get(name)
        of = (lot.received.product, lot.received.units) if lot else ("not received here", 0)
        found.append(Account(name, *of, *parts, bench.left(name), bench.free(name)))
    return tuple(found)


def unusable(lot: Lot, day: date) -> str | None:
    """Why no bag is made from a lot on a day, or None."""
    if lot.state != "released":
        return f"is {lot.state}"
    return f"expired on {lot.received.expiry}" if lot.expired(day) else None


def movements(line: Filed, private: bytes, *, own: str | None) -> Iterator[Movement]:
    """What a sheet or note took.

    Args:
        line: As it is filed.
        private: A key that it was sealed for.
        own: Fingerprint of the list by which it must have been made with this very key.

    Raises:
        SealError: The key does not open it, did not make it, or it takes less than nothing.
    """
    if line.bag:
        sheet = opened(line.sealed, private, line.code, own=own)
        taken = {one.lot: one.units for one in sheet.taken}
        reserved = {one.lot: one.units for one in sheet.reserved}
        for lot in dict.fromkeys((*reserved, *taken)):
            yield Movement(lot, taken.get(lot, 0), "bag", line.code, reserved.get(lot, 0))
        return
    said = worksheet.read(line.sealed, private, line.code, own=own)
    try:
        lot, units, why, reason = (said[name] for name in ("lot", "units", "why", "reason"))
        usable = units >= 1 and why in NOTES
    except (KeyError, TypeError) as error:
        raise SealError(f"note {line.code}: this is not a note of the bench") from error
    if not usable:
        raise SealError(f"note {line.code}: it takes less than nothing, or for no cause")
    if why == FREED:
        yield Movement(lot, 0, why, line.code, -units, reason)
    else:
        yield Movement(lot, units, why, line.code, units, reason)
