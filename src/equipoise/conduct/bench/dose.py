"""Making up a bag and checking it: slot, weight, dose, lots, volume. Only here the arm is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from equipoise.answer import NO
from equipoise.conduct import worksheet
from equipoise.conduct.bench.contents import Needs, amount, contents, contradiction, whole_volume
from equipoise.conduct.bench.sheet import Reserved, Sheet, Taken, basis, opened
from equipoise.conduct.bench.stock import Bench, unusable
from equipoise.conduct.commands.command import clock
from equipoise.conduct.commands.preparation import PrepareDose
from equipoise.conduct.judgement import value_of
from equipoise.conduct.sealed import open_slot
from equipoise.conduct.state.trial import Slot
from equipoise.conduct.views import DoseToPrepare
from equipoise.conduct.views.product import BagToCheck
from equipoise.errors import ConductError, SealError
from equipoise.protocol.question.terms import Reference
from equipoise.protocol.whole import Study
from equipoise.rules.dosing.planned import planned_dose

_STRANGE: Final = (
    "by this protocol and these lots no bag could be checked in every arm; have doses, products "
    "and lots looked at"
)


class Planned(NamedTuple):
    """What a bag goes by, in every arm."""

    protocol: str  # version, and the first digits of its hash
    weight: str | None
    dose: str  # of the active product
    volume: str | None


class Made(NamedTuple):
    """A bag made up: the sheet for the preparer's eyes, and the command that files it sealed."""

    sheet: Sheet
    command: PrepareDose


def make_up(
    bench: Bench, asked: DoseToPrepare, *, encounter: str, begun: str, bag: str | None = None
) -> Made:
    """Open the slot and work out what goes into the bag.

    All that can be refused is refused before the slot is opened, and for any arm in the same words:
    a stock that would not do for some arm, a worksheet too long or contradictory in some arm. The
    stock is counted as if every bag had taken what any arm takes (``Bench.free``), so that not even
    what other bags hold can be told from it.

    Args:
        bench: Shelf, stock and key.
        asked: What ``views.dose_to_prepare`` shows.
        encounter: At which the dose is given.
        begun: When making up begins, e.g. ``2015-10-08T09:30``.
        bag: Code of the bag; a new one if not given.

    Raises:
        ConductError: Weight or lots do not allow it.
        RuleError: The protocol's dose or the lot's strength cannot be used.
        SealError: The slot does not open with the key.
    """
    study, code = bench.study, bag or worksheet.bag_code()
    weight, dose = _dose(study, asked, encounter)
    day = clock("the beginning", begun).date()

    def from_stock(product: str, needs: Needs) -> Taken:
        return _pick(bench, product, day, needs)

    slot = _slot(bench, asked)
    try:
        taken = {name: contents(study, arm, dose, from_stock) for name, arm in study.arms.items()}
    except (ArithmeticError, ValueError) as error:
        raise ConductError(f"no bag is made up: {_STRANGE}") from error
    reserved = _most(taken.values())
    made_by = basis(study, slot, weight, {one.lot: bench.shelf.lots[one.lot] for one in reserved})
    sheets = {
        name: Sheet(
            participant=asked.participant,
            encounter=encounter,
            bag=code,
            slot=slot.slot,
            arm=name,
            begun=begun,
            weight=weight,
            amount=amount(arm, dose),
            volume=whole_volume(study),
            taken=taken[name],
            reserved=reserved,
            basis=made_by,
        )
        for name, arm in study.arms.items()
    }
    for each in sheets.values():
        _fit(bench, each)
    sheet = sheets[_arm(bench, slot, asked.box)]
    sealed = sheet.sealed(bench.shelf.recipients, bench.private, bench.place())
    command = PrepareDose(asked.participant, encounter, code, begun, sealed, bench.stock.ledger)
    return Made(sheet, command)


def planned(bench: Bench, asked: DoseToPrepare, encounter: str) -> Planned:
    """What any bag of a dose goes by, to be looked at before the slot is opened.

    Else a dose that cannot be so would be noticed in the arm alone that gets it.

    Raises:
        ConductError: No dose is given there, or the weight is not recorded, or the forms object to
            it.
        RuleError: The protocol's dose cannot be used.
    """
    study = bench.study
    weight, dose = _dose(study, asked, encounter)
    unit = study.protocol.dosing.amount.unit.removesuffix("/kg")
    hashed = study.files[study.protocol_file][:8]
    volume = whole_volume(study)
    return Planned(
        f"{study.protocol.version} ({hashed})", weight, f"{dose:f} {unit} or placebo", volume
    )


