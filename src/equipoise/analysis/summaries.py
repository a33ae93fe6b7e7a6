"""The statistics that several kinds of analysis share, as rows of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.analysis.results import NOT_ESTIMABLE, Row
from equipoise.errors import StatisticsError
from equipoise.statistics.means import mean_interval
from equipoise.statistics.proportion import clopper_pearson


def describe(values: ArrayLike, *, unit: str | None, level: float = 0.95) -> Iterator[Row]:
    """Count, mean, spread, quartiles and range of values, and the t interval of their mean.

    Source of the quartiles: Hyndman, Fan: American Statistician 1996;50:361, definition 7.
    """
    sample = np.asarray(values, dtype=np.float64)
    yield Row("n", len(sample))
    if len(sample) == 0:
        return
    quartiles = np.quantile(sample, (0, 0.25, 0.5, 0.75, 1))
    yield Row("mean", float(sample.mean()), unit=unit)
    for name, value in zip(("min", "q1", "median", "q3", "max"), quartiles, strict=True):
        yield Row(name, float(value), unit=unit)
    if len(sample) > 1:
        sd = float(sample.std(ddof=1))
        yield Row("sd", sd, unit=unit)
        yield Row("se", sd / len(sample) ** 0.5, unit=unit)
        interval = mean_interval(sample, level=level)
        yield Row("lower", interval.lower, unit=unit, method="t-interval")
        yield Row("upper", interval.upper, unit=unit, method="t-interval")


def share(events: int, n: int, *, level: float = 0.95) -> Iterator[Row]:
    """Events among participants, their percentage, and its exact interval."""
    yield Row("events", events)
    yield Row("n", n)
    if n > 0:
        interval = clopper_pearson(events, n, level=level)
        yield Row("percent", 100 * interval.estimate, unit="%")
        yield Row("lower", 100 * interval.lower, unit="%", method="clopper-pearson")
        yield Row("upper", 100 * interval.upper, unit="%", method="clopper-pearson")


def estimated(
    method: str,
    estimate: Callable[[], Any],
    *,
    unit: str | None = None,
    scale: float = 1.0,
) -> Iterator[Row]:
    """The parts of an interval or test by a method, or a row that says why there is none.

    Args:
        method: Its name in the results.
        estimate: Gives one of the tuples of `equipoise.statistics.estimate`.
        unit: Of the estimate and its limits.
        scale: By which estimate and limits are multiplied.
    """
    try:
        parts = estimate()._asdict()
    except StatisticsError as error:
        yield Row(NOT_ESTIMABLE, None, method=method, note=str(error))
        return
    for name, value in parts.items():
        if name in {"estimate", "lower", "upper"}:
            yield Row(name, scale * value, unit=unit, method=method)
        else:
            yield Row(name, value, method=method)
