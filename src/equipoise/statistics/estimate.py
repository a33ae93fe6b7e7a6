"""What an analysis gives back: an interval, a test, or both together."""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """An estimate with its two-sided confidence limits, in the unit of what is estimated."""

    estimate: float
    lower: float
    upper: float


class Test(NamedTuple):
    """A test statistic and its p value; two sided unless the test says otherwise."""

    statistic: float
    p: float


Test.__test__ = False  # type: ignore[attr-defined]  # a result: pytest must not collect it


class Comparison(NamedTuple):
    """A difference with its confidence limits and the test that it is nil."""

    estimate: float
    lower: float
    upper: float
    statistic: float
    df: float
    p: float
