"""What leaves the shelf by another way than in a bag, and what is free again: notes under seal.

How many notes there are is seen by everybody who keeps the log, and whether one was refused. So
neither depends on what bags took.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from equipoise.conduct import worksheet
from equipoise.conduct.bench.stock import FREED, LEFT, Bench
from equipoise.conduct.commands.lots import MOST
from equipoise.conduct.commands.stock import NoteStock
from equipoise.errors import ConductError, nearest

MANY: Final = 8  # people whose bags a lot was reserved for, before what they did not take is freed
_DIGITS: Final = len(str(MOST))  # so that a note is as long whatever the number


def note(
    bench: Bench, lot: str, units: int, *, why: str, reason: str, replaces: str | None = None
) -> NoteStock:
    """The command that files that units were returned, destroyed, or found missing, or none.

    Not more than were received; whether so many can be there depends on what bags took, and so it
    is not asked here, but told by the account and the audit.

    Args:
        bench: Shelf, stock and key.
        lot: Which.
        units: How many; 0 is a number too.
        why: One of ``LEFT``.
        reason: In words.
        replaces: Code of an earlier note that was wrong, or was filed twice.

    Raises:
        ConductError: No such lot, cause or note, no reason, or more than were received.
    """
    if lot not in bench.shelf.lots:
        raise ConductError(f"there is no lot {lot[:40]!r}.{nearest(lot[:40], bench.shelf.lots)}")
    if why not in LEFT:
        raise ConductError(f"units are {', '.join(LEFT)}, not {why[:40]!r}")
    noted = [m for m in bench.stock.movements if m.lot == lot and m.why in LEFT]
    if replaces is not None and replaces not in {m.code for m in noted}:
        raise ConductError(f"there is no note {replaces[:40]!r} of lot {lot} that still stands")
    gone = sum(m.units for m in noted if m.code != replaces)
    most = bench.shelf.lots[lot].received.units - gone
    if not 0 <= units <= most:
        raise ConductError(f"of lot {lot} {most} units can have left the shelf, not {units}")
    return _noted(bench, {lot: units}, why, reason, replaces)


def freeing(bench: Bench, *, reason: str) -> NoteStock:
    """The command that frees what was reserved for bags and that none took, of many lots at once.

    It is one note whatever the arms are, also where there is nothing to free. It names the lots
    that were reserved for many people since they were named last: of fewer it would tell who took
    none.

    Raises:
        ConductError: No reason.
        SealError: There are too many lots for one note.
    """
    units = {
        lot: max(bench.left(lot) - bench.free(lot), 0)
        for lot in bench.shelf.lots
        if _people(bench, lot) >= MANY
    }
    return _noted(bench, units, FREED, reason, None)


def _people(bench: Bench, lot: str) -> int:
    """How many people's bags a lot was reserved for since a note freed it."""
    people = set[str | None]()
    for moved in bench.stock.movements:
        if moved.lot == lot:
            people = set() if moved.why == FREED else people | {moved.participant} - {None}
    return len(people)


def _noted(
    bench: Bench, units: Mapping[str, int], why: str, reason: str, replaces: str | None
) -> NoteStock:
    if not 2 <= len(reason.strip()) <= 200:
        raise ConductError("give the reason, in 2 to 200 characters")
    code, public = worksheet.note_code(), bench.shelf.recipients
    rows = [(lot, f"{number:0{_DIGITS}}") for lot, number in sorted(units.items())]
    said = {"units": rows, "why": why, "reason": reason, "replaces": replaces}
    sealed = worksheet.filed(said, public, code, private=bench.private, place=bench.place())
    return NoteStock(code, sealed, bench.stock.ledger)
