"""What a home meter shows: its range, its two units, and words where it has no number.

A reading beyond the range is recorded as the meter shows it, ``LO`` or ``HI``, and counts as the
end of the range: it is at least as low, or as high.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MMOL, MG = "mmol/L", "mg/dL"
LOWEST: Final = Decimal("0.6")  # mmol/L that a home meter shows; Accu-Chek meters: 10-600 mg/dL
HIGHEST: Final = Decimal("33.3")
LEAST_MG, MOST_MG = 10, 600  # mg/dL
MG_IN_MMOL: Final = Decimal("18.016")  # mg/dL in 1 mmol/L; molar mass of glucose 180.16 g/mol
LO, HI = "LO", "HI"
_BEYOND: Final = {
    re.compile(r"lo|low|<.*", re.IGNORECASE): LO,
    re.compile(r"hi|high|>.*", re.IGNORECASE): HI,
}


def in_millimoles(value: Decimal, unit: str) -> Decimal:
    """A reading in mmol/L with one decimal, halves up.

    >>> in_millimoles(Decimal(110), "mg/dL")
    Decimal('6.1')
    """
    exact = value / MG_IN_MMOL if unit == MG else value
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def beyond(text: str) -> str | None:
    """``LO`` or ``HI``, where a meter shows that it has no number, or None: it shows another.

    >>> beyond("> 600"), beyond("6.1")
    ('HI', None)
    """
    return next((word for shown, word in _BEYOND.items() if shown.fullmatch(text)), None)


def counted(recorded: str) -> Decimal:
    """What a recorded reading counts as, mmol/L.

    >>> counted("LO"), counted("6.1")
    (Decimal('0.6'), Decimal('6.1'))
    """
    return {LO: LOWEST, HI: HIGHEST}.get(recorded) or Decimal(recorded)
