"""The difference between arms for every number of the missing who may have responded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import polars as pl

from equipoise.analysis.endpoints import answers, find_endpoint
from equipoise.analysis.kinds.proportion import compared
from equipoise.analysis.results import Row
from equipoise.analysis.trial import Trial
from equipoise.protocol.plan import BinaryEndpoint, TippingPointAnalysis


def tipping_point(analysis: TippingPointAnalysis, trial: Trial) -> Iterator[Row]:
    """For each pair of numbers of missing participants counted as responders, each method.

    The pair is the ``level``, ``2 v 0``: first the arm, then the reference. Nobody is left out.

    Source: Yan, Lee, Li: Journal of Biopharmaceutical Statistics 2009;19:1085 (the idea).
    """
    endpoint = find_endpoint(trial, analysis.endpoint)
    if not isinstance(endpoint, BinaryEndpoint):
        raise TypeError(f"{analysis.name}: the endpoint {endpoint.name} is not binary")
    members = trial.members(analysis.population).select("participant")
    at = answers(endpoint, trial).join(members, on="participant")
    at = at.filter(pl.col("encounter") == analysis.encounter)
    counted = {group: rows["answer"] for group, rows in trial.groups(at)}
    place = Row("", None, endpoint=endpoint.name, encounter=analysis.encounter)
    for group, answer in counted.items():
        for name, n in (("unjudged", answer.null_count()), ("events", int(answer.sum()))):
            yield place._replace(statistic=name, value=n, group=group)
    for name, arm, reference in trial.comparisons():
        first, second = counted[arm], counted[reference]
        pairs = product(range(first.null_count() + 1), range(second.null_count() + 1))
        for more, other in pairs:
            one = (int(first.sum()) + more, len(first))
            two = (int(second.sum()) + other, len(second))
            for row in compared(analysis, one, two):
                yield row._replace(
                    endpoint=endpoint.name,
                    encounter=analysis.encounter,
                    group=name,
                    level=f"{more} v {other}",
                )
