"""Every error that Equipoise raises on purpose, in one tree.

A message says what was given, where it came from and what to do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class EquipoiseError(Exception):
    """Base of all errors that a user can mend; the command line shows them without a traceback."""


class StudyError(EquipoiseError):
    """A study folder has problems.

    Args:
        problems: One line each, ``file:line: what was found and what to do``.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class UnitError(EquipoiseError):
    """A unit is not known, or two units do not measure the same thing."""


class QuestionError(EquipoiseError):
    """A question of the protocol cannot be understood; ``column`` counts characters from 1."""

    def __init__(self, message: str, column: int = 1) -> None:
        self.column = column
        super().__init__(message)


class UnknownValueError(EquipoiseError):
    """A step needs a value that the protocol marks as unknown."""


class RuleError(EquipoiseError):
    """A rule was given something it cannot decide on."""


class RecordsError(EquipoiseError):
    """Records do not have the tables, columns, types or values that the waist demands."""


class StatisticsError(EquipoiseError):
    """An estimate was asked for from numbers that do not allow it."""


class OutputError(EquipoiseError):
    """Results cannot be written where they were asked for."""


class ConductError(EquipoiseError):
    """The trial does not allow this now: what is missing or wrong is said; nothing was recorded."""


class NotPermittedError(ConductError):
    """This role may not do this. The message is the same whatever the trial holds."""


class ConflictError(ConductError):
    """Something else was recorded first: read again, then decide again."""


class LogError(EquipoiseError):
    """The log, or what is stored beside it, is broken, altered or cannot be reached."""


class SealError(EquipoiseError):
    """A seal does not open with this key, or does not hold what was promised."""


class RehearsalError(EquipoiseError):
    """The clinic and the simulator, who follow the same rules, came to different answers."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return ``" Did you mean X?"`` for the closest of ``names``, or nothing.

    >>> nearest("HBA1c", ["HBA1C", "WEIGHT"])
    ' Did you mean HBA1C?'
    """
    by_fold = {candidate.casefold(): candidate for candidate in names}
    match = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return f" Did you mean {by_fold[match[0]]}?" if match else ""
