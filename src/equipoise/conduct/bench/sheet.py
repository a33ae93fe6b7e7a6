"""The worksheet of a bag: what went into it, and from which lots. It is only ever stored sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

from equipoise.conduct import worksheet
from equipoise.errors import SealError


class Taken(NamedTuple):
    """What was taken from a lot."""

    lot: str
    units: int
    volume: str | None  # drawn from them, in the unit of the dose's volume


@dataclass(frozen=True, slots=True)
class Sheet:
    """The worksheet of a bag.

    Attributes:
        begun: When making up began; for cells the thawing.
        weight: As recorded, where the dose goes by weight.
        amount: Of the active product in the bag, in the unit of the dose; 0 in placebo.
        volume: Of the bag, where it is a fluid.
        taken: From which lots.
    """

    participant: str
    encounter: str
    bag: str
    arm: str
    begun: str
    weight: str | None
    amount: str
    volume: str | None
    taken: tuple[Taken, ...]

    def sealed(self, recipients: dict[str, str]) -> dict[str, str]:
        """This sheet for each who may read it."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return worksheet.filed(said, recipients, self.bag)


def opened(sealed: str, private: bytes, bag: str) -> Sheet:
    """The worksheet of a bag again.

    Raises:
        SealError: The key does not open it, or it is not the worksheet of this bag.
    """
    said = json.loads(worksheet.read(sealed, private, bag))
    try:
        sheet = Sheet(**{**said, "taken": tuple(Taken(*row) for row in said["taken"])})
        Decimal(sheet.amount)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise SealError(f"bag {bag}: this is not a worksheet of the bench") from error
    if sheet.bag != bag:
        raise SealError(f"bag {bag}: the worksheet is of bag {sheet.bag}")
    return sheet
