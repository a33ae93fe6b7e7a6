"""The dose that a protocol plans, from its own words to the method's whole numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from equipoise.errors import RuleError
from equipoise.protocol.intervention import Dosing
from equipoise.rules.dosing import TARGETS, checked, target_dose

_AMOUNT: Final = {"fixed": "amount", "by-weight": "per_kg"}  # what the protocol's amount is called


def planned_parameters(dosing: Dosing) -> dict[str, Any]:
    """The parameters of the dose's method, checked; the amount counts steps of `step`.

    Raises:
        UnknownValueError: The protocol does not say how much.
        RuleError: The method or a parameter cannot be used.
    """
    steps = dosing.amount.known("the dose") / step(dosing)
    name = _AMOUNT.get(dosing.rule, "amount")
    if dosing.rule in TARGETS and TARGETS[dosing.rule].NEEDS_WEIGHT and not dosing.weight:
        raise RuleError(f"a {dosing.rule} dose needs `weight`, the item that holds the weight")
    return checked(dosing.rule, {name: int(steps)} | dict(dosing.parameters))


def step(dosing: Dosing) -> Decimal:
    """The unit in which a dose is counted: 1, or a tenth, hundredth ... if the amount has decimals.

    >>> from equipoise.protocol.intervention import Amount
    >>> dose = Amount(value=Decimal("2.50"), unit="mg", source="registry")
    >>> step(Dosing(rule="fixed", amount=dose, encounters=("WEEK0",)))
    Decimal('0.1')
    """
    exponent = dosing.amount.known("the dose").normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(0, int(exponent)))


def planned_dose(dosing: Dosing, *, weight: Decimal | None) -> Decimal:
    """The amount of one administration, in the amount's unit; by weight, in that unit less "/kg".

    Args:
        dosing: The protocol's dosing.
        weight: Recorded weight, kg; needed for a dose by weight.
    """
    parameters = planned_parameters(dosing)
    tenths = int((weight or Decimal(0)) * 10)
    return target_dose(dosing.rule, parameters, weight=tenths) * step(dosing)
