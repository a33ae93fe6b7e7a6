"""The same dose for everybody."""

from __future__ import annotations

from typing import Final

from equipoise.rules.parameters import whole

NEEDS_WEIGHT: Final = False


def check(*, amount: int) -> None:
    """Refuse an amount that is no positive whole number.

    Raises:
        RuleError: The amount is no positive whole number.
    """
    whole("amount", amount, least=1)


def target(_weight: int, amount: int) -> int:
    """The dose of one administration, cells; the weight does not matter.

    Args:
        amount: Cells.
    """
    return amount
