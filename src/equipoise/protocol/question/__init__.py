"""The question language: one-line expressions of a study that become exact, three-valued rules.

``parse_question`` checks every name, unit and type of, say,
``HBA1C[WEEK48] < 7.0 and INSULIN[WEEK48] <= 0.5 * INSULIN[BASELINE]`` against the data dictionary
and compiles a pure function of whole numbers.
"""

from equipoise.protocol.question.question import (
    Quantity,
    Question,
    Recorded,
    encode,
    parse_quantity,
    parse_question,
)
from equipoise.protocol.question.terms import MISSING, Reference

__all__ = [
    "MISSING",
    "Quantity",
    "Question",
    "Recorded",
    "Reference",
    "encode",
    "parse_quantity",
    "parse_question",
]
