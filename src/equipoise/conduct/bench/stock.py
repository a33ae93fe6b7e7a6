"""What is left of each lot: receipts less what the opened worksheets and notes took.

It is added up with the preparer's key and never written down in the open: the lots of one arm go
down with its participants.
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
from equipoise.errors import ConductError, SealError, nearest
from equipoise.protocol.whole import Study

NOTES: Final = ("returned", "destroyed", "missing")


class Movement(NamedTuple):
    """Units that left the stock."""

    lot: str
    units: int
    why: str  # the bag, or one of NOTES
    code: str  # of bag or note
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

    def left(self, lot: str) -> int:
        """Units of a lot that are left."""
        taken = sum(m.units for m in self.stock.movements if m.lot == lot)
        return self.shelf.lots[lot].received.units - taken

    def bags(self, lot: str) -> tuple[str, ...]:
        """Codes of the bags that a lot went into; who got one after a recall is looked after.

        Of the bags not given yet all are discarded after a recall, whichever lots are in them.
        """
        return tuple(m.code for m in self.stock.movements if (m.lot, m.why) == (lot, "bag"))


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
    same_list(log.study, log.trial(), listed)
    new = tuple(m for line in found.lines for m in movements(line, private, own=True))
    return Bench(log.study, found, Stock(found.seen, known.movements + new), private)


def note(bench: Bench, lot: str, units: int, *, why: str, reason: str) -> NoteStock:
    """The command that files that units were returned, destroyed or found missing.

    Raises:
        ConductError: No such lot or cause, no reason, or more than are left.
    """
    if lot not in bench.shelf.lots:
        raise ConductError(f"there is no lot {lot[:40]!r}.{nearest(lot[:40], bench.shelf.lots)}")
    if why not in NOTES:
        raise ConductError(f"units are {', '.join(NOTES)}, not {why[:40]!r}")
    if not 2 <= len(reason.strip()) <= 200:
        raise ConductError("give the reason, in 2 to 200 characters")
    if not 1 <= units <= bench.left(lot):
        raise ConductError(f"lot {lot} has {bench.left(lot)} units left, not {units}")
    code = worksheet.note_code()
    said = {"lot": lot, "units": units, "why": why, "reason": reason}
    sealed = worksheet.filed(said, bench.shelf.recipients, code, bench.private)
    return NoteStock(code, sealed, bench.stock.ledger)


def accounts(bench: Bench) -> tuple[Account, ...]:
    """The account of every lot of the site.

    Raises:
        SealError: More was taken of a lot than was received, or of one that was not: the ledger
            does not agree with itself.
    """
    found = []
    if strange := {m.lot for m in bench.stock.movements} - set(bench.shelf.lots):
        raise SealError(f"the worksheets take from {min(strange)}, which was not received here")
    for name, lot in bench.shelf.lots.items():
        by: Counter[str] = Counter()
        for moved in bench.stock.movements:
            if moved.lot == name:
                by[moved.why] += moved.units
        if bench.left(name) < 0:
            raise SealError(f"the worksheets take more of lot {name} than was received")
        parts = (by["bag"], by["returned"], by["destroyed"], by["missing"])
        received = lot.received
        found.append(Account(name, received.product, received.units, *parts, bench.left(name)))
    return tuple(found)


def unusable(lot: Lot, day: date) -> str | None:
    """Why no bag is made from a lot on a day, or None."""
    if lot.state != "released":
        return f"is {lot.state}"
    return f"expired on {lot.received.expiry}" if lot.expired(day) else None


def movements(line: Filed, private: bytes, *, own: bool) -> Iterator[Movement]:
    """What a sheet or note took.

    Args:
        line: As it is filed.
        private: A key that it was sealed for.
        own: Whether it must have been made with this very key.

    Raises:
        SealError: The key does not open it, did not make it, or it takes less than nothing.
    """
    if line.bag:
        for taken in opened(line.sealed, private, line.code, own=own).taken:
            yield Movement(taken.lot, taken.units, "bag", line.code)
        return
    said = worksheet.read(line.sealed, private, line.code, own=own)
    try:
        moved = Movement(said["lot"], said["units"], said["why"], line.code, said["reason"])
        usable = moved.units >= 1 and moved.why in NOTES
    except (KeyError, TypeError) as error:
        raise SealError(f"note {line.code}: this is not a note of the bench") from error
    if not usable:
        raise SealError(f"note {line.code}: it takes less than nothing, or for no cause")
    yield moved
