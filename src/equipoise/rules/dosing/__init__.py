"""How much a participant gets: one method a file, found by its name in the protocol.

A dose of the product has ``check(*, <parameters>)``, which refuses what the method cannot do, and
``target(weight, <parameters>)``, the dose. A dose that depends on the course so far has ``init``
and ``step`` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from equipoise.errors import RuleError, nearest
from equipoise.protocol.intervention import Titration
from equipoise.rules.dosing import by_weight, fixed, titration
from equipoise.rules.parameters import named

TARGETS: Final[Mapping[str, ModuleType]] = {"fixed": fixed, "by-weight": by_weight}
TITRATIONS: Final[Mapping[str, ModuleType]] = {"bands": titration}
METHODS: Final[Mapping[str, ModuleType]] = {**TARGETS, **TITRATIONS}


def check_titration(planned: Titration) -> None:
    """Refuse a titration whose rule is not known or whose table the rule cannot use.

    Raises:
        RuleError: What is wrong with it.
    """
    if planned.rule not in TITRATIONS:
        raise RuleError(
            f"there is no titration rule {planned.rule}; there is {', '.join(TITRATIONS)}."
            + nearest(planned.rule, TITRATIONS)
        )
    TITRATIONS[planned.rule].from_protocol(planned)


def checked(method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a dose of the product as its method takes them.

    Raises:
        RuleError: There is no such method, or a parameter is not one that it can use.
    """
    if method not in TARGETS:
        raise RuleError(
            f"there is no dose method {method}; there are {', '.join(TARGETS)}."
            + nearest(method, TARGETS)
        )
    check = TARGETS[method].check
    values = named(method, check, parameters)
    check(**values)
    return values


def target_dose(method: str, parameters: Mapping[str, Any], *, weight: int) -> int:
    """The dose of one administration, cells.

    Args:
        method: Name in ``TARGETS``.
        parameters: As the protocol gives them, e.g. ``{"per_kg": 1_000_000}``.
        weight: As recorded, steps of 0.1 kg.

    Raises:
        RuleError: The method, a parameter or the weight is not one that can be used.

    >>> target_dose("by-weight", {"per_kg": 1_000_000}, weight=723)
    72300000
    """
    values = checked(method, parameters)
    dose: int = TARGETS[method].target(weight, **values)
    return dose
