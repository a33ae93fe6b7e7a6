"""A randomised, double-blind, placebo-controlled trial from its protocol to its report.

>>> import equipoise
>>> trial = equipoise.run()  # doctest: +SKIP
>>> trial  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise.api import (
        REFERENCE,
        Trial,
        analyse,
        analyse_to,
        check,
        extract,
        extract_to,
        new,
        reproduce,
        run,
        simulate_to,
        simulate_trial,
        studies,
    )

__all__ = [
    "REFERENCE",
    "Trial",
    "analyse",
    "analyse_to",
    "check",
    "extract",
    "extract_to",
    "new",
    "reproduce",
    "run",
    "simulate_to",
    "simulate_trial",
    "studies",
]


def __getattr__(name: str) -> object:
    """Load the public functions when they are first used, so that importing stays quick."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from equipoise import api

    return getattr(api, name)
