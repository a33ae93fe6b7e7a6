"""Minimisation: the arm that leaves the prognostic factors best balanced is the most probable.

There is no list: the arm depends on those who came before, so the state is kept and stepped on.
Imbalance is the range of the arms' counts at the participant's level, summed over the factors.

Source: Pocock SJ, Simon R. Sequential treatment assignment with balancing for prognostic factors
in the controlled clinical trial. Biometrics 1975;31:103-15.
"""

from __future__ import annotations

from typing import NamedTuple

from equipoise.errors import RuleError
from equipoise.rules.counter import Words, below
from equipoise.rules.parameters import whole


class Plan(NamedTuple):
    """What is balanced, and how firmly."""

    arms: int  # all equally likely
    levels: tuple[int, ...]  # how many levels each factor has
    probability: float  # of getting an arm that balances best; 1 leaves chance only among ties


def check(ratio: tuple[int, ...], *, levels: tuple[int, ...], probability: float) -> None:
    """Refuse unequal ratios, factors without a choice, and a coin that does not favour balance.

    Raises:
        RuleError: What was given, and what to give instead.
    """
    if len(set(ratio)) != 1:
        raise RuleError(
            f"minimisation gives equal arms, not {':'.join(map(str, ratio))} (a biased coin alone "
            f"does not keep such a ratio); use permuted-blocks, stratified"
        )
    if not isinstance(levels, tuple) or not levels:
        raise RuleError(f"levels is {levels!r}; give each factor's number of levels, e.g. [2, 3]")
    for number in levels:
        whole("a factor's number of levels", number, least=2)
    if not isinstance(probability, int | float) or not 1 / len(ratio) < probability <= 1:
        raise RuleError(
            f"probability is {probability!r}; with {len(ratio)} arms give more than "
            f"1/{len(ratio)} and at most 1"
        )


def init(plan: Plan) -> list[int]:
    """Nobody allocated: a count of 0 for each arm in each level of each factor."""
    return [0] * (sum(plan.levels) * plan.arms)


def step(
    counts: list[int], levels: tuple[int, ...], plan: Plan, words: Words
) -> tuple[list[int], int]:
    """Allocate one participant.

    Args:
        counts: The state so far; it is left as it is.
        levels: The participant's level of each factor, from 0.
        plan: What is balanced.
        words: Random words of this participant, ``draw(stream, number)`` of ``draws``.

    Returns:
        The new state, and the arm.

    Raises:
        RuleError: A factor has no such level, or the number of factors is another.
    """
    rows = _rows(levels, plan)
    imbalances = [_imbalance(counts, rows, plan.arms, arm) for arm in range(plan.arms)]
    best = [arm for arm in range(plan.arms) if imbalances[arm] == min(imbalances)]
    arm = best[below(len(best), words[0])]
    if words[1] >= plan.probability * 2**32:  # the coin decides for one of the other arms
        arm = (arm + 1 + below(plan.arms - 1, words[2])) % plan.arms
    after = counts.copy()
    for row in rows:
        after[row + arm] += 1
    return after, arm


def _rows(levels: tuple[int, ...], plan: Plan) -> list[int]:
    """Where the counts of the participant's level start, for each factor."""
    if len(levels) != len(plan.levels):
        raise RuleError("give the participant's level of each factor of the plan, no more, no less")
    rows: list[int] = []
    start = 0
    for factor in range(len(levels)):
        if not 0 <= levels[factor] < plan.levels[factor]:
            raise RuleError(
                "a level is not among the plan's: count from 0, and mend a missing value"
            )
        rows.append((start + levels[factor]) * plan.arms)
        start += plan.levels[factor]
    return rows


def _imbalance(counts: list[int], rows: list[int], arms: int, arm: int) -> int:
    """The sum of the ranges of the counts, were the participant given this arm."""
    total = 0
    for row in rows:
        would_be = [counts[row + other] + (other == arm) for other in range(arms)]
        total += max(would_be) - min(would_be)
    return total
