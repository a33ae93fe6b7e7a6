"""Random codes for things whose name must tell nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from secrets import choice
from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another


def code(length: int, *, pick: Callable[[Sequence[str]], str] = choice) -> str:
    """Random letters and digits, from the system's generator unless told otherwise."""
    return "".join(pick(LETTERS) for _ in range(length))


def dossier_code() -> str:
    """A code for a dossier: not even the order of two tells which event came first."""
    return f"D-{code(8)}"
