"""What a checked question is made of: amounts with known units, and answers about them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

MISSING = -(2**63)  # the one whole number that stands for a value that was not recorded


class Reference(NamedTuple):
    """An item at an encounter."""

    item: str
    encounter: str

    def __str__(self) -> str:
        return f"{self.item}[{self.encounter}]"


@dataclass(frozen=True, slots=True)
class Constant:
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Count:
    """A recorded value: ``step`` times a whole number from ``low`` to ``high``.

    Attributes:
        need: Its place among the needs of the question.
    """

    need: int
    step: Fraction
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Calculation:
    """Arithmetic on amounts; ``min`` and ``max`` take any number of parts, the others two."""

    sign: Literal["+", "-", "*", "/", "min", "max"]
    parts: tuple[Amount, ...]
    at: int


Amount = Constant | Count | Calculation


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether two amounts of the same unit stand in this order.

    Attributes:
        text: As written, for messages.
        at: Characters of the question before it.
    """

    sign: str
    left: Amount
    right: Amount
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Absent:
    """Whether a value was not recorded."""

    need: int


@dataclass(frozen=True, slots=True)
class Combined:
    """Kleene's ``and`` or ``or`` of answers, or ``not`` of one."""

    name: Literal["and", "or", "not"]
    parts: tuple[Answer, ...]


Answer = Compared | Absent | Combined
