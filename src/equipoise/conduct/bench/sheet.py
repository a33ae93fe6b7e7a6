"""The worksheet of a bag: what went into it, and from which lots. It is only ever stored sealed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

from equipoise.conduct import worksheet
from equipoise.conduct.canonical import canonical
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

    def said(self, private: bytes) -> dict[str, object]:
        """What is filed: the sheet, and a code that only the preparer's key can make of it."""
        said: dict[str, object] = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**said, "made": _made(said, private)}

    def sealed(self, recipients: dict[str, str], private: bytes) -> dict[str, str]:
        """This sheet for each who may read it, as its maker with this key files it."""
        return worksheet.filed(self.said(private), recipients, self.bag)


def opened(sealed: str, private: bytes, bag: str, *, own: bool = False) -> Sheet:
    """The worksheet of a bag again.

    Args:
        sealed: As it is filed.
        private: A key that it was sealed for.
        bag: Code of the bag.
        own: Whether it must have been made with this very key.

    Raises:
        SealError: The key does not open it, it is not the worksheet of this bag, or was not made
            with the key.
    """
    said = json.loads(worksheet.read(sealed, private, bag))
    made = str(said.pop("made", ""))
    if own and not hmac.compare_digest(made, _made(said, private)):
        raise SealError(f"bag {bag}: its worksheet was not made with the preparer's key")
    try:
        sheet = Sheet(**{**said, "taken": tuple(Taken(*row) for row in said["taken"])})
        Decimal(sheet.amount)
    except (KeyError, TypeError, ArithmeticError) as error:
        raise SealError(f"bag {bag}: this is not a worksheet of the bench") from error
    if sheet.bag != bag:
        raise SealError(f"bag {bag}: the worksheet is of bag {sheet.bag}")
    return sheet


def _made(said: Mapping[str, object], private: bytes) -> str:
    key = hmac.digest(private, b"equipoise worksheet 1", "sha256")
    return hmac.digest(key, canonical(said), "sha256").hex()
