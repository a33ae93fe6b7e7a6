"""How numbers are written. Rounding happens here and nowhere else."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MINUS, DASH = "\u2212", "\u2013"
MISSING = DASH


def number(value: float | None, decimals: int) -> str:
    """A number with so many decimals, rounded half up, with a true minus sign.

    >>> number(-0.125, 2), number(-0.001, 1), number(None, 1)
    ('−0.13', '0.0', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:f}".replace("-", MINUS) if rounded else f"{abs(rounded):f}"


def count(value: float | None) -> str:
    """A whole number of people or events.

    >>> count(45.0)
    '45'
    """
    return number(value, 0)


def p_value(value: float | None) -> str:
    """A p value: three decimals below 0.1, two above, and never rounded on to 0.05.

    >>> [p_value(p) for p in (0.0182, 0.0004, 0.04956, 0.62, 0.9999)]
    ['0.018', '<0.001', '0.0496', '0.62', '>0.99']
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if value < 0.001:
        return "<0.001"
    if value > 0.99:
        return ">0.99"
    if value < 0.05 and number(value, 3) == "0.050":
        return number(value, 4) if value < 0.04995 else "<0.05"
    return number(value, 3) if value < 0.0995 else number(value, 2)


def mean_sd(mean: float | None, sd: float | None, *, decimals: int) -> str:
    """Mean and standard deviation.

    >>> mean_sd(7.52, 1.066, decimals=2)
    '7.52 ± 1.07'
    """
    if mean is None or not math.isfinite(mean):
        return MISSING
    return f"{number(mean, decimals)} ± {number(sd, decimals)}"


def count_percent(events: float | None, percent: float | None, decimals: int = 1) -> str:
    """A count and its percentage, for a row that says ``n (%)``.

    >>> count_percent(9, 20.0)
    '9 (20.0)'
    """
    return MISSING if events is None else f"{count(events)} ({number(percent, decimals)})"


def estimate(
    value: float | None, lower: float | None, upper: float | None, *, decimals: int, to: str = "to"
) -> str:
    """An estimate with its interval.

    >>> estimate(15.4545, 2.246, 28.663, decimals=1)
    '15.5 (2.2 to 28.7)'
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if lower is None or upper is None:
        return number(value, decimals)
    return f"{number(value, decimals)} ({limit(lower, decimals)} {to} {limit(upper, decimals)})"


def limit(value: float, decimals: int) -> str:
    """A limit of an interval; one that is rounded to nil shows on which side of nil it lies.

    >>> limit(-0.004, 2), limit(-0.04, 2), limit(0.0, 2)
    ('−0.004', '−0.04', '0.00')
    """
    for finer in range(decimals, decimals + 3):
        if abs(value) >= 0.5 * 10.0**-finer:
            return number(value, finer)
    return number(value, decimals)
