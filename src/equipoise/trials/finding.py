"""What is found in each of many trials, and how it is kept in a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from equipoise.simulate.arrays import Array

NUMBERS: Final = ("n", "estimate", "se", "lower", "upper", "p")
NAMES: Final = ("quantity", "encounter", "group", "method")
COLUMNS: Final = (*NAMES, "trial", "parameters", *NUMBERS)


class Finding(NamedTuple):
    """One quantity of one group by one method, in each of T trials.

    Attributes:
        quantity: An analysis of the plan, or what else is counted.
        encounter: Where it is looked at; empty for the trial as a whole.
        group: An arm, a comparison ``A v B``, or empty for all.
        method: Empty for what describes a group.
        n: Participants, (T,).
        estimate: In the unit of the analysis, percent for proportions, (T,); not a number where a
            trial has none. So are the others.
        se: Its standard error, (T,).
        lower: Its lower limit, (T,).
        upper: Its upper limit, (T,).
        p: (T,).
    """

    quantity: str
    encounter: str
    group: str
    method: str
    n: Array
    estimate: Array | None = None
    se: Array | None = None
    lower: Array | None = None
    upper: Array | None = None
    p: Array | None = None


def table(findings: Iterable[Finding], trials: range, parameters: int = 0) -> pl.DataFrame:
    """One row for each finding and trial, trials of a finding together.

    Args:
        findings: What was found.
        trials: Numbers of the trials.
        parameters: Number of the parameter set that they were lived under.
    """
    all_, missing = list(findings), np.full(len(trials), np.nan)
    words = pl.Enum(sorted({getattr(one, name) for one in all_ for name in NAMES}))
    named = {
        name: pl.Series([getattr(one, name) for one in all_ for _ in trials], dtype=words)
        for name in NAMES
    }
    numbers = {
        name: np.concatenate([missing if one is None else one for one in columns])
        for name in NUMBERS
        for columns in [[getattr(finding, name) for finding in all_]]
    }
    numbered = np.tile(np.array(trials, dtype=np.uint32), len(all_))
    under = pl.repeat(parameters, numbered.size, dtype=pl.UInt16, eager=True)
    return pl.DataFrame({**named, "trial": numbered, "parameters": under, **numbers})
