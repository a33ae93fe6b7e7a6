"""What the people around the product are shown: lots, shelf, the bag to check, the infusion chart.

The infusion chart is for blinded people: it has no place for an arm, a lot or an amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from equipoise.conduct import reading
from equipoise.conduct.chart import Task, tasks, use_by
from equipoise.conduct.entry import read
from equipoise.conduct.events.infusion import Observed
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.events.product import StockNoted
from equipoise.conduct.log import Log
from equipoise.conduct.roles import MAKERS, READS, Actor, Role
from equipoise.conduct.state.doses import Given
from equipoise.conduct.state.lots import Lots, wanting
from equipoise.conduct.state.trial import Slot
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views import DoseToPrepare, to_prepare
from equipoise.conduct.views.access import admit, of_site, refused
from equipoise.errors import NotPermittedError

SEE_LOTS: Final = MAKERS | {Role.QUALIFIED_PERSON, Role.UNBLINDED_AUDITOR}


class LotShown(NamedTuple):
    """A lot, without what is left of it."""

    lot: str
    product: str
    place: str
    units: int  # received
    content: str | None
    volume: str | None
    passage: int | None
    expiry: str
    storage: str
    state: str
    results: Mapping[str, str]
    wanting: Mapping[str, str]  # by release test, or the passage: what is wrong
    released_by: str | None


class Filed(NamedTuple):
    """A sealed worksheet or note, for the preparer's key."""

    code: str
    bag: bool  # of a bag; else a note
    sealed: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the bench needs of the vault: the site's lots, and what was filed of them since."""

    lots: Lots
    lines: tuple[Filed, ...]
    ledger: int
    recipients: dict[str, str]
    slots: tuple[Slot, ...]  # of the whole list, which tell no arm


@dataclass(frozen=True, slots=True)
class BagToCheck:
    """What the second checker needs."""

    dose: DoseToPrepare
    encounter: str
    bag: str
    sheet: str  # sealed, for the key of the bench


class InfusionChart(NamedTuple):
    """A dose at the bedside."""

    participant: str
    encounter: str
    bag: str | None
    checked: bool
    scanned: bool  # its code was read at the bedside
    use_by: datetime | None
    infused: Given | None
    missed: bool
    tasks: tuple[Task, ...]
    observed: Mapping[int, Observed]


def lots(log: Log, *, by: Actor) -> list[LotShown]:
    """The lots, for those who receive, release and use them; at a site its own.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    products = {product.name: product for product in log.study.protocol.products}
    with log.storage.reading() as session:
        admit(reading.trial(session), by, SEE_LOTS)
        found = _of_place(reading.lots(session), by)
    return [
        LotShown(
            *(got.lot, got.product, got.place, got.units, got.content, got.volume, got.passage),
            *(str(got.expiry), got.storage, lot.state, lot.results),
            wanting=wanting(lot, products[got.product]),
            released_by=lot.released_by.person if lot.released_by else None,
        )
        for lot in found.values()
        for got in [lot.received]
    ]


def shelf(log: Log, *, by: Actor, since: int = 0) -> Shelf:
    """The shelf of the site, for the bench.

    Args:
        log: The log.
        by: Preparer or second checker.
        since: Length of the vault up to which the lines are known.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, MAKERS)
        own = _of_place(reading.lots(session), by)
        ledger = reading.tip(session, "vault").sequence
        filed = tuple(_filed(session, by, since))
        return Shelf(own, filed, ledger, dict(trial.recipients), trial.slots)


def bag_to_check(log: Log, name: str, encounter: str, *, by: Actor) -> BagToCheck:
    """A bag that waits for its second check.

    Raises:
        NotPermittedError: Not a task of this person, or there is nothing to check.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, frozenset({Role.SECOND_CHECKER}))
        dose = to_prepare(log, session, name, by)
        bag = of_site(reading.participant(session, name), by).doses.bags.get(encounter)
        if bag is None or bag.checked_by:
            raise NotPermittedError(
                f"no bag of {name[:40]} for {encounter[:40]!r} waits for its second check; look at "
                "the label, or at whether it is checked already"
            )
        for line in reading.about(session, "vault", name):
            event = read(line).event
            if isinstance(event, WorksheetFiled) and event.bag == bag.code:
                return BagToCheck(dose, encounter, bag.code, event.sealed["preparer"])
    raise refused(by)


def infusion_chart(
    log: Log, name: str, encounter: str, *, by: Actor, at: datetime
) -> InfusionChart:
    """A dose at the bedside, with the observations due at a time.

    Raises:
        NotPermittedError: Not a task of this person, or no such participant.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        who = of_site(reading.participant(session, name), by)
    doses, bag = who.doses, who.doses.bags.get(encounter)
    return InfusionChart(
        participant=who.id,
        encounter=encounter,
        bag=bag.code if bag else None,
        checked=bool(bag and bag.checked_by),
        scanned=bool(bag and doses.scanned.get(encounter) == bag.code),
        use_by=use_by(log.study, bag.begun, at) if bag else None,
        infused=doses.infused.get(encounter),
        missed=encounter in doses.missed,
        tasks=tasks(log.study, who, encounter, at),
        observed=doses.observed.get(encounter, {}),
    )


def _of_place(found: Lots, by: Actor) -> Lots:
    return {
        name: lot for name, lot in found.items() if by.site is None or lot.received.place == by.site
    }


def _filed(session: Session, by: Actor, since: int) -> Iterator[Filed]:
    for line in reading.lines(session, "vault", since=since):
        entry = read(line)
        match entry.event:
            case WorksheetFiled(code, sealed) | StockNoted(code, sealed):
                if entry.envelope.site == by.site:
                    bag = isinstance(entry.event, WorksheetFiled)
                    yield Filed(code, bag, sealed["preparer"])
