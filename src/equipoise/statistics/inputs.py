"""What an estimate may be computed from: numbers are checked here, once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from equipoise.errors import StatisticsError

Floats = NDArray[np.float64]


def checked_counts(events: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts as arrays of one shape.

    Args:
        events: Participants with the event; any shape.
        n: Participants; the same shape, or one that broadcasts to it.

    Raises:
        StatisticsError: A count is missing, fractional or negative, or there are more events
            than participants.
    """
    try:
        x, size = np.broadcast_arrays(np.asarray(events), np.asarray(n))
    except ValueError as mismatch:
        raise StatisticsError(
            f"{events!r} events of {n!r}: give as many counts of events as of participants"
        ) from mismatch
    if not (np.issubdtype(x.dtype, np.integer) and np.issubdtype(size.dtype, np.integer)):
        raise StatisticsError(
            f"{events!r} events of {n!r}: counts are whole numbers;"
            " give participants, not percentages, and leave missing values out"
        )
    wrong = (x < 0) | (x > size)
    if wrong.any():
        raise StatisticsError(
            f"{x[wrong][0]} events of {size[wrong][0]} participants: events run from 0"
            " to the number of participants; count each participant once"
        )
    if (size == 0).any():
        raise StatisticsError(
            f"{events!r} events of {n!r}: an arm without participants has no proportion;"
            " leave this comparison out"
        )
    return x.astype(np.float64), size.astype(np.float64)


def checked_pair(events: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Counts of exactly two arms, each array of shape (2,)."""
    x, size = checked_counts(events, n)
    if x.shape != (2,):
        raise StatisticsError(f"{events!r} events of {n!r}: give one count for each of two arms")
    return x, size


def checked_sample(values: ArrayLike, *, least: int = 2) -> Floats:
    """Measurements of one group as a flat array without gaps.

    Raises:
        StatisticsError: There are fewer than ``least`` values, or one is missing or infinite.
    """
    sample = np.asarray(values, dtype=np.float64)
    if sample.ndim != 1:
        raise StatisticsError(
            f"an array of shape {sample.shape}: give one flat list of values per group"
        )
    if len(sample) < least:
        raise StatisticsError(f"{len(sample)} value(s) in a group: at least {least} are needed")
    gaps = int((~np.isfinite(sample)).sum())
    if gaps:
        raise StatisticsError(
            f"{gaps} of {len(sample)} values missing or infinite:"
            " leave them out or impute them first"
        )
    return sample


def checked_level(level: float) -> float:
    """A confidence level, strictly between 0 and 1."""
    if not 0 < level < 1:
        raise StatisticsError(f"confidence level {level}: give a share from 0 to 1, such as 0.95")
    return level


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a confidence level.

    >>> round(normal_quantile(0.95), 4)
    1.96
    """
    return float(ndtri(0.5 + checked_level(level) / 2))
