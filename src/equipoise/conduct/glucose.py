"""What a home meter shows: its range, its two units, and words where it has no number."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MMOL, MG = "mmol/L", "mg/dL"
LOWEST: Final = Decimal("0.6")  # mmol/L that a home meter shows; Accu-Chek meters: 10-600 mg/dL
HIGHEST: Final = Decimal("33.3")
LEAST_MG, MOST_MG = 10, 600  # mg/dL
MG_IN_MMOL: Final = Decimal("18.016")  # mg/dL in 1 mmol/L; molar mass of glucose 180.16 g/mol
_BEYOND: Final = {
    re.compile(r"lo|low|<.*", re.IGNORECASE): (
        "below what the meter shows, no number; ask about it: a low can be an adverse event"
    ),
    re.compile(r"hi|high|>.*", re.IGNORECASE): "above what the meter shows, no number",
}


def in_millimoles(value: Decimal, unit: str) -> Decimal:
    """A reading in mmol/L with one decimal, halves up.

    >>> in_millimoles(Decimal(110), "mg/dL")
    Decimal('6.1')
    """
    exact = value / MG_IN_MMOL if unit == MG else value
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def beyond(text: str) -> str | None:
    """What it means that a meter shows LO or HI, or None: it shows something else.

    >>> beyond("HI")
    'above what the meter shows, no number'
    """
    return next((words for shown, words in _BEYOND.items() if shown.fullmatch(text)), None)
