"""Whether every bag holds what it should, from lots released, not expired, not used up by then.

The server cannot see to it, for it does not know the lot. The vault keeps receipts, releases,
recalls and sealed worksheets in one chain, so that whoever has a key can go through them in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from equipoise.conduct.bench.contents import contradiction
from equipoise.conduct.bench.sheet import opened
from equipoise.conduct.bench.stock import movements, unusable
from equipoise.conduct.commands.command import clock
from equipoise.conduct.entry import START
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.events.product import StockNoted
from equipoise.conduct.log import Log
from equipoise.conduct.sealed import same_list
from equipoise.conduct.state.lots import NO_LOTS, recall_lots
from equipoise.conduct.views.product import Filed
from equipoise.conduct.worksheet import Place


def findings(log: Log, *, who: str, private: bytes, listed: str) -> Iterator[str]:
    """Go through the vault and say of each bag or note what should not have been, as it was filed.

    Args:
        log: The log.
        who: Whose key it is: ``"preparer"``, ``"vault"`` or ``"custodian"``.
        private: The key.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.

    Raises:
        SealError: The list is another, or a worksheet or note does not open or, where the key is
            the preparer's, was not made with it.
    """
    trial = log.trial()
    same_list(log.study, trial.slots, trial.recipients, listed)
    lots, taken, before = NO_LOTS, Counter[str](), START
    slots, people = dict[str, str](), dict[str, str]()
    replaced = set(_replaced(log, who, private))
    for entry in log.entries("vault"):
        own = Place(listed, before.hex()) if who == "preparer" else None
        after, before = before.hex(), entry.hash
        if entry.envelope.participant is None:
            lots = recall_lots([entry], lots)
        if not isinstance(entry.event, WorksheetFiled | StockNoted):
            continue
        bag = isinstance(entry.event, WorksheetFiled)
        code = entry.event.bag if isinstance(entry.event, WorksheetFiled) else entry.event.note
        begun = date.min
        if bag:
            sheet = opened(entry.event.sealed[who], private, code, own=own)
            begun = clock("the beginning", sheet.begun).date()
            person = sheet.participant
            first = slots.setdefault(person, sheet.slot), people.setdefault(sheet.slot, person)
            if first != (sheet.slot, person):
                yield f"bag {code}: {person} and {sheet.slot} do not belong together"
            same = entry.envelope.protocol_hash == log.study.files[log.study.protocol_file]
            if same and (wrong := contradiction(log.study, sheet, lots)):
                yield f"bag {code}: {wrong}"
        for moved in movements(Filed(code, bag, entry.event.sealed[who], after), private, own=own):
            if not moved.units or (not bag and code in replaced):
                continue
            taken[moved.lot] += moved.units
            lot = lots.get(moved.lot)
            if lot is None or lot.received.place != entry.envelope.site:
                yield f"{code} takes from lot {moved.lot}, which was not received at its site"
                continue
            if bag and (why := unusable(lot, begun)):
                yield f"bag {code}: lot {moved.lot} {why}"
            if taken[moved.lot] > lot.received.units:
                yield f"{code} takes more of lot {moved.lot} than was left"


def _replaced(log: Log, who: str, private: bytes) -> Iterator[str | None]:
    """Codes of the notes that a later one took the place of."""
    for entry in log.entries("vault"):
        if isinstance(entry.event, StockNoted):
            code, sealed = entry.event.note, entry.event.sealed[who]
            line = Filed(code=code, bag=False, sealed=sealed, after="")
            yield from (moved.replaces for moved in movements(line, private, own=None))