def check(bench: Bench, asked: BagToCheck) -> Sheet:
    """The second check: open slot and worksheet again, and work the contents out anew.

    First it is made sure that slot, weight, protocol and the lots of every arm are those that the
    bag was made by, for otherwise the answer would depend on the arm.

    Returns:
        The sheet, to compare with the bag in hand.

    Raises:
        ConductError: Something of it has changed since; or what is said to be in the bag is not
            what weight, arm and lots ask for.
        SealError: The worksheet is not of this bag, participant, or arm.
    """
    study, filed = bench.study, bench.stock.filed.get(asked.bag)
    if filed is None or not filed.bag:
        raise SealError(f"bag {asked.bag}: no worksheet of it is in the vault")
    own = worksheet.Place(bench.listed, filed.after)
    sheet = opened(filed.sealed, bench.private, asked.bag, own=own)
    if (sheet.participant, sheet.encounter) != (asked.dose.participant, asked.encounter):
        raise SealError(f"bag {asked.bag}: the worksheet is of another dose")
    weight, slot = _weight(study, asked.dose, asked.encounter), _slot(bench, asked.dose)
    if sheet.weight != weight:
        raise ConductError(
            f"bag {asked.bag} was made up for {sheet.weight} kg; now it is {weight} kg. Discard it"
        )
    names = {one.lot for one in sheet.reserved}
    lots = {name: lot for name, lot in bench.shelf.lots.items() if name in names}
    if sheet.basis != basis(study, slot, weight, lots):
        raise ConductError(
            f"bag {asked.bag}: slot, protocol or lots on the shelf are not those that it was made "
            "up by. Discard it, make another up, and have the log verified"
        )
    arm = _arm(bench, slot, asked.dose.box)
    wrong = contradiction(study, sheet, lots)
    if sheet.arm != arm or wrong:
        raise ConductError(f"bag {asked.bag}: {wrong or 'it is of another arm'}. Discard it")
    return sheet


def _most(taken: Iterable[tuple[Taken, ...]]) -> tuple[Reserved, ...]:
    """The most units of each lot that some arm takes, in order."""
    most: dict[str, int] = {}
    for one in (one for of_arm in taken for one in of_arm):
        most[one.lot] = max(one.units, most.get(one.lot, 0))
    return tuple(Reserved(lot, units) for lot, units in sorted(most.items()))


def _fit(bench: Bench, sheet: Sheet) -> None:
    """Refuse, of any arm alike, a worksheet that could not be filed or would fail its second check.

    Raises:
        ConductError: Something of the protocol cannot be so.
        SealError: The sheet is too long.
    """
    worksheet.fitting(sheet.said(), bench.private, bench.place())
    drawn = [Decimal(one.volume) for one in sheet.taken if one.volume is not None]
    units = min((one.units for one in sheet.taken), default=0)
    fills = min(drawn, default=1) > 0 and sum(drawn) == Decimal(sheet.volume or 0)
    if units < 1 or not fills or contradiction(bench.study, sheet, bench.shelf.lots):
        raise ConductError(f"no bag is made up: {_STRANGE}")


def _slot(bench: Bench, asked: DoseToPrepare) -> Slot:
    """The participant's slot, once it is one of the trusted list, and the one of earlier bags.

    Raises:
        SealError: It is none of the list, or the log gave it to somebody else before.
    """
    slot, who = Slot(asked.slot, asked.stratum, asked.commitment), asked.participant
    if slot not in bench.shelf.slots:
        raise SealError(f"{slot.slot} of {who} is not on the list; make up nothing")
    for moved in bench.stock.movements:
        if moved.slot is not None and (moved.participant == who) != (moved.slot == slot.slot):
            raise SealError(
                f"{slot.slot} of {who}: bag {moved.code} was for {moved.participant} and "
                f"{moved.slot}. The log was changed; make up nothing, and have it verified"
            )
    return slot


def _arm(bench: Bench, slot: Slot, sealed: str) -> str:
    """The arm that a slot holds."""
    return open_slot(bench.study.name, slot, sealed, "preparer", bench.private)[0]


def _dose(study: Study, asked: DoseToPrepare, encounter: str) -> tuple[str | None, Decimal]:
    """The weight that a dose goes by, if it does, and the dose of the active product."""
    dosing = study.protocol.dosing
    if encounter not in dosing.encounters:
        given = ", ".join(dosing.encounters)
        raise ConductError(f"no dose is given at {encounter[:40]!r}; it is at {given}")
    weight = _weight(study, asked, encounter)
    return weight, planned_dose(dosing, weight=Decimal(weight) if weight else None)


def _weight(study: Study, asked: DoseToPrepare, encounter: str) -> str | None:
    """The recorded weight of the encounter, once the forms' own checks of it do not object."""
    name = study.protocol.dosing.weight
    if name is None:
        return None
    text = asked.weights.get(encounter)
    if text is None:
        raise ConductError(
            f"{asked.participant}: the dose goes by {name}, which has no value at {encounter} "
            "yet; ask the site to hold that visit and record it, then make the bag up"
        )
    weights = {
        Reference(name, at): value_of(study.columns[name], said)
        for at, said in asked.weights.items()
    }
    for form in study.forms.values():
        for rule in form.checks if study.items[name] in form.items else ():
            question = study.question(rule.question, encounter)
            about_weight = {need.item for need in question.needs} == {name}
            if about_weight and question.ask(weights) == NO:
                raise ConductError(
                    f"{asked.participant}: {name} at {encounter} is {text}: {rule.message} "
                    "Have it measured again, or corrected, before the bag is made up"
                )
    return text


def _pick(bench: Bench, product: str, day: date, needs: Needs) -> Taken:
    """Take what is needed from the first lot to expire that has it.

    Raises:
        ConductError: None can be used; it says of each why.
    """
    own = [lot for lot in bench.shelf.lots.values() if lot.received.product == product]
    why = []
    for lot in sorted(own, key=lambda lot: (str(lot.received.expiry), lot.received.lot)):
        name = lot.received.lot
        if reason := unusable(lot, day):
            why.append(f"{name} {reason}")
            continue
        taken = needs(lot)._replace(lot=name)
        if taken.units <= bench.free(name):
            return taken
        why.append(f"{name} has {bench.free(name)} of the {taken.units} units needed")
    raise ConductError(
        f"no bag is made up: no lot of {product} can be used: {'; '.join(why) or 'none is here'}"
    )
