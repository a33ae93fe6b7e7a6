"""Shares of participants with an endpoint, and their differences between arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import polars as pl

from equipoise.analysis.endpoints import answers, find_endpoint
from equipoise.analysis.results import Row
from equipoise.analysis.summaries import estimated, share
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import (
    BinaryEndpoint,
    ProportionAnalysis,
    ProportionMethod,
    TippingPointAnalysis,
)
from equipoise.statistics import boschloo, contingency, risk_difference

_INTERVALS: Final[dict[ProportionMethod, Callable[..., Any]]] = {
    "wald": risk_difference.wald,
    "newcombe": risk_difference.newcombe,
    "miettinen-nurminen": risk_difference.miettinen_nurminen,
    "mee": risk_difference.mee,
}
_TESTS: Final[dict[ProportionMethod, Callable[..., Any]]] = {
    "chi-squared": contingency.chi_squared,
    "fisher": contingency.fisher,
    "boschloo": boschloo.boschloo,
}


def proportion(analysis: ProportionAnalysis, trial: Trial) -> Iterator[Row]:
    """Counts by arm, then each method on the difference of each arm from the reference."""
    endpoint = find_endpoint(trial, analysis.endpoint)
    if not isinstance(endpoint, BinaryEndpoint):
        raise TypeError(f"{analysis.name}: the endpoint {endpoint.name} is not binary")
    members = trial.members(analysis.population).select("participant")
    asked = answers(endpoint, trial).join(members, on="participant")
    for encounter in analysis.encounters or endpoint.encounters:
        at = asked.filter(pl.col("encounter") == encounter)
        for row in _at_encounter(analysis, trial, at):
            yield row._replace(endpoint=endpoint.name, encounter=encounter)


def _at_encounter(analysis: ProportionAnalysis, trial: Trial, at: pl.DataFrame) -> Iterator[Row]:
    counts: dict[str | None, tuple[int, int]] = {}
    for group, rows in trial.groups(at):
        answer = rows["answer"]
        judged = len(answer) - answer.null_count()
        n = judged if analysis.missing == "left out" else len(answer)
        counts[group] = (int(answer.sum()), n)
        yield Row("unjudged", answer.null_count(), group=group)
        for row in share(*counts[group], level=analysis.level):
            yield row._replace(group=group)
    for name, arm, reference in trial.comparisons():
        for row in compared(analysis, counts[arm], counts[reference]):
            yield row._replace(group=name)


def compared(
    analysis: ProportionAnalysis | TippingPointAnalysis,
    first: tuple[int, int],
    second: tuple[int, int],
) -> Iterator[Row]:
    """Each method of an analysis on the events and participants of two arms."""
    events, n = (first[0], second[0]), (first[1], second[1])
    for method in analysis.methods:
        if method in _INTERVALS:
            interval = partial(_INTERVALS[method], events, n, level=analysis.level)
            yield from estimated(method, interval, unit="%", scale=100)
        else:
            yield from estimated(method, partial(_TESTS[method], events, n))
