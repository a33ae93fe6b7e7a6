"""Random questions, each drawn together with what it is worth, in base units and fractions.

They share nothing with the package, and are written with no more brackets than the grammar needs.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, assume
from hypothesis import strategies as st

from equipoise.answer import NO, UNKNOWN, YES
from equipoise.protocol.column import Column
from equipoise.protocol.question import Reference

ENCOUNTERS = ("BASELINE", "WEEK48")
HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
Values = dict[Reference, Decimal | str | bool | None]


def _number(name, unit, decimals, low, high):
    return Column(name, "number", unit, decimals, Decimal(low), Decimal(high), (), ENCOUNTERS)


COLUMNS = {
    column.name: column
    for column in (
        _number("GLUCOSE", "mmol/L", 1, "1", "40"),
        _number("KETONES", "umol/L", 0, "0", "9000"),
        _number("DOSE", "U/d", 0, "0", "300"),
        _number("WEIGHT", "kg", 1, "30", "250"),
        _number("MUSCLE", "g", 0, "0", "90000"),
        _number("BALANCE", "1", 2, "-3", "3"),
        _number("HBA1C", "%", 1, "3", "20"),
        _number("DEFICIT", "1", 1, "-9", "-0.5"),
        Column("SEX", "code", codes=("F", "M"), encounters=ENCOUNTERS),
        Column("NYHA", "code", codes=("I", "II", "III"), encounters=ENCOUNTERS),
        Column("TUMOUR", "yesno", encounters=ENCOUNTERS),
        Column("SMOKER", "yesno", encounters=ENCOUNTERS),
    )
}

# quantity: its items, and the units of its literals, each with its size in the base unit
FAMILIES = {
    "concentration": (
        {"GLUCOSE": Fraction(1), "KETONES": Fraction(1, 1000)},
        {"mmol/L": Fraction(1), "umol/L": Fraction(1, 1000)},
    ),
    "mass": (
        {"WEIGHT": Fraction(1000), "MUSCLE": Fraction(1)},
        {"kg": Fraction(1000), "g": Fraction(1)},
    ),
    "dose": (
        {"DOSE": Fraction(1)},
        {"U/d": Fraction(1), "U/h": Fraction(24), "mU/d": Fraction(1, 1000)},
    ),
    "ratio": (
        {"BALANCE": Fraction(1), "HBA1C": Fraction(1, 100), "DEFICIT": Fraction(1)},
        {"1": Fraction(1), "%": Fraction(1, 100)},
    ),
}


@dataclass(frozen=True)
class Part:
    """A part of a question: how it is written, how tightly it binds, and what it is worth."""

    text: str
    tightness: int  # 0 or, 1 and, 2 not, 3 comparison, 4 sum, 5 product, 6 atom
    worth: Callable[[Values], Fraction | int | None]  # None: not known
    divides: bool = False

    def within(self, tightness):
        return self.text if self.tightness >= tightness else f"({self.text})"


def _both(function, left, right):
    def worth(values):
        a, b = left.worth(values), right.worth(values)
        return None if a is None or b is None else function(a, b)

    return worth


@st.composite
def mentions(draw, names):
    name = draw(st.sampled_from(sorted(names)))
    encounter = draw(st.sampled_from(ENCOUNTERS))
    text = name if encounter == "BASELINE" and draw(st.booleans()) else f"{name}[{encounter}]"
    return text, Reference(name, encounter)


@st.composite
def amounts(draw, family, depth):  # noqa: PLR0911 - one return for each production of the grammar
    """A number of one quantity, worth its size in base units."""
    items, units = FAMILIES[family]
    kinds = ["item", "item", "literal"]
    if depth:
        kinds += ["sum", "difference", "negative", "scaled", "divided", "rated", "listed"]
        kinds += ["quotient"] if family == "ratio" else []
    kind = draw(st.sampled_from(kinds))
    if kind == "item":
        text, reference = draw(mentions(items))
        size = items[reference.item]
        return Part(
            text, 6, lambda v: None if v[reference] is None else Fraction(v[reference]) * size
        )
    if kind == "literal":
        number = draw(st.decimals("0", "60", places=draw(st.integers(0, 2))))
        unit = draw(st.sampled_from(sorted(units.keys() - {"1"})))
        return Part(f"{number} {unit}", 6, lambda _: Fraction(number) * units[unit])
    inner = draw(amounts(family, depth - 1))
    if kind in {"sum", "difference"}:
        other = draw(amounts(family, depth - 1))
        sign, function = {"sum": ("+", operator.add), "difference": ("-", operator.sub)}[kind]
        text = f"{inner.within(4)} {sign} {other.within(5)}"
        return Part(text, 4, _both(function, inner, other), inner.divides or other.divides)
    if kind == "negative":
        worth = inner.worth
        return Part(
            f"-{inner.within(6)}",
            5,
            lambda v: None if worth(v) is None else -worth(v),
            inner.divides,
        )
    if kind in {"scaled", "divided"}:
        number = draw(st.decimals("0.1", "9", places=1))
        bare = Part(str(number), 6, lambda _: Fraction(number))
        if kind == "scaled":
            text, worth = f"{number} * {inner.within(6)}", _both(operator.mul, bare, inner)
        else:
            text, worth = f"{inner.within(5)} / {number}", _both(operator.truediv, inner, bare)
        return Part(text, 5, worth, inner.divides)
    if kind == "rated":
        rate = draw(amounts("ratio", depth - 1))
        text = f"{inner.within(5)} * {rate.within(6)}"
        return Part(text, 5, _both(operator.mul, inner, rate), inner.divides or rate.divides)
    if kind == "quotient":
        one = draw(st.sampled_from(sorted(FAMILIES)))
        top, bottom = draw(amounts(one, depth - 1)), draw(amounts(one, depth - 1))
        worth = _both(lambda a, b: None if b == 0 else a / b, top, bottom)
        return Part(f"{top.within(5)} / {bottom.within(6)}", 5, worth, divides=True)
    others = [inner, draw(amounts(family, depth - 1)), draw(amounts(family, depth - 1))]
    assume(not any(part.divides for part in others))
    name = draw(st.sampled_from(("min", "max", "mean")))
    function = {"min": min, "max": max, "mean": lambda row: sum(row) / Fraction(len(row))}[name]

    def listed(values):
        row = [part.worth(values) for part in others]
        return None if None in row else function(row)

    return Part(f"{name}({', '.join(part.text for part in others)})", 6, listed)


SIGNS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


def _verdict(truth):
    return UNKNOWN if truth is None else YES if truth else NO


@st.composite
def comparisons(draw, values, depth):
    family = draw(st.sampled_from(sorted(FAMILIES)))
    parts = [draw(amounts(family, depth)) for _ in range(values)]
    signs = [draw(st.sampled_from(sorted(SIGNS))) for _ in parts[1:]]
    text = parts[0].within(4)
    for sign, part in zip(signs, parts[1:], strict=True):
        text += f" {sign} {part.within(4)}"

    def worth(values):
        return min(
            _verdict(_both(SIGNS[sign], left, right)(values))
            for sign, left, right in zip(signs, parts, parts[1:], strict=False)
        )

    return Part(text, 3, worth)


@st.composite
def simple_answers(draw):
    kind = draw(st.sampled_from(("bare", "yesno", "code", "listed", "presence")))
    if kind == "bare":
        text, need = draw(mentions(["HBA1C", "GLUCOSE", "DOSE", "BALANCE"]))
        number = draw(st.decimals("0", "30", places=1))
        sign = draw(st.sampled_from(sorted(SIGNS)))
        truth = lambda v: None if v[need] is None else SIGNS[sign](v[need], number)  # noqa: E731 - one of five
        return Part(f"{text} {sign} {number}", 3, lambda v: _verdict(truth(v)))
    if kind == "yesno":
        text, need = draw(mentions(["TUMOUR", "SMOKER"]))
        return Part(text, 6, lambda v: _verdict(v[need]))
    if kind == "presence":
        text, need = draw(mentions(COLUMNS))
        word, wanted = draw(
            st.sampled_from(
                [("missing", True), ("known", False), ("not missing", False), ("not known", True)]
            )
        )
        return Part(f"{text} is {word}", 3, lambda v: _verdict((v[need] is None) == wanted))
    text, need = draw(mentions(["SEX", "NYHA"]))
    codes = draw(st.lists(st.sampled_from(COLUMNS[need.item].codes), min_size=1, max_size=2))
    if kind == "code":
        return Part(
            f'{text} = "{codes[0]}"',
            3,
            lambda v: _verdict(None if v[need] is None else v[need] == codes[0]),
        )
    negated = draw(st.booleans())
    row = ", ".join(f"'{code}'" for code in codes)
    return Part(
        f"{text} {'not in' if negated else 'in'} ({row})",
        3,
        lambda v: _verdict(None if v[need] is None else (v[need] in codes) != negated),
    )


@st.composite
def answers(draw, depth=2):
    kind = draw(st.sampled_from(("and", "or", "not", "leaf") if depth else ("leaf",)))
    if kind == "leaf":
        return draw(st.one_of(comparisons(2, 2), comparisons(3, 1), simple_answers()))
    inner = draw(answers(depth - 1))
    if kind == "not":
        return Part(f"not {inner.within(2)}", 2, lambda v: YES - inner.worth(v))
    other = draw(answers(depth - 1))
    tightness, function = (1, min) if kind == "and" else (0, max)
    text = f"{inner.within(tightness)} {kind} {other.within(tightness)}"
    return Part(text, tightness, lambda v: function(inner.worth(v), other.worth(v)))


def people(number):
    """What was recorded for every item of some people; ends of ranges and gaps are frequent."""
    return st.integers(0, 2**32).map(lambda seed: _people(np.random.default_rng(seed), number))


def _people(rng, number):
    return [
        {
            Reference(column.name, encounter): _recorded(rng, column)
            for column in COLUMNS.values()
            for encounter in ENCOUNTERS
        }
        for _ in range(number)
    ]


def _recorded(rng, column):
    if rng.random() < 0.15:
        return None
    if column.kind == "number":
        low, high = column.counts
        ends = [low, min(max(low, 0), high), high]
        count = rng.choice(ends) if rng.random() < 0.3 else rng.integers(low, high + 1)
        return Decimal(int(count)).scaleb(-column.decimals)
    return str(rng.choice(column.codes)) if column.codes else bool(rng.integers(2))


QUANTITIES = {"concentration": "mmol/L", "mass": "g", "dose": "U/d", "ratio": "1"}


@st.composite
def quantities(draw):
    family = draw(st.sampled_from(sorted(QUANTITIES)))
    return draw(amounts(family, 2)), QUANTITIES[family], draw(st.integers(0, 2))
