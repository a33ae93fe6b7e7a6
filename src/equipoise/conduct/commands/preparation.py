"""The commands of the unblinded people who make up and check the bags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from equipoise.conduct.commands.command import (
    Command,
    Situation,
    moment,
    sealed_for_all,
)
from equipoise.conduct.commands.stock import unmoved
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.preparation import (
    BagDiscarded,
    DoseChecked,
    DosePrepared,
    WorksheetFiled,
)
from equipoise.conduct.schedule import schedule
from equipoise.conduct.state.doses import DISCARDED, Bag
from equipoise.conduct.state.lots import Lots
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.worksheet import random_code
from equipoise.errors import ConductError
from equipoise.protocol.question import Reference

RECENT: Final = timedelta(days=1)  # older, a lot could be used that has expired since


@dataclass(frozen=True, slots=True)
class PrepareDose(Command):
    """File that a bag is made up; ``bench.dose.make_up`` works it out and makes this command.

    Attributes:
        bag: A random code from ``worksheet.bag_code``.
        begun: When making up began, e.g. ``2015-10-08T09:30``, in the site's time zone.
        worksheet: What went into the bag, sealed by ``worksheet.filed``.
        ledger: Length of the vault when the stock was added up.
    """

    NAME: ClassVar[str] = "prepare dose"
    LOTS: ClassVar[bool] = True
    SEALED: ClassVar[tuple[str, ...]] = ("worksheet", "ledger")
    participant: str
    encounter: str
    bag: str
    begun: str
    worksheet: Mapping[str, str]
    ledger: int

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """One bag a dose at a time, for a randomised participant of the site."""
        who = now.active
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised")
        planned(now, self.encounter)
        if who.disposition.discontinued:
            raise ConductError(f"{who.id} discontinued the treatment; no further dose is made up")
        if self.encounter in who.doses.bags:
            raise ConductError(f"{who.id}: the bag for {self.encounter} is prepared already")
        if self.encounter in who.doses.missed:
            raise ConductError(f"{who.id}: the dose of {self.encounter} is recorded as not given")
        in_turn(now, self.encounter)
        random_code("B", self.bag)
        if now.at - moment("the beginning", self.begun, now.at) > RECENT:
            raise ConductError(f"making up began on {self.begun}, more than a day ago: discard it")
        sealed_for_all(self.worksheet)
        unmoved(now, self.ledger)
        number = who.doses.made.get(self.encounter, 0) + 1
        return (
            DosePrepared(self.encounter, self.bag, number, self.begun),
            WorksheetFiled(self.bag, dict(self.worksheet)),
        )


@dataclass(frozen=True, slots=True)
class CheckDose(Command):
    """The second check, by another person; ``bench.dose.check`` compares bag and worksheet.

    Attributes:
        agrees: Contents, label and worksheet agree.
        covered: Bag and line are under their opaque cover.
    """

    NAME: ClassVar[str] = "check dose"
    LOTS: ClassVar[bool] = True
    participant: str
    encounter: str
    bag: str
    agrees: bool = True
    covered: bool = True

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Both must hold, nothing changed since, and the preparer does not check the own bag.

        What changed is not held against what is in the bag: a bag of placebo would pass.
        """
        who = now.active
        bag = own_bag(who, self.encounter, self.bag)
        if bag.checked_by:
            raise ConductError(f"{who.id}: the bag for {self.encounter} is checked already")
        if bag.prepared_by == now.by.person:
            raise ConductError("the second check is made by a second person")
        if bag.protocol != now.study.files[now.study.protocol_file]:
            raise ConductError("the protocol changed since this bag was made up: discard it")
        if before_recall(bag, now.lots, who.site):
            raise ConductError("a lot was recalled here since this bag was made up: discard it")
        same_weight(now, self.encounter, bag)
        if not (self.agrees and self.covered):
            raise ConductError("a bag that does not agree or cannot be covered: discard it")
        return (DoseChecked(self.encounter, self.bag),)


@dataclass(frozen=True, slots=True)
class DiscardBag(Command):
    """Throw a bag away; another can then be made up."""

    NAME: ClassVar[str] = "discard bag"
    participant: str
    encounter: str
    bag: str
    cause: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """A bag that was not infused, for one of the causes that tell nothing."""
        who = now.enrolled
        own_bag(who, self.encounter, self.bag)
        if self.encounter in who.doses.infused:
            raise ConductError(f"{who.id}: the bag for {self.encounter} was infused")
        if self.cause not in DISCARDED:
            raise ConductError(f"the cause is one of: {'; '.join(DISCARDED)}")
        return (BagDiscarded(self.encounter, self.bag, self.cause),)


def planned(now: Situation, encounter: str) -> None:
    """Refuse an encounter at which no dose is given.

    Raises:
        ConductError: The protocol gives none there.
    """
    encounters = now.study.protocol.dosing.encounters
    if encounter not in encounters:
        raise ConductError(f"a dose is given at {', '.join(encounters)}, not {encounter[:40]!r}")


def in_turn(now: Situation, encounter: str) -> None:
    """Refuse a dose before its day, or while it is open whether an earlier one was given.

    A dose after its window is given if the site decides so; it is then a deviation.

    Raises:
        ConductError: It is not this dose's turn.
    """
    who, encounters = now.enrolled, now.study.protocol.dosing.encounters
    for earlier in encounters[: encounters.index(encounter)]:
        if earlier not in who.doses.infused and earlier not in who.doses.missed:
            raise ConductError(
                f"{who.id}: record first that the dose of {earlier} was given, or was not"
            )
    for visit in schedule(now.study, who):
        if visit.encounter == encounter and who.doses.infused and now.at.date() < visit.first:
            raise ConductError(f"{who.id}: the dose of {encounter} is due from {visit.first} on")


def own_bag(who: Participant, encounter: str, code: str) -> Bag:
    """The bag with this code, if it is the one for the participant's dose.

    The words of the refusal are the same whether it is another's, an old one, or none at all.

    Raises:
        ConductError: It is not.
    """
    bag = who.doses.bags.get(encounter)
    if bag is None or bag.code != code:
        raise ConductError(f"this bag is not for {who.id} at {encounter[:40]}: do not use it")
    return bag


def before_recall(bag: Bag, lots: Lots, site: str | None) -> bool:
    """Whether a lot was recalled at the site after a bag was made up.

    It is not asked whether the lot is in this bag. If only those were thrown away that it is in,
    whoever hears of the recall would know their arm.
    """
    return any(lot.received.place == site and lot.recalled >= bag.line for lot in lots.values())


def same_weight(now: Situation, encounter: str, bag: Bag) -> None:
    """Refuse a bag that was made up by a weight that was corrected since.

    Raises:
        ConductError: It was.
    """
    weight = Reference(now.study.protocol.dosing.weight or "", encounter)
    if now.enrolled.corrected.get(weight, 0) > bag.line:
        raise ConductError(
            f"{weight.item} was corrected since this bag was made up: do not use it, discard it"
        )


def checked_bag(who: Participant, encounter: str, code: str) -> Bag:
    """The participant's own bag, after its second check.

    Raises:
        ConductError: It is not the participant's, or nobody checked it.
    """
    bag = own_bag(who, encounter, code)
    if bag.checked_by is None:
        raise ConductError(f"{who.id}: the bag has no second check yet; do not use it")
    return bag
