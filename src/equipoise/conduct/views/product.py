"""What the people around the product are shown: lots, shelf, the bag to check, the infusion chart.

The infusion chart is for blinded people: it has no place for an arm, a lot or an amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from equipoise.conduct import reading
from equipoise.conduct.chart import Task, tasks, use_by
from equipoise.conduct.entry import EMPTY, START, Entry, Tip, read
from equipoise.conduct.events.infusion import Observed
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.events.product import StockNoted
from equipoise.conduct.log import Log
from equipoise.conduct.roles import MAKERS, READS, Actor, Role
from equipoise.conduct.schedule import schedule
from equipoise.conduct.state.doses import Given
from equipoise.conduct.state.lots import NO_LOTS, Lot, Lots, recall_lots, wanting
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.trial import Slot
from equipoise.conduct.verification import chained
from equipoise.conduct.views import DoseToPrepare, to_prepare
from equipoise.conduct.views.access import admit, of_site, own
from equipoise.errors import LogError, NotPermittedError
from equipoise.protocol.whole import Study

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
    after: str  # hash of the line before it, hexadecimal


class Seen(NamedTuple):
    """The vault up to a line: where that is, and the lots as they stood then."""

    tip: Tip
    lots: Lots


UNSEEN: Final = Seen(EMPTY, NO_LOTS)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the bench needs of the vault: the site's lots, and what was filed of them since.

    Attributes:
        fresh: The site's lots that came, or were released, rejected or recalled, after the line
            that was seen before. Whoever stands there must know of it, or somebody forged it.
    """

    lots: Lots
    lines: tuple[Filed, ...]
    seen: Seen
    recipients: dict[str, str]
    slots: tuple[Slot, ...]  # of the whole list, which tell no arm
    fresh: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BagToCheck:
    """What the second checker needs."""

    dose: DoseToPrepare
    encounter: str
    bag: str


class BagDue(NamedTuple):
    """A bag to be made up or checked; it tells no arm."""

    participant: str
    encounter: str
    planned: date
    what: str


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


def shelf(
    log: Log, *, by: Actor, seen: Seen = UNSEEN, through: Tip = EMPTY, held: Iterable[Tip] = ()
) -> Shelf:
    """The shelf of the site, for the bench, which takes nothing of the vault for granted.

    Args:
        log: The log.
        by: Preparer or second checker.
        seen: The vault as it is known already; what follows is verified.
        through: The line of the vault up to which this site saw it before.
        held: Lines that were seen before, there or elsewhere, and must still be there.

    Raises:
        NotPermittedError: Not a task of this person.
        LogError: The vault was altered or cut off.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, MAKERS)
        end = reading.tip(session, "vault")
        lines = reading.lines(session, "vault", since=seen.tip.sequence)
        new = list(chained("vault", lines, seen.tip))
    tips = [seen.tip, *(Tip(line.sequence, line.hash) for line in new)]
    known_before = [tip for tip in (through, *held) if tip.sequence >= seen.tip.sequence]
    if tips[-1] != end or not set(known_before) <= set(tips):
        raise LogError("the vault was altered or cut off since it was seen last: make up nothing")
    entries = list(map(read, new))
    about_lots = [entry for entry in entries if entry.envelope.participant is None]
    known = recall_lots((one for one in about_lots if one.sequence <= through.sequence), seen.lots)
    lots = recall_lots((one for one in about_lots if one.sequence > through.sequence), known)
    own = _of_place(lots, by)
    new_lines = tuple(line for _, line in filed(entries, after=seen.tip.hash))
    fresh = tuple(name for name, lot in own.items() if _standing(lot) != _standing(known.get(name)))
    return Shelf(own, new_lines, Seen(end, lots), dict(trial.recipients), trial.slots, fresh)


def _standing(lot: Lot | None) -> tuple[str, int, str] | None:
    """What makes a lot usable or not, when it was recalled last, and the line of its receipt."""
    return (lot.state, lot.recalled, lot.held[""]) if lot else None


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
    return BagToCheck(dose, encounter, bag.code)


def bags_due(log: Log, on: date, *, by: Actor) -> tuple[BagDue, ...]:
    """The bags that the site's makers have before them, from the first day of each dose's window.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, MAKERS)
        people = [who for who in own(session, by) if who.randomised and not who.withdrawn]
    found = [due for who in people for due in _due(log.study, who, on)]
    return tuple(sorted(found, key=lambda due: (due.planned, due.participant)))


def _due(study: Study, who: Participant, on: date) -> Iterator[BagDue]:
    """The next dose that is neither given nor missed, unless its bag is checked."""
    planned = {one.encounter: one for one in schedule(study, who)}
    for encounter in study.protocol.dosing.encounters:
        if encounter in who.doses.infused or encounter in who.doses.missed:
            continue
        bag, when = who.doses.bags.get(encounter), planned.get(encounter)
        if when and when.first <= on and not who.disposition.discontinued:
            if bag is None:
                yield BagDue(who.id, encounter, when.planned, "make up")
            elif bag.checked_by is None:
                yield BagDue(who.id, encounter, when.planned, "check")
        return


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


def filed(
    entries: Iterable[Entry], *, who: str = "preparer", after: bytes = START
) -> Iterator[tuple[Entry, Filed]]:
    """What was filed, wherever: a lot has one place, and what a site is called is not relied on.

    Args:
        entries: Of the vault, in order.
        who: For whose key.
        after: Hash of the line before the first.
    """
    for entry in entries:
        match entry.event:
            case WorksheetFiled(code, sealed) | StockNoted(code, sealed):
                bag = isinstance(entry.event, WorksheetFiled)
                yield entry, Filed(code, bag, sealed[who], after.hex())
        after = entry.hash
