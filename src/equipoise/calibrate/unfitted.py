"""Printed p values as predictions: how often simulated trials would print the same.

They were not used in the fit; only means, medians and percentages were.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from scipy import stats

from equipoise.calibrate.lives import Lives
from equipoise.protocol.plan import NumberEndpoint
from equipoise.protocol.published import PValue
from equipoise.simulate.arrays import Array


class Printed(NamedTuple):
    """A printed p value and the share of simulated trials, %, of which it holds."""

    statement: PValue
    share: float


def printed_p_values(lives: Lives) -> list[Printed]:
    """Every printed p value of an item at an encounter, by t tests among completers."""
    published = lives.study.published
    statements = published.p_values if published else ()
    return [
        Printed(one, _share(one, lives))
        for one in statements
        if one.item and one.encounter and one.item in lives.study.items
    ]


def _share(statement: PValue, lives: Lives) -> float:
    item, encounter = str(statement.item), str(statement.encounter)
    values = np.where(lives.completed, _measured(statement, lives, encounter), np.nan)
    published, arms = lives.study.published, list(lives.study.arms)
    if statement.contrast == "between arms":
        first, second = (arms.index(name) for name in (published.arms if published else arms[:2]))
        p = _two_sample(
            np.where(lives.arm == first, values, np.nan),
            np.where(lives.arm == second, values, np.nan),
        )
    else:
        before = lives.value(item, lives.study.protocol.baseline)
        arm = lives.arm == arms.index(str(statement.arm))
        p = _paired(np.where(arm, values - before, np.nan))
    limit = float(statement.value)
    holds = {"<": p < limit, ">": p > limit, "=": p <= limit}[statement.comparison]
    return float(100.0 * holds.mean())


def _measured(statement: PValue, lives: Lives, encounter: str) -> Array:
    """The item as it is, or its percent reduction where the endpoint is one, (T, N)."""
    item = str(statement.item)
    now = lives.value(item, encounter)
    plan = lives.study.plan.endpoints if lives.study.plan else ()
    endpoint = next((one for one in plan if one.name == statement.endpoint), None)
    if not isinstance(endpoint, NumberEndpoint) or endpoint.measure != "percent reduction":
        return now
    before = lives.value(item, lives.study.protocol.baseline)
    return np.asarray(100.0 * (before - now) / np.where(before > 0.0, before, np.nan))


def _two_sample(first: Array, second: Array) -> Array:
    """Student's t test of each trial, two-sided p, (T,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a trial without values has no p
        return np.asarray(stats.ttest_ind(first, second, axis=1, nan_policy="omit").pvalue)


def _paired(change: Array) -> Array:
    """Paired t test of each trial, two-sided p, (T,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(stats.ttest_1samp(change, 0.0, axis=1, nan_policy="omit").pvalue)
