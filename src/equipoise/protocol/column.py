"""What a question sees of an item: kind, unit, recorded step, plausible range, where collected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from equipoise.errors import QuestionError
from equipoise.units import parse_unit

Kind = Literal["number", "code", "date", "yesno", "text"]


@dataclass(frozen=True, slots=True)
class Column:
    """One item of the data dictionary, recorded or derived.

    Attributes:
        name: The item's name, as questions write it.
        unit: Unit of a number.
        decimals: Decimals to which a number is recorded; one step is ``10**-decimals``.
        low: Lowest plausible value of a number, in its unit.
        high: Highest plausible value of a number, in its unit.
        codes: What a coded item can be, in order.
        encounters: Where the item is collected.
        conversions: What one of ``unit`` is in units of another quantity, for this substance only,
            e.g. ``(("mg/dL", Decimal("18.016")),)`` for glucose in mmol/L.
    """

    name: str
    kind: Kind
    unit: str = "1"
    decimals: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    codes: tuple[str, ...] = ()
    encounters: tuple[str, ...] = ()
    conversions: tuple[tuple[str, Decimal], ...] = ()

    def __post_init__(self) -> None:
        for unit in (self.unit, *(unit for unit, _ in self.conversions)):
            parse_unit(unit)
        if self.kind == "code" and not self.codes:
            raise QuestionError(f"item {self.name} is coded and has no codes")
        if self.kind == "number":
            low, high = self.counts
            if self.decimals < 0 or low > high or not all(x > 0 for _, x in self.conversions):
                raise QuestionError(
                    f"item {self.name} is a number from {self.low} to {self.high}, recorded "
                    f"{self.fineness}: no value can be recorded"
                )

    @property
    def fineness(self) -> str:
        """How finely a number is recorded, in words: ``"in whole numbers"``, ``"to 1 decimal"``."""
        if self.decimals == 0:
            return "in whole numbers"
        return f"to {self.decimals} decimal{'s' if self.decimals > 1 else ''}"

    @property
    def counts(self) -> tuple[int, int]:
        """The plausible range of a number in whole recorded steps."""
        if self.low is None or self.high is None:
            raise QuestionError(f"item {self.name} is a number and needs a plausible range")
        steps = 10**self.decimals
        return ceil(Fraction(self.low) * steps), floor(Fraction(self.high) * steps)
