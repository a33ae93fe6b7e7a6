"""Allocation of many trials: the protocol's list, from the same rule compiled.

A list takes 1 ms in plain Python, as long as the trial that it belongs to takes to live.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numba.extending import register_jitable

from equipoise.protocol.study import Protocol
from equipoise.rules import counter
from equipoise.rules.allocation import LISTS, checked, draws, minimisation, stream
from equipoise.simulate.arrays import Whole
from equipoise.simulate.compiled import unlocked

Allocate = Callable[[int, Whole], Whole]  # number of the trial, strata in order -> arms


def allocation(protocol: Protocol, seed: int, *, many: bool) -> Allocate:
    """How a trial of this protocol allocates its participants, by number of the trial.

    Args:
        protocol: Its allocation says how.
        seed: From 0 to 2**64 - 1.
        many: Whether there are so many trials that compiling the rule pays.

    Raises:
        RuleError: The method, a parameter or the ratio is not one that can be used.
    """
    plan = protocol.allocation
    ratio = tuple(arm.ratio for arm in protocol.arms)
    values = checked(plan.method, plan.parameters, ratio)
    if plan.method not in LISTS:
        rule = minimisation.Plan(len(ratio), values["levels"], values["probability"])
        return partial(_minimise, rule, len(plan.strata), seed)
    allocate = _compiled(plan.method) if many else LISTS[plan.method].allocate
    return partial(_from_lists, partial(allocate, **values), ratio, 2 ** len(plan.strata), seed)


@cache
def _compiled(method: str) -> Callable[..., list[int]]:
    for called in (counter.philox, counter.below, draws.draw, draws.choose):
        register_jitable(called)  # compiled into the rule that calls it
    rule: Callable[..., list[int]] = unlocked(LISTS[method].allocate)
    return rule


def _from_lists(
    allocate: Callable[..., list[int]],
    ratio: tuple[int, ...],
    strata: int,
    seed: int,
    trial: int,
    stratum: Whole,
) -> Whole:
    """The next free place in the list of each participant's stratum."""
    arms = np.empty(stratum.size, np.int64)
    for number in range(strata):
        mine = stratum == number
        arms[mine] = allocate(
            stratum.size, ratio, stream=stream(seed, trial=trial, stratum=number)
        )[: mine.sum()]
    return arms


def _minimise(
    rule: minimisation.Plan, factors: int, seed: int, trial: int, stratum: Whole
) -> Whole:
    counts, arms = minimisation.init(rule), []
    for number, one in enumerate(stratum.tolist()):
        levels = tuple(one >> factor & 1 for factor in reversed(range(factors)))
        words = draws.draw(stream(seed, trial=trial), number)
        counts, arm = minimisation.step(counts, levels, rule, words)
        arms.append(arm)
    return np.array(arms, dtype=np.int64)
