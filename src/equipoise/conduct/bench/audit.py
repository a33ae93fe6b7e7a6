"""Whether every bag holds what it should, from lots released, not expired, not used up by then.

The server cannot see to it, for it does not know the lot. The vault keeps receipts, releases,
recalls and sealed worksheets in one chain, so that whoever has a key can go through them in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from equipoise.conduct.bench.contents import contradiction
from equipoise.conduct.bench.sheet import Sheet, opened
from equipoise.conduct.bench.stock import movements, of_bag, place, unusable
from equipoise.conduct.commands.command import clock
from equipoise.conduct.entry import Entry
from equipoise.conduct.log import Log
from equipoise.conduct.sealed import same_list
from equipoise.conduct.state.lots import NO_LOTS, Lots, recall_lots
from equipoise.conduct.views.product import filed


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
    trial, entries = log.trial(), log.entries("vault")
    same_list(log.study, trial.slots, trial.recipients, listed)
    lines = {entry.sequence: line for entry, line in filed(entries, who=who)}
    notes = {
        line.code: tuple(movements(line, private, own=place(line, who, listed)))
        for line in lines.values()
        if not line.bag
    }
    replaced = {moved.replaces for own in notes.values() for moved in own}
    lots, taken, pairs = NO_LOTS, Counter[str](), set[tuple[str, str]]()
    for entry in entries:
        if entry.envelope.participant is None:
            lots = recall_lots([entry], lots)
        line = lines.get(entry.sequence)
        if line is None or (not line.bag and line.code in replaced):
            continue
        if line.bag:
            sheet = opened(line.sealed, private, line.code, own=place(line, who, listed))
            pairs.add((sheet.participant, sheet.slot))
            yield from _of_sheet(log, entry, sheet, lots, pairs)
        for moved in of_bag(sheet) if line.bag else notes[line.code]:
            if not moved.units:
                continue
            taken[moved.lot] += moved.units
            lot = lots.get(moved.lot)
            if lot is None or lot.received.place != entry.envelope.site:
                yield f"{line.code} takes from lot {moved.lot}, which was not received at its site"
            elif taken[moved.lot] > lot.received.units:
                yield f"{line.code} takes more of lot {moved.lot} than was left"


def _of_sheet(
    log: Log, entry: Entry, sheet: Sheet, lots: Lots, pairs: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """What was wrong with a bag when it was filed.

    Args:
        log: The log.
        entry: That filed it.
        sheet: Its worksheet.
        lots: As they stood then.
        pairs: Participants and slots of all bags so far.
    """
    for person, slot in pairs:
        if (person == sheet.participant) != (slot == sheet.slot):
            yield f"bag {sheet.bag}: {sheet.participant} and {sheet.slot} do not belong together"
            break
    same = entry.envelope.protocol_hash == log.study.files[log.study.protocol_file]
    if same and (wrong := contradiction(log.study, sheet, lots)):
        yield f"bag {sheet.bag}: {wrong}"
    day = clock("the beginning", sheet.begun).date()
    for name in (one.lot for one in sheet.taken if one.lot in lots):
        if why := unusable(lots[name], day):
            yield f"bag {sheet.bag}: lot {name} {why}"
