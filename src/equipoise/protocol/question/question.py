"""Questions and quantities of a study, ready to be asked."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from equipoise.errors import QuestionError, RuleError, UnitError, nearest
from equipoise.protocol.column import Column
from equipoise.protocol.question.amounts import in_unit
from equipoise.protocol.question.check import Checker
from equipoise.protocol.question.compile import answer_source, function, quantity_source
from equipoise.protocol.question.terms import MISSING, Reference
from equipoise.protocol.question.tree import parse
from equipoise.units import parse_unit

Recorded = Decimal | int | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is answered no (0), unknown (1) or yes (2).

    Attributes:
        text: As the protocol writes it.
        needs: The values it looks at, in the order of the arguments of ``answer``.
        source: Generated Python; compiles unchanged for the machine.
        answer: The function of whole numbers that ``source`` defines; ``encode`` makes the numbers.
        warnings: Comparisons that no plausible value can decide.
    """

    text: str
    needs: tuple[Reference, ...]
    source: str
    answer: Callable[..., int] = field(compare=False, repr=False)
    warnings: tuple[str, ...]
    columns: tuple[Column, ...] = field(repr=False)

    def ask(self, values: Mapping[Reference, Recorded]) -> int:
        """Answer from recorded values; one that is not there, or ``None``, is missing.

        Raises:
            RuleError: A value is not one that the item can have.
        """
        return self.answer(*_encoded(self.needs, self.columns, values))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that follows from recorded ones, such as the body-mass index.

    Attributes:
        text: As the protocol writes it.
        unit: In which it is expressed.
        decimals: To which it is rounded, halves away from zero.
        needs: The values it looks at, in the order of the arguments of ``count``.
        source: Generated Python; compiles unchanged for the machine.
        count: Whole steps of ``10**-decimals`` units, or ``MISSING``.
        low: Least value that plausible ones can give.
        high: Largest value that plausible ones can give.
    """

    text: str
    unit: str
    decimals: int
    needs: tuple[Reference, ...]
    source: str
    count: Callable[..., int] = field(compare=False, repr=False)
    low: Decimal
    high: Decimal
    columns: tuple[Column, ...] = field(repr=False)

    def ask(self, values: Mapping[Reference, Recorded]) -> Decimal | None:
        """The value from recorded ones, or ``None`` if one of them is missing or a divisor is zero.

        Raises:
            RuleError: A value is not one that the item can have.
        """
        count = self.count(*_encoded(self.needs, self.columns, values))
        return None if count == MISSING else Decimal(count).scaleb(-self.decimals)


def parse_question(
    text: str, columns: Mapping[str, Column], encounters: Collection[str], here: str | None
) -> Question:
    """Read, check and compile a question.

    Args:
        text: The question, one expression.
        columns: The data dictionary, by item name.
        encounters: All encounters of the study.
        here: The encounter at which an item without brackets is meant.

    Raises:
        QuestionError: With the column, what was found and what to write instead.
    """
    needs: dict[Reference, int] = {}
    meaning = Checker(text, columns, encounters, here, needs).answer(parse(text))
    references = tuple(needs)
    source, warnings = answer_source(meaning, references)
    used = tuple(columns[need.item] for need in references)
    return Question(text, references, source, function(source, "answer"), warnings, used)


def parse_quantity(
    text: str,
    columns: Mapping[str, Column],
    encounters: Collection[str],
    here: str | None,
    *,
    unit: str,
    decimals: int,
) -> Quantity:
    """Read, check and compile a number that follows from others, in the declared unit.

    Raises:
        QuestionError: As for a question; or it does not measure what the declared unit measures.
    """
    needs: dict[Reference, int] = {}
    value = Checker(text, columns, encounters, here, needs).value(parse(text))
    if value.kind != "number":
        raise QuestionError(f"{text} is not a number")
    try:
        amount = in_unit(value, parse_unit(unit))
    except UnitError as error:
        raise QuestionError(f"{text}: {error}") from error
    references = tuple(needs)
    source, (low, high) = quantity_source(amount, Fraction(1, 10**decimals), references, 0)
    return Quantity(
        text,
        unit,
        decimals,
        references,
        source,
        function(source, "count"),
        Decimal(low).scaleb(-decimals),
        Decimal(high).scaleb(-decimals),
        tuple(columns[need.item] for need in references),
    )


def encode(column: Column, value: Recorded) -> int:
    """The whole number that stands for a recorded value.

    A number is counted in steps of ``10**-decimals`` of its unit, a code by its place, yes as 1 and
    no as 0, a date in days (``date.toordinal``), free text as 0; what is missing is ``MISSING``.

    Raises:
        RuleError: The item cannot have this value.
    """
    if value is None:
        return MISSING
    if column.kind == "number" and (isinstance(value, Decimal) or type(value) is int):
        return _steps(column, Decimal(value))
    if column.kind == "code" and isinstance(value, str):
        if value not in column.codes:
            raise RuleError(
                f"{column.name} is {reprlib.repr(value)}; its codes are {', '.join(column.codes)}."
                f"{nearest(value[:40], column.codes)}"
            )
        return column.codes.index(value)
    if column.kind == "yesno" and isinstance(value, bool):
        return int(value)
    if column.kind == "date" and type(value) is date:  # a datetime is one too
        return value.toordinal()
    if column.kind == "text" and isinstance(value, str):
        return 0
    shown = f"{reprlib.repr(value)}, a {type(value).__name__}"
    raise RuleError(f"{column.name} is {shown}; {_WANTED[column.kind]}")


def _steps(column: Column, value: Decimal) -> int:
    said = f"{column.name} is {str(value)[:40]} {column.unit}"
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise RuleError(
            f"{column.name} is {value}; a value that is not there is null, in Python None"
        )
    if column.low is None or column.high is None or not column.low <= value <= column.high:
        raise RuleError(f"{said}; plausible is {column.low} to {column.high}")
    if exponent >= -_MOST_DECIMALS:
        numerator, denominator = value.as_integer_ratio()
        steps: int = numerator * 10**column.decimals
        count, rest = divmod(steps, denominator)
        if rest == 0:
            return count
    raise RuleError(f"{said}, but it is recorded {column.fineness}")


def _encoded(
    needs: tuple[Reference, ...], columns: tuple[Column, ...], values: Mapping[Reference, Recorded]
) -> list[int]:
    return [encode(column, values.get(need)) for need, column in zip(needs, columns, strict=True)]


_MOST_DECIMALS: Final = 60  # a longer one would only cost time
_WANTED: Final = {
    "number": "it takes a Decimal or a whole number, so that what was recorded stays exact",
    "code": "it takes one of its codes as text",
    "yesno": "it takes True or False",
    "date": "it takes a date",
    "text": "it takes text",
}
