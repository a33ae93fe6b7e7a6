"""Arithmetic with units: what numbers and dates in a question amount to."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Final, Literal

from equipoise.errors import QuestionError, UnitError
from equipoise.protocol.question.terms import Amount, Calculation, Constant, Count
from equipoise.protocol.question.tree import Node, Operation, written
from equipoise.units import DAY, ONE, Unit, parse_unit


@dataclass(frozen=True, slots=True)
class Value:
    """A checked part of a question that has a value.

    Attributes:
        node: Where it is written.
        amount: In ``unit``; a date in days, a code as its place, yes as 1.
        unit: ``None`` for a bare number (always a constant) and for what is no number.
        codes: Of a coded item.
        conversions: As declared by the item, from ``unit``.
        computed: The unit arose by calculation, so that a bare number beside it would be a guess.
    """

    node: Node
    kind: Literal["number", "code", "date", "yesno", "text", "quoted"]
    amount: Amount
    unit: Unit | None = None
    codes: tuple[str, ...] = ()
    conversions: tuple[tuple[str, Decimal], ...] = ()
    computed: bool = False


def calculate(node: Operation, parts: list[Value], text: str) -> Value:
    """Apply an operator or a function to numbers or dates."""
    if node.name == "negative":
        if parts[0].kind == "date":
            raise QuestionError("a date has no negative", node.at + 1)
        return replace(parts[0], node=node, amount=scaled(parts[0].amount, Fraction(-1), node.at))
    if any(part.kind == "date" for part in parts):
        return _dates(node, parts)
    if node.name == "*":
        return _product(node, parts[0], parts[1])
    if node.name == "/":
        return _quotient(node, parts[0], parts[1], text)
    first = parts[0]
    for part in parts[1:]:
        first, _ = aligned(first, part, text)
    amounts = tuple(aligned(first, part, text)[1].amount for part in parts)
    amount = _applied(node.name, amounts, node.at)
    return replace(first, node=node, amount=amount, computed=any(part.computed for part in parts))


def aligned(left: Value, right: Value, text: str) -> tuple[Value, Value]:
    """The two numbers in one unit: the left one's, unless the left one is bare.

    Raises:
        QuestionError: They do not measure the same thing, or a bare number had to guess its unit.
    """
    if left.unit is None or right.unit is None:
        for bare, other in ((left, right), (right, left)):
            if bare.unit is None and other.computed:
                raise QuestionError(
                    f"{written(bare.node, text)} stands beside {written(other.node, text)}, "
                    f"which is in {other.unit}; write its unit",
                    bare.node.at + 1,
                )
        known = left if right.unit is None else right
        conversions = known.conversions
        return (
            replace(left, unit=known.unit, conversions=conversions),
            replace(right, unit=known.unit, conversions=conversions),
        )
    factor = _factor(right, left)
    if factor is None:
        raise QuestionError(
            f"{written(left.node, text)} is in {left.unit} and {written(right.node, text)} in "
            f"{right.unit}: they do not measure the same thing",
            right.node.at + 1,
        )
    amount = scaled(right.amount, factor, right.node.at)
    return left, replace(right, amount=amount, unit=left.unit, conversions=left.conversions)


def in_unit(value: Value, unit: Unit) -> Amount:
    """The number expressed in another unit; a bare one is taken to be in it.

    Raises:
        UnitError: It does not measure what the unit measures.
    """
    factor = _factor(value, replace(value, unit=unit, conversions=()))
    if factor is None:
        raise UnitError(f"its unit {value.unit} cannot be converted to {unit}")
    return scaled(value.amount, factor, value.node.at)


def scaled(amount: Amount, factor: Fraction, at: int) -> Amount:
    """``factor`` times the amount."""
    if factor == 1:
        return amount
    if isinstance(amount, Count):
        return replace(amount, step=amount.step * factor)
    return _applied("*", (Constant(factor), amount), at)


def _factor(source: Value, target: Value) -> Fraction | None:
    """How many of the target's unit one of the source's unit is; nothing if they differ in kind."""
    if source.unit is None or target.unit is None:
        return Fraction(1)
    if source.unit.dimension == target.unit.dimension:
        return source.unit.to(target.unit)
    for name, amount in target.conversions:
        other = parse_unit(name)
        if source.unit.dimension == other.dimension:
            return source.unit.to(other) / Fraction(amount)
    for name, amount in source.conversions:
        other = parse_unit(name)
        if other.dimension == target.unit.dimension:
            return Fraction(amount) * other.to(target.unit)
    return None


def _dates(node: Operation, parts: list[Value]) -> Value:
    """Date - date is a number of days, date ± days a date, the least or largest of dates a date."""
    amounts = tuple(_days(part) for part in parts)
    dates = [part.kind == "date" for part in parts]
    if node.name == "-" and all(dates):
        return Value(node, "number", _applied("-", amounts, node.at), DAY)
    shifted = [("+", [True, False]), ("+", [False, True]), ("-", [True, False])]
    if (node.name, dates) in shifted or (node.name in {"min", "max"} and all(dates)):
        return Value(node, "date", _applied(node.name, amounts, node.at))
    raise QuestionError(f"{node.name} cannot be applied to these dates", node.at + 1)


def _days(value: Value) -> Amount:
    if value.kind == "date" or value.unit is None:
        return value.amount
    if value.unit.dimension != DAY.dimension:
        raise QuestionError(
            f"a number in {value.unit} beside a date: write a time, such as 28 d", value.node.at + 1
        )
    return scaled(value.amount, value.unit.to(DAY), value.node.at)


def _product(node: Operation, left: Value, right: Value) -> Value:
    amount = _applied("*", (left.amount, right.amount), node.at)
    if _only_scales(right, left):
        return replace(left, node=node, amount=amount)
    if _only_scales(left, right):
        return replace(right, node=node, amount=amount)
    return _in_computed_unit(node, amount, (left.unit or ONE) * (right.unit or ONE))


def _quotient(node: Operation, left: Value, right: Value, text: str) -> Value:
    if isinstance(right.amount, Constant) and right.amount.value == 0:
        raise QuestionError(
            f"{written(right.node, text)} is zero: nothing divides by it", right.node.at + 1
        )
    amount = _applied("/", (left.amount, right.amount), node.at)
    if _only_scales(right, left):
        return replace(left, node=node, amount=amount)
    return _in_computed_unit(node, amount, (left.unit or ONE) / (right.unit or ONE))


def _only_scales(factor: Value, value: Value) -> bool:
    """Whether multiplying or dividing by the factor leaves the value in its unit."""
    return factor.unit is None or (factor.unit == ONE and value.unit is not None)


def _in_computed_unit(node: Operation, amount: Amount, unit: Unit) -> Value:
    """A value in the unit of a product or quotient; without dimension it is a plain number."""
    if unit.dimension == ONE.dimension:
        return Value(node, "number", scaled(amount, unit.to(ONE), node.at), ONE)
    return Value(node, "number", amount, unit, computed=True)


def _applied(name: str, amounts: tuple[Amount, ...], at: int) -> Amount:
    """The calculation, done at once where all parts are constants."""
    if name == "mean":
        total = amounts[0]
        for amount in amounts[1:]:
            total = _applied("+", (total, amount), at)
        return scaled(total, Fraction(1, len(amounts)), at)
    if len(amounts) == 1:
        return amounts[0]
    known = [amount.value for amount in amounts if isinstance(amount, Constant)]
    if len(known) < len(amounts):
        return Calculation(name, amounts, at)  # type: ignore[arg-type]  # the parser gives these names only
    return Constant(reduce(_OPERATORS[name], known))


_OPERATORS: Final[dict[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "min": min,
    "max": max,
}
