"""The unit of a file's readings, and mmol/L from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from equipoise.conduct.glucose import HIGHEST, LEAST_MG, LOWEST, MG, MMOL, in_millimoles
from equipoise.conduct.meters.layout import UNITS
from equipoise.errors import ConductError

_NUMBER: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")

Value = tuple[int, Decimal]  # line, number


def number(text: str, line: int) -> Decimal:
    """A reading's number, with a decimal point or comma.

    Raises:
        ConductError: It is no number.
    """
    if not _NUMBER.fullmatch(text):
        raise ConductError(f"line {line}: {text[:40]!r} is no glucose value; correct it in the app")
    return Decimal(text.replace(",", "."))


def unit_named(text: str, where: str) -> str:
    """The unit that a row or a person gives.

    Raises:
        ConductError: It is none of glucose.
    """
    if text.lower() not in UNITS:
        raise ConductError(f"{where}: {text[:40]!r} is no unit; it is {MMOL} or {MG}")
    return UNITS[text.lower()]


def unit_told(values: Sequence[Value], given: str | None) -> str:
    """The unit of the values of a file that names none.

    A meter shows 10 to 600 mg/dL in whole numbers, or 0.6 to 33.3 mmol/L. So one value above 33.3
    means mg/dL, and one below 10 or with decimals mmol/L.

    Raises:
        ConductError: The values fit both units, or neither.
    """
    if given is not None:
        return unit_named(given, "unit")
    high = next((v for v in values if v[1] > HIGHEST), None)
    low = next((v for v in values if v[1] < LEAST_MG or v[1] != int(v[1])), None)
    if high and low:
        raise ConductError(
            f"the file names no unit: line {high[0]} has {high[1]}, as in {MG}, and line {low[0]} "
            f"has {low[1]}, as in {MMOL}. Export it in one unit, and say which with --unit"
        )
    if high or low:
        return MG if high else MMOL
    raise ConductError(
        f"the file names no unit, and its values fit {MMOL} and {MG}; look at the meter and say "
        f'which: --unit "{MMOL}" or --unit "{MG}"'
    )


def millimoles(value: Decimal, unit: str, line: int) -> str:
    """The reading in mmol/L with one decimal, halves up, as the diary takes it.

    Raises:
        ConductError: No meter shows it: the unit is another than it seems.
    """
    rounded = in_millimoles(value, unit)
    if not LOWEST <= rounded <= HIGHEST:
        raise ConductError(
            f"line {line}: {value} {unit} is no reading of a meter; is the unit {unit}?"
        )
    return str(rounded)
