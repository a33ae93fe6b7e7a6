"""Units of measurement, exact: what trials write (``U/kg/d``, ``umol/L``, ``kg/m2``).

Symbols follow UCUM where people read it easily (``Cel``, ``U``, ``umol/L``); ``µ`` may stand for
``u``. Some things are deliberately no conversion: ``mmol/mol`` (HbA1c, IFCC) is not a percentage,
because the two HbA1c scales differ by more than a factor; mass and amount of substance meet only
where an item declares its own conversion.

Source: UCUM 2.1 (Schadow, McDonald; year = 365.25 d, month = year / 12); SI brochure, 9th edition,
2019 (mmHg = 133.322387415 Pa).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Final

from equipoise.errors import UnitError, nearest

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; two are equal when one of the first is one of the second, however written.

    Attributes:
        factor: How many of the base units of its dimension it is.
        dimension: Base quantities and their powers, sorted, without zeros.
        powers: Symbols and powers as written.
    """

    factor: Fraction
    dimension: Dimension
    powers: tuple[tuple[str, int], ...] = field(compare=False)

    def __str__(self) -> str:
        above = ".".join(_power(symbol, power) for symbol, power in self.powers if power > 0)
        below = (_power(symbol, -power) for symbol, power in self.powers if power < 0)
        return "/".join([above or "1", *below])

    def __mul__(self, other: Unit) -> Unit:
        return _product((*self.powers, *other.powers))

    def __truediv__(self, other: Unit) -> Unit:
        return _product((*self.powers, *((symbol, -power) for symbol, power in other.powers)))

    def to(self, other: Unit) -> Fraction:
        """How many of ``other`` one of this unit is.

        Raises:
            UnitError: The two do not measure the same quantity.

        >>> parse_unit("g/L").to(parse_unit("mg/dL"))
        Fraction(100, 1)
        """
        if self.dimension != other.dimension:
            raise UnitError(f"{self} cannot be converted to {other}")
        return self.factor / other.factor


def parse_unit(text: str) -> Unit:
    """Read a unit such as ``U/kg/d``: symbols with an optional power, between them ``/`` or ``.``.

    Raises:
        UnitError: A symbol is not known; the message names the nearest that is.

    >>> parse_unit("U/d") / parse_unit("kg") == parse_unit("U/kg/d")
    True
    """
    return _parse(text.replace("µ", "u").replace("μ", "u"))


@cache
def _parse(text: str) -> Unit:
    above, *below = [text] if text in _SYMBOLS else text.split("/")
    return _product(
        (
            *_symbols(above, whole=text),
            *((symbol, -power) for part in below for symbol, power in _symbols(part, whole=text)),
        )
    )


def _symbols(part: str, *, whole: str) -> list[tuple[str, int]]:
    factors = [part] if part in _SYMBOLS else part.split(".")
    return [_symbol(factor.strip(), whole=whole) for factor in factors]


def _symbol(part: str, *, whole: str) -> tuple[str, int]:
    if part in _SYMBOLS:
        return part, 1
    match = re.fullmatch(r"([A-Za-z]+)([23])", part)
    if match and match[1] in _SYMBOLS:
        return match[1], int(match[2])
    where = f" in {whole[:40]}" if part != whole else ""
    raise UnitError(
        f"no unit is written {part[:40] or 'as nothing'}{where}.{nearest(part, _SYMBOLS)}"
    )


def _product(powers: tuple[tuple[str, int], ...]) -> Unit:
    total: dict[str, int] = {}
    for symbol, power in powers:
        if symbol != "1":
            total[symbol] = total.get(symbol, 0) + power
    factor = Fraction(1)
    dimension: dict[str, int] = {}
    for symbol, power in total.items():
        one, bases = _SYMBOLS[symbol]
        factor *= one**power
        for base, times in bases.items():
            dimension[base] = dimension.get(base, 0) + times * power
    kept = tuple((symbol, power) for symbol, power in total.items() if power)
    return Unit(factor, tuple(sorted((b, p) for b, p in dimension.items() if p)), kept)


def _power(symbol: str, power: int) -> str:
    return symbol if power == 1 else f"{symbol}{power}"


_PREFIXES: Final = {
    "k": Fraction(1000),
    "": Fraction(1),
    "d": Fraction(1, 10),
    "c": Fraction(1, 100),
    "m": Fraction(1, 10**3),
    "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9),
    "p": Fraction(1, 10**12),
}

# symbol: the prefixes it takes, what one is in base units, powers of the base quantities
_PREFIXED: Final[dict[str, tuple[tuple[str, ...], Fraction, dict[str, int]]]] = {
    "g": (("k", "", "m", "u", "n", "p"), Fraction(1), {"mass": 1}),
    "m": (("", "c", "m", "u"), Fraction(1), {"length": 1}),
    "L": (("", "d", "m", "u"), Fraction(1, 1000), {"length": 3}),
    "mol": (("", "m", "u", "n", "p"), Fraction(1), {"amount": 1}),
    "U": (("", "m", "u"), Fraction(1), {"biological activity": 1}),
    "IU": (("", "m", "u"), Fraction(1), {"biological activity": 1}),
}

_SYMBOLS: Final[dict[str, tuple[Fraction, dict[str, int]]]] = {
    **{
        prefix + symbol: (_PREFIXES[prefix] * one, bases)
        for symbol, (prefixes, one, bases) in _PREFIXED.items()
        for prefix in prefixes
    },
    "s": (Fraction(1), {"time": 1}),
    "min": (Fraction(60), {"time": 1}),
    "h": (Fraction(3600), {"time": 1}),
    "d": (Fraction(86400), {"time": 1}),
    "week": (Fraction(7 * 86400), {"time": 1}),
    "month": (Fraction(86400 * 1461, 48), {"time": 1}),
    "year": (Fraction(86400 * 1461, 4), {"time": 1}),
    "mmHg": (Fraction(133322387415, 10**9), {"pressure": 1}),
    "kPa": (Fraction(1000), {"pressure": 1}),
    "Cel": (Fraction(1), {"temperature": 1}),
    "cells": (Fraction(1), {"cells": 1}),
    "mmol/mol": (Fraction(1), {"HbA1c by IFCC": 1}),
    "1.73m2": (Fraction(173, 100), {"length": 2}),
    "10^6": (Fraction(10**6), {}),
    "10^9": (Fraction(10**9), {}),
    "10^12": (Fraction(10**12), {}),
    "%": (Fraction(1, 100), {}),
    "1": (Fraction(1), {}),
}

ONE: Final = parse_unit("1")
DAY: Final = parse_unit("d")
