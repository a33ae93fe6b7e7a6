"""What belongs in a bag by arm, dose and lots: the preparer takes it, others work it out again."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, Decimal
from typing import Final

from equipoise.conduct.bench.sheet import Sheet, Taken
from equipoise.conduct.commands.lots import INACTIVE
from equipoise.conduct.state.lots import Lot, Lots
from equipoise.errors import ConductError
from equipoise.protocol.intervention import Arm
from equipoise.protocol.whole import Study
from equipoise.rules.dosing.planned import planned_dose, step
from equipoise.rules.dosing.preparation import Product, prepare

_TENTH: Final = Decimal("0.1")  # mL, the step in which a volume is drawn

Needs = Callable[[Lot], Taken]
"""What is needed of a lot."""

Pick = Callable[[str, Needs], Taken]
"""What is taken of a product, by what is needed of each lot."""


def amount(arm: Arm, dose: Decimal) -> str:
    """Of the active product in a bag of an arm, in the unit of the dose."""
    return "0" if arm.role in INACTIVE else format(dose, "f")


def whole_volume(study: Study) -> str | None:
    """The volume of a bag, where it is a fluid."""
    volume = study.protocol.dosing.volume
    return format(volume.known("dosing.volume"), "f") if volume else None


def contents(study: Study, arm: Arm, dose: Decimal, pick: Pick) -> tuple[Taken, ...]:
    """What is taken for a dose in an arm.

    Raises:
        RuleError: The lot's strength cannot be used.
    """
    dosing = study.protocol.dosing
    if dosing.volume is None:
        return (pick(arm.product, lambda lot: Taken("", _units(dose, lot), None)),)
    whole, taken = dosing.volume.known("dosing.volume"), []
    rest = whole
    if arm.role not in INACTIVE:
        cells, bag = int(dose / step(dosing)), int(whole / _TENTH)

        def suspended(lot: Lot) -> Taken:
            content = int(Decimal(lot.received.content or 0) / step(dosing))
            vial = Product(content, int(Decimal(lot.received.volume or 0) / _TENTH), bag)
            made = prepare(cells, vial)
            return Taken("", made.vials, format(made.suspension * _TENTH, "f"))

        taken.append(pick(arm.product, suspended))
        rest -= Decimal(taken[0].volume or 0)
    vehicle = next((a.product for a in study.arms.values() if a.role == "placebo"), None)
    if vehicle and rest:
        taken.append(pick(vehicle, lambda lot: _filling(rest, lot)))
    return tuple(taken)


def contradiction(study: Study, sheet: Sheet, lots: Lots) -> str | None:
    """What a worksheet says that does not follow from its arm, weight and lots, or None."""
    if sheet.arm not in study.arms:
        return f"there is no arm {sheet.arm}"
    arm = study.arms[sheet.arm]
    dose = planned_dose(study.protocol.dosing, weight=Decimal(sheet.weight or 0) or None)
    if Decimal(sheet.amount) != Decimal(amount(arm, dose)):
        return f"it holds {sheet.amount}; {amount(arm, dose)} is asked for"
    if sheet.volume != whole_volume(study):
        return f"its volume is {sheet.volume}; {whole_volume(study)} is asked for"

    def from_sheet(product: str, needs: Needs) -> Taken:
        for taken in sheet.taken:
            if taken.lot in lots and lots[taken.lot].received.product == product:
                return needs(lots[taken.lot])._replace(lot=taken.lot)
        raise ConductError(f"nothing of a lot of {product} is in it")

    try:
        asked = contents(study, arm, dose, from_sheet)
    except ConductError as error:
        return str(error)
    return None if asked == sheet.taken else f"{_told(sheet.taken)} is in it, not {_told(asked)}"


def _told(taken: tuple[Taken, ...]) -> str:
    return ", ".join(
        f"{one.units} units{f' ({one.volume})' if one.volume else ''} of {one.lot}" for one in taken
    )


def _units(dose: Decimal, lot: Lot) -> int:
    content = Decimal(lot.received.content or 0)
    return int((dose / content).to_integral_value(ROUND_CEILING))


def _filling(volume: Decimal, lot: Lot) -> Taken:
    each = Decimal(lot.received.volume or 0)
    return Taken("", int((volume / each).to_integral_value(ROUND_CEILING)), format(volume, "f"))
