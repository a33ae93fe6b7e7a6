"""A dose in proportion to body weight, in whole cells."""

from __future__ import annotations

from typing import Final

from equipoise.errors import RuleError
from equipoise.rules.parameters import whole

NEEDS_WEIGHT: Final = True
NO_MAXIMUM: Final = 2**62


def check(*, per_kg: int, nearest: int = 1, maximum: int = NO_MAXIMUM) -> None:
    """Refuse amounts from which no exact dose follows.

    Raises:
        RuleError: An amount is no positive whole number; or 0.1 kg would not get whole cells.
    """
    whole("per_kg", per_kg, least=10)
    whole("nearest", nearest, least=1)
    whole("maximum", maximum, least=nearest)
    if per_kg % 10:
        raise RuleError(f"per_kg is {per_kg}; give a multiple of 10, weights count in 0.1 kg")


def target(weight: int, per_kg: int, nearest: int = 1, maximum: int = NO_MAXIMUM) -> int:
    """The dose of one administration, cells; exact, then rounded, then held to the maximum.

    Args:
        weight: As recorded, steps of 0.1 kg.
        per_kg: Cells for each kg.
        nearest: Doses are whole multiples of this; half way is rounded up; cells.
        maximum: Largest dose, whatever the weight; cells.

    Raises:
        RuleError: The weight is not above 0.

    Source: 1.0×10⁶ cells/kg: NCT02302599. Its publication tells neither rounding nor a maximum.

    >>> target(723, per_kg=1_000_000)
    72300000
    """
    if weight <= 0:
        raise RuleError("a dose by weight needs a weight above 0; mend the record of the weight")
    exact = per_kg // 10 * weight
    rounded = (exact + nearest // 2) // nearest * nearest
    return min(rounded, maximum)
