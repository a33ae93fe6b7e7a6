"""What was given to whom: amounts, from the worksheets, after the blind was opened.

Before that an amount cannot be known anywhere but at the bench: it is 0 in placebo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from equipoise.conduct.bench.sheet import Sheet, opened
from equipoise.conduct.bench.stock import place
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.infusion import DoseRetracted, OtherBagInfused
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.events.trial import BlindOpened, ListDeposited
from equipoise.conduct.log import Log
from equipoise.conduct.sealed import opened as opened_slot
from equipoise.conduct.sealed import same_list
from equipoise.conduct.state.doses import Given
from equipoise.conduct.state.trial import Slot
from equipoise.conduct.views.product import filed
from equipoise.errors import ConductError, SealError
from equipoise.protocol.whole import Study


class Exposure(NamedTuple):
    """What was given at one encounter."""

    participant: str
    encounter: str
    amount: Decimal | None  # in the unit of the dose; None: a part that cannot be measured
    volume: Decimal | None  # in the unit of the dose's volume; None: no fluid


def exposures(
    log: Log, *, who: str, private: bytes, listed: str, main: list[Entry] | None = None
) -> tuple[Exposure, ...]:
    """Open the worksheet of every bag that was given, once the list is open.

    Of a bag recorded as another than the one meant, its own worksheet tells what was given.

    Args:
        log: The log, locked and with its blind opened.
        who: Whose key it is: ``"vault"``, ``"custodian"`` or ``"preparer"``.
        private: The key.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial. Else
            worksheets could be opened early, of a copy in which somebody locked the records and
            opened a list of his own.
        main: The entries of the main chain, where they were read already.

    Returns:
        A row for each dose given, in the order of participants and encounters.

    Raises:
        ConductError: The blind is not opened yet.
        SealError: The list is another; a worksheet is missing, does not open, was not made with the
            preparer's key where that is the key, or is of another arm than the list says.
    """
    main = main or log.entries("main")
    arms = _arms(log.study, main, listed)
    sheets = {
        line.code: opened(line.sealed, private, line.code, own=place(line, who, listed))
        for _, line in filed(log.entries("vault"), who=who)
        if line.bag
    }
    given: dict[tuple[str, str], Given] = {}
    for entry in main:
        name = entry.envelope.participant
        if isinstance(entry.event, Given) and name:
            given[name, entry.event.encounter] = entry.event
        elif isinstance(entry.event, DoseRetracted) and name:
            given.pop((name, entry.event.encounter), None)
    order = list(log.study.encounters)
    return tuple(
        _exposure(name, infused, arms, sheets)
        for (name, _), infused in sorted(
            given.items(), key=lambda one: (one[0][0], order.index(one[0][1]))
        )
    )


def _arms(study: Study, main: Iterable[Entry], listed: str) -> dict[str, str]:
    """The arm of each participant, from the trusted list once it was opened."""
    slots: dict[str, Slot] = {}
    recipients: Mapping[str, str] = {}
    taken: dict[str, str] = {}
    records: Mapping[str, str] | None = None
    for entry in main:
        match entry.event:
            case ListDeposited(rows, keys):
                slots, recipients = {row[0]: Slot(*row) for row in rows}, keys
            case Randomised(slot):
                taken[str(entry.envelope.participant)] = slot
            case BlindOpened(openings):
                records = openings
    same_list(study, slots.values(), recipients, listed)
    if records is None:
        raise ConductError("amounts are told after lock, once the blind was opened")
    if set(records) != set(slots):
        raise SealError("not every slot of the list was opened, and nothing else")
    arms = {name: opened_slot(slots[name], bytes.fromhex(r)) for name, r in records.items()}
    return {name: arms[slot] for name, slot in taken.items()}


def _exposure(
    name: str,
    infused: Given,
    arms: dict[str, str],
    sheets: dict[str, Sheet],
) -> Exposure:
    sheet = sheets.get(infused.bag)
    if sheet is None:
        raise SealError(f"bag {infused.bag} was given and has no worksheet")
    said = (sheet.participant, sheet.encounter, sheet.arm)
    other = isinstance(infused, OtherBagInfused)
    if not other and said != (name, infused.encounter, arms[name]):
        raise SealError(
            f"bag {infused.bag}: the worksheet says {', '.join(said)}; given was it to {name} at "
            f"{infused.encounter}, whose arm is {arms[name]}"
        )
    amount: Decimal | None = Decimal(sheet.amount)
    volume = Decimal(infused.infused) if infused.infused else None
    if infused.given != "given" and amount:
        whole = Decimal(sheet.volume) if sheet.volume else None
        amount = amount * volume / whole if volume is not None and whole else None
    return Exposure(name, infused.encounter, amount, volume)
