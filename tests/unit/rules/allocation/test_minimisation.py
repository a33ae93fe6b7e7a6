from __future__ import annotations

import pytest

from equipoise.errors import RuleError
from equipoise.rules.allocation.minimisation import Plan, init, step

TWO_FACTORS = Plan(arms=2, levels=(2, 3), probability=0.8)
HEADS, TAILS = (0, 0, 0, 0), (0, 2**32 - 1, 0, 0)  # the coin is the second word
ENDS = (0, 2**32 - 1)  # smallest and largest random word


def test_the_participant_is_counted_at_each_of_their_levels():
    counts, arm = step(init(TWO_FACTORS), (1, 2), TWO_FACTORS, HEADS)

    assert arm == 0
    assert counts == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0]


def test_the_arm_that_balances_the_marginal_totals_is_preferred():
    """The arms are even at the level of factor 1; arm 0 is ahead at that of factor 2."""
    counts = [5, 5, 0, 0, 0, 0, 0, 0, 6, 3]

    assert step(counts, (0, 2), TWO_FACTORS, HEADS)[1] == 1
    assert step(counts, (0, 2), TWO_FACTORS, TAILS)[1] == 0


def test_chance_decides_among_arms_that_balance_alike():
    start = init(TWO_FACTORS)

    arms = [step(start, (0, 0), TWO_FACTORS, (word, 0, 0, 0))[1] for word in ENDS]

    assert arms == [0, 1]


def test_of_three_arms_the_one_that_narrows_the_range_is_preferred():
    """Counts 0, 1, 2 become 1, 1, 2 or 0, 2, 2 or 0, 1, 3: ranges 1, 2 and 3."""
    plan = Plan(arms=3, levels=(2,), probability=0.8)

    arms = [step([0, 1, 2, 0, 0, 0], (0,), plan, (word, 0, 0, 0))[1] for word in ENDS]

    assert arms == [0, 0]


def test_the_given_state_is_left_as_it_is():
    counts = init(TWO_FACTORS)

    step(counts, (0, 0), TWO_FACTORS, HEADS)

    assert counts == init(TWO_FACTORS)


@pytest.mark.parametrize("levels", [(0,), (0, 3), (-1, 0), (0, 0, 0)])
def test_levels_that_are_not_in_the_plan_are_refused(levels):
    with pytest.raises(RuleError):
        step(init(TWO_FACTORS), levels, TWO_FACTORS, HEADS)
