"""From a checked question to a plain Python function of whole numbers.

Its source stays in the subset that compiles unchanged for the machine: whole numbers, ``min``,
``max``, ``if``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Final

from equipoise.protocol.question.terms import (
    Absent,
    Amount,
    Answer,
    Compared,
    Constant,
    Count,
    Reference,
)
from equipoise.protocol.question.wholes import Lines, Whole, fitting, matched, number, times

# numba takes -2**63 for an unsigned number: what is missing is told by being below every value.
_HEADER: Final = "KNOWN = -9223372036854775807  # the least value; one less means missing\n\n\n"


def answer_source(answer: Answer, needs: tuple[Reference, ...]) -> tuple[str, tuple[str, ...]]:
    """The source of ``answer(...)`` (0 for no, 1 for unknown, 2 for yes), and warnings."""
    writer = _Writer(needs)
    result = writer.answer(answer)
    return writer.source("answer", [f"return {result}"]), tuple(writer.warnings)


def quantity_source(
    amount: Amount, step: Fraction, needs: tuple[Reference, ...], at: int
) -> tuple[str, tuple[int, int]]:
    """The source of ``count(...)``: the amount in steps, halves away from zero; and its range."""
    writer = _Writer(needs)
    lines = Lines(writer.names, "n")
    ratio = lines.once(lines.ratio(amount))
    scale = ratio.scale / step
    top = lines.variable(times(number(scale.numerator), ratio.top, at))
    bottom = lines.variable(times(number(scale.denominator), ratio.bottom, at))
    missing = [f"{writer.names[need]} < KNOWN" for need in sorted(set(_needs(amount)))]
    body = [f"if {' or '.join(missing)}:", "    return KNOWN - 1"] if missing else []
    body += lines.statements
    for name in lines.nonzero:
        body += [f"if {name} == 0:", "    return KNOWN - 1"]
    double, twice = times(number(2), top, at), times(number(2), bottom, at)
    fitting(double.low - bottom.high, double.high + bottom.high, at)
    if bottom.code == "1":
        body.append(f"return {top.code}")
    else:
        by = twice.code if twice.known else f"({twice.code})"
        if top.low < 0:
            body.append(f"if {top.code} < 0:")
            body.append(f"    return -(({bottom.code} - {double.code}) // {by})")
        body.append(f"return ({double.code} + {bottom.code}) // {by}")
    bounds = tuple(
        _nearest(Fraction(a, b)) for a in (top.low, top.high) for b in (bottom.low, bottom.high)
    )
    return writer.source("count", body), (min(bounds), max(bounds))


@cache
def function(source: str, name: str) -> Callable[..., int]:
    """Define the function of a generated source; the same source is the same function."""
    scope: dict[str, Callable[..., int]] = {}
    exec(compile(source, "<question>", "exec"), scope)  # noqa: S102 - generated above; no text of a user is in it
    return scope[name]


class _Writer:
    """Writes the statements of one function.

    Attributes:
        names: Argument names, by the place of the need.
        warnings: What a plausible value can never decide.
    """

    def __init__(self, needs: tuple[Reference, ...]) -> None:
        self.names = dict(enumerate(_arguments(needs)))
        self.warnings: list[str] = []
        self._body: list[str] = []
        self._answers = 0

    def source(self, name: str, ending: list[str]) -> str:
        body = "".join(f"    {line}\n" for line in [*self._body, *ending])
        return f"{_HEADER}def {name}({', '.join(self.names.values())}):\n{body}"

    def answer(self, answer: Answer) -> str:
        """Write the statements of an answer and return an expression of it."""
        if isinstance(answer, Absent):
            return self._variable(f"2 if {self.names[answer.need]} < KNOWN else 0")
        if isinstance(answer, Compared):
            return self._compared(answer)
        parts = [self.answer(part) for part in answer.parts]
        if answer.name == "not":
            return f"2 - {parts[0]}" if parts[0].isidentifier() else f"2 - ({parts[0]})"
        return f"{'min' if answer.name == 'and' else 'max'}({', '.join(parts)})"

    def _variable(self, code: str) -> str:
        name = f"q{self._answers}"
        self._answers += 1
        self._body.append(f"{name} = {code}")
        return name

    def _compared(self, answer: Compared) -> str:
        lines = Lines(self.names, f"q{self._answers}n")
        left, right = lines.once(lines.ratio(answer.left)), lines.once(lines.ratio(answer.right))
        _, (first, second) = matched([left, right], answer.at)
        first, second = times(first, right.bottom, answer.at), times(second, left.bottom, answer.at)
        self._warn(answer, first, second)
        verdict = f"2 if {first.code} {_PYTHON.get(answer.sign, answer.sign)} {second.code} else 0"
        needs = {*_needs(answer.left), *_needs(answer.right)}
        if not needs:
            return self._variable(verdict)
        name = self._variable("1")
        known = " and ".join(f"{self.names[need]} >= KNOWN" for need in sorted(needs))
        self._body.append(f"if {known}:")
        self._body += [f"    {line}" for line in lines.statements]
        if lines.nonzero:
            self._body.append(f"    if {' and '.join(f'{zero} != 0' for zero in lines.nonzero)}:")
        self._body.append(f"{'        ' if lines.nonzero else '    '}{name} = {verdict}")
        return name

    def _warn(self, answer: Compared, left: Whole, right: Whole) -> None:
        """Note a comparison that no plausible value decides, or that no recorded value can meet."""
        least, most = left.low - right.high, left.high - right.low
        always = {
            "<": most < 0,
            "<=": most <= 0,
            ">": least > 0,
            ">=": least >= 0,
            "=": least == most == 0,
            "!=": least > 0 or most < 0,
        }
        never = {
            "<": least >= 0,
            "<=": least > 0,
            ">": most <= 0,
            ">=": most < 0,
            "=": least > 0 or most < 0 or _between_steps(answer.left, answer.right),
            "!=": least == most == 0,
        }
        always["!="] = always["!="] or _between_steps(answer.left, answer.right)
        if always[answer.sign] or never[answer.sign]:
            word = "yes" if always[answer.sign] else "no"
            self.warnings.append(f"{answer.text} is {word} for every value that can be recorded")


_PYTHON: Final = {"=": "=="}


def _between_steps(left: Amount, right: Amount) -> bool:
    """Whether a recorded value is set equal to a number that falls between its steps."""
    if isinstance(left, Constant):
        left, right = right, left
    if not isinstance(left, Count) or not isinstance(right, Constant) or not left.step:
        return False
    return (right.value / left.step).denominator != 1


def _needs(amount: Amount) -> Iterator[int]:
    if isinstance(amount, Count):
        yield amount.need
    elif not isinstance(amount, Constant):
        for part in amount.parts:
            yield from _needs(part)


def _arguments(needs: tuple[Reference, ...]) -> list[str]:
    """Readable argument names: item and encounter; two that would be alike are numbered."""
    names: list[str] = []
    for place, need in enumerate(needs):
        name = re.sub(r"[^A-Za-z0-9]", "_", f"{need.item}_{need.encounter}")
        names.append(f"{name}_{place}" if name in names or not name.isidentifier() else name)
    return names


def _nearest(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = (2 * abs(value) + 1) // 2
    return int(size if value >= 0 else -size)
