"""Exact arithmetic in 64-bit whole numbers: every amount as ``scale * top / bottom``.

``scale`` is an exact fraction known when the question is compiled; ``top`` and ``bottom`` are
Python expressions of whole numbers with a proven range, so that nothing overflows when the same
lines are compiled for the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd
from typing import Final

from equipoise.errors import QuestionError
from equipoise.protocol.question.terms import Amount, Calculation, Constant, Count

LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole-number expression, with the least and largest value it can take.

    Attributes:
        loose: It is a sum, which needs brackets inside a product.
    """

    code: str
    low: int
    high: int
    loose: bool = False

    @property
    def known(self) -> bool:
        """Whether it is a number and not an expression."""
        return self.code.lstrip("-").isdigit()


@dataclass(frozen=True, slots=True)
class Ratio:
    """``scale * top / bottom``; ``bottom`` is positive where the ``nonzero`` checks hold."""

    scale: Fraction
    top: Whole
    bottom: Whole


def number(value: int) -> Whole:
    """A whole number itself."""
    return Whole(str(value), value, value)


UNIT: Final = number(1)


@dataclass(frozen=True, slots=True)
class Lines:
    """The statements that one comparison needs before its own line.

    Attributes:
        names: Argument names, by the place of the need.
        prefix: Start of the names of its variables.
        statements: Python statements so far.
        nonzero: Variables and arguments that must not be zero, or the answer is unknown.
    """

    names: Mapping[int, str]
    prefix: str
    statements: list[str] = field(default_factory=list)
    nonzero: list[str] = field(default_factory=list)

    def ratio(self, amount: Amount) -> Ratio:
        """Write the statements of an amount."""
        if isinstance(amount, Constant):
            return _scaled(amount.value, UNIT)
        if isinstance(amount, Count):
            return _scaled(amount.step, Whole(self.names[amount.need], amount.low, amount.high))
        parts = [self.ratio(part) for part in amount.parts]
        if amount.sign in {"min", "max"}:
            return self._extreme(amount, parts)
        left, right = parts
        if amount.sign == "*":
            top = times(left.top, right.top, amount.at)
            return Ratio(left.scale * right.scale, top, times(left.bottom, right.bottom, amount.at))
        if amount.sign == "/":
            return self._quotient(left, right, amount.at)
        if amount.sign == "-":
            right = replace(right, scale=-right.scale)
        left, right = self.once(left), self.once(right)
        scale, (first, second) = matched([left, right], amount.at)
        top = _plus(
            times(first, right.bottom, amount.at), times(second, left.bottom, amount.at), amount.at
        )
        return Ratio(scale, top, times(left.bottom, right.bottom, amount.at))

    def once(self, ratio: Ratio) -> Ratio:
        """The ratio with a bottom that can be written twice without doing its work twice."""
        return replace(ratio, bottom=self.variable(ratio.bottom))

    def variable(self, whole: Whole) -> Whole:
        """The expression under a name."""
        if whole.code.isidentifier() or whole.known:
            return whole
        name = f"{self.prefix}{len(self.statements)}"
        self.statements.append(f"{name} = {whole.code}")
        return Whole(name, whole.low, whole.high)

    def _quotient(self, left: Ratio, right: Ratio, at: int) -> Ratio:
        top = times(left.top, right.bottom, at)
        bottom = times(right.top, left.bottom, at)
        scale = left.scale / right.scale
        if bottom.low == bottom.high == 0:
            raise QuestionError("nothing divides by what is always zero", at + 1)
        if bottom.low > 0:
            return Ratio(scale, top, bottom)
        if bottom.high < 0:
            return Ratio(scale, times(number(-1), top, at), times(number(-1), bottom, at))
        bottom = self.variable(bottom)
        self.nonzero.append(bottom.code)
        if bottom.low < 0:
            top, bottom = self._positive(top, bottom, at)
        return Ratio(scale, top, replace(bottom, low=max(1, bottom.low)))

    def _positive(self, top: Whole, bottom: Whole, at: int) -> tuple[Whole, Whole]:
        """Both with the sign of the bottom, so that comparing never has to ask for it."""
        sign = self.variable(Whole(f"1 if {bottom.code} > 0 else -1", -1, 1))
        size = max(-bottom.low, bottom.high)
        turned = times(sign, top, at)
        return turned, Whole(f"{sign.code} * {bottom.code}", 1, size)

    def _extreme(self, amount: Calculation, parts: list[Ratio]) -> Ratio:
        if any(not part.bottom.known for part in parts):
            raise QuestionError(
                f"{amount.sign} takes no value that was divided by an item", amount.at + 1
            )
        bottomless = [Ratio(part.scale / part.bottom.low, part.top, UNIT) for part in parts]
        scale, tops = matched(bottomless, amount.at)
        pick = min if amount.sign == "min" else max
        low, high = pick(top.low for top in tops), pick(top.high for top in tops)
        code = f"{amount.sign}({', '.join(top.code for top in tops)})"
        return Ratio(scale, Whole(code, low, high), UNIT)


def matched(ratios: list[Ratio], at: int) -> tuple[Fraction, list[Whole]]:
    """One positive scale for all, and each top in it."""
    scale = ratios[0].scale
    for ratio in ratios:
        scale = _divisor(scale, ratio.scale)
    return scale, [times(number(int(ratio.scale / scale)), ratio.top, at) for ratio in ratios]


def times(first: Whole, second: Whole, at: int) -> Whole:
    """The product.

    Raises:
        QuestionError: It could leave 64 bits.
    """
    ends = [a * b for a in (first.low, first.high) for b in (second.low, second.high)]
    low, high = fitting(min(ends), max(ends), at)
    if first.known and second.known:
        return number(low)
    for one, other in ((first, second), (second, first)):
        if one.code == "0":
            return one
        if one.code == "1":
            return other
        if one.code == "-1":
            return Whole(f"-{bracketed(other)}", low, high)
    if second.known:
        first, second = second, first
    return Whole(f"{bracketed(first)} * {bracketed(second)}", low, high)


def fitting(low: int, high: int, at: int) -> tuple[int, int]:
    """The range itself.

    Raises:
        QuestionError: It leaves 64 bits.
    """
    if low < -LARGEST or high > LARGEST:
        raise QuestionError(
            "the whole numbers of this calculation could exceed 64 bits: use fewer decimals, "
            "narrower plausible ranges or fewer factors",
            at + 1,
        )
    return low, high


def _plus(first: Whole, second: Whole, at: int) -> Whole:
    low, high = fitting(first.low + second.low, first.high + second.high, at)
    if second.code.startswith("-") and not second.loose:
        return Whole(f"{first.code} - {second.code[1:]}", low, high, loose=True)
    return Whole(f"{first.code} + {second.code}", low, high, loose=True)


def _scaled(scale: Fraction, whole: Whole) -> Ratio:
    return Ratio(scale, whole, UNIT) if scale else Ratio(Fraction(1), number(0), UNIT)


def bracketed(whole: Whole) -> str:
    """Its code, as it stands in a product."""
    return f"({whole.code})" if whole.loose else whole.code


def _divisor(first: Fraction, second: Fraction) -> Fraction:
    """The largest positive fraction of which both are whole multiples."""
    bottom = first.denominator * second.denominator
    return Fraction(
        gcd(first.numerator * second.denominator, second.numerator * first.denominator), bottom
    )
