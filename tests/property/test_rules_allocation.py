"""Laws of allocation: balance, the ratio in the long run, and lists that only the seed can tell."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.rules.allocation import allocation_list, minimisation, stream
from equipoise.rules.allocation.draws import draw

SEED = st.integers(0, 2**64 - 1)
TRIAL = st.integers(0, 2**32 - 2)
PLANS = [
    ("simple", {}, (1, 1)),
    ("simple", {}, (2, 1, 1)),
    ("permuted-blocks", {"sizes": [4, 6]}, (1, 1)),
    ("permuted-blocks", {"sizes": [3, 6, 9]}, (2, 1)),
    ("big-stick", {"limit": 3}, (1, 1)),
]


def one_list(method, parameters, ratio, length, *, seed, trial=0):
    return allocation_list(method, parameters, ratio, 1, length, seed=seed, trial=trial)[0]


def splits_into_blocks(arms, ratio, sizes):
    """Whether blocks of these sizes, each in the ratio, make the list; the last may be short."""
    starts = {0}
    for start in range(len(arms)):
        for size in sizes if start in starts else ():
            block = arms[start : start + size]
            whole = [size // sum(ratio) * share for share in ratio]
            found = [block.count(arm) for arm in range(len(ratio))]
            if len(block) < size and all(f <= w for f, w in zip(found, whole, strict=True)):
                return True
            if found == whole:
                starts.add(start + size)
    return len(arms) in starts


@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4).map(tuple),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.integers(1, 60),
    SEED,
)
def test_a_list_is_made_of_blocks_of_the_given_sizes_each_in_the_ratio(
    ratio, multiples, length, seed
):
    sizes = [multiple * sum(ratio) for multiple in multiples]

    arms = one_list("permuted-blocks", {"sizes": sizes}, ratio, length, seed=seed)

    assert len(arms) == length
    assert splits_into_blocks(arms, ratio, sizes)


@given(st.integers(1, 6), SEED)
def test_big_stick_never_exceeds_its_limit(limit, seed):
    arms = one_list("big-stick", {"limit": limit}, (1, 1), 120, seed=seed)

    assert max(abs(ahead) for ahead in accumulate(1 - 2 * arm for arm in arms)) <= limit


@pytest.mark.parametrize(("method", "parameters", "ratio"), PLANS)
@given(seed=SEED, trial=TRIAL)
def test_a_list_is_told_by_its_seed_and_by_nothing_less(method, parameters, ratio, seed, trial):
    def lists(seed, trial):
        return allocation_list(method, parameters, ratio, 2, 64, seed=seed, trial=trial)

    first, second = lists(seed, trial)

    assert lists(seed, trial) == [first, second]
    assert first != second
    assert lists(seed ^ 1, trial)[0] != first
    assert lists(seed ^ 2**63, trial)[0] != first
    assert lists(seed, trial + 1)[0] != first


@given(
    st.integers(2, 4), st.lists(st.integers(0, 2), min_size=1, max_size=60), SEED, st.integers(0, 9)
)
def test_minimisation_without_chance_keeps_one_factor_within_one(arms, levels, seed, trial):
    plan = minimisation.Plan(arms, levels=(3,), probability=1)
    counts = minimisation.init(plan)

    for position, level in enumerate(levels):
        words = draw(stream(seed, trial=trial), position)
        counts, _ = minimisation.step(counts, (level,), plan, words)
        rows = [counts[row : row + arms] for row in range(0, len(counts), arms)]

        assert max(max(row) - min(row) for row in rows) <= 1


@pytest.mark.parametrize(("method", "parameters", "ratio"), PLANS)
@pytest.mark.parametrize("position", [0, 3, 10])
def test_over_many_trials_each_position_has_the_ratio(method, parameters, ratio, position):
    """Fixed seed; each share is within 4 standard errors."""
    trials = 2000
    found = Counter(
        one_list(method, parameters, ratio, position + 1, seed=1, trial=trial)[position]
        for trial in range(trials)
    )

    for arm, share in enumerate(ratio):
        p = share / sum(ratio)
        assert abs(found[arm] / trials - p) < 4 * sqrt(p * (1 - p) / trials)


def test_every_order_of_a_block_is_equally_likely():
    """Fixed seed; 6 orders of 2 + 2 in 3000 blocks, chi-squared with 5 degrees of freedom."""
    arms = one_list("permuted-blocks", {"sizes": [4]}, (1, 1), 12_000, seed=1)
    found = Counter(tuple(arms[start : start + 4]) for start in range(0, len(arms), 4))

    assert len(found) == 6
    assert sum((n - 500) ** 2 / 500 for n in found.values()) < 20.5  # p = .001


def test_each_block_size_is_equally_likely():
    """Four arms are 2 + 2 always in a block of 4, in 12 of 20 orders of one of 6: 0.8 in all."""
    trials = 2000
    balanced = sum(
        sum(one_list("permuted-blocks", {"sizes": [4, 6]}, (1, 1), 4, seed=2, trial=trial)) == 2
        for trial in range(trials)
    )

    assert abs(balanced / trials - 0.8) < 4 * sqrt(0.8 * 0.2 / trials)


@pytest.mark.parametrize("arms", [2, 3])
def test_minimisation_gives_equal_arms_and_its_coin_the_given_probability(arms):
    """Fixed seed; factors that are in turn at every combination of levels."""
    plan = minimisation.Plan(arms, levels=(2, 3), probability=0.75)
    counts = minimisation.init(plan)
    combinations = list(product(range(2), range(3)))
    found = Counter()
    people = 3000

    for position in range(people):
        words = draw(stream(3, trial=0), position)
        counts, arm = minimisation.step(counts, combinations[position % 6], plan, words)
        found[arm] += 1

    p = 1 / arms
    assert all(abs(n / people - p) < 4 * sqrt(p * (1 - p) / people) for n in found.values())


def test_the_other_arms_share_what_the_preferred_arm_leaves():
    """Fixed seed; arm 0 is one behind, so it is preferred: 0.6, and 0.2 for each other arm."""
    plan = minimisation.Plan(arms=3, levels=(2,), probability=0.6)
    people = 3000
    found = Counter(
        minimisation.step([0, 1, 1, 0, 0, 0], (0,), plan, draw(stream(4, trial=0), position))[1]
        for position in range(people)
    )

    for arm, p in enumerate((0.6, 0.2, 0.2)):
        assert abs(found[arm] / people - p) < 4 * sqrt(p * (1 - p) / people)
