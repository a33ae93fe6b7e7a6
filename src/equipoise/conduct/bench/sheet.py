"""The worksheet of a bag: what went into it, and from which lots. It is only ever stored sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

from equipoise.conduct import worksheet
from equipoise.conduct.canonical import digest
from equipoise.conduct.commands.command import clock
from equipoise.conduct.state.lots import Lots
from equipoise.errors import ConductError, SealError
from equipoise.protocol.whole import Study


class Reserved(NamedTuple):
    """What some arm would have taken from a lot."""

    lot: str
    units: int


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
        reserved: Of each lot the most that some arm would have taken: the same in every arm.
        basis: Of what it was made by, see ``basis``: the same in every arm.
    """

    participant: str
    encounter: str
    bag: str
    slot: str
    arm: str
    begun: str
    weight: str | None
    amount: str
    volume: str | None
    taken: tuple[Taken, ...]
    reserved: tuple[Reserved, ...]
    basis: str

    def said(self) -> dict[str, object]:
        """What is filed."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def sealed(
        self, recipients: dict[str, str], private: bytes, place: worksheet.Place
    ) -> dict[str, str]:
        """This sheet for each who may read it, as its maker with this key files it."""
        return worksheet.filed(self.said(), recipients, self.bag, private=private, place=place)


def basis(study: Study, slot: Sequence[str], weight: str | None, lots: Lots) -> str:
    """What a bag is made by, in 32 hexadecimal digits: the second check must find the same.

    Whoever writes to the database could exchange one of it between bench and check. Were the check
    to look at what is in the bag then, its answer would tell the arm.

    Args:
        study: As planned.
        slot: Of the list.
        weight: As recorded, where the dose goes by weight.
        lots: All that the bag would be made from in any arm.
    """
    held = [(name, lot.state, lot.covered, lot.recalled) for name, lot in sorted(lots.items())]
    return digest([study.files[study.protocol_file], list(slot), weight, held])[:32]


def opened(sealed: str, private: bytes, bag: str, *, own: worksheet.Place | None = None) -> Sheet:
    """The worksheet of a bag again.

    Args:
        sealed: As it is filed.
        private: A key that it was sealed for.
        bag: Code of the bag.
        own: Where it stands, for which it must have been made with this very key.

    Raises:
        SealError: The key does not open it, it is not the worksheet of this bag, or was not made
            with the key.
    """
    said = worksheet.read(sealed, private, bag, own=own)
    try:
        taken = tuple(Taken(*row) for row in said["taken"])
        reserved = tuple(Reserved(*row) for row in said["reserved"])
        sheet = Sheet(**{**said, "taken": taken, "reserved": reserved})
        clock("the beginning", sheet.begun)
        units = [one.units for one in taken] + [one.units for one in reserved]
        usable = Decimal(sheet.amount) >= 0 and all(number >= 1 for number in units)
    except (KeyError, TypeError, ArithmeticError, ConductError) as error:
        raise SealError(f"bag {bag}: this is not a worksheet of the bench") from error
    if not all(isinstance(said[name], str) for name in ("participant", "slot", "encounter", "arm")):
        raise SealError(f"bag {bag}: this is not a worksheet of the bench")
    if not usable:
        raise SealError(f"bag {bag}: its worksheet takes less than nothing")
    if sheet.bag != bag:
        raise SealError(f"bag {bag}: the worksheet is of bag {sheet.bag}")
    return sheet
