"""A crowd is treated as each of its members: compiled, every rule decides as in plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from numba.extending import register_jitable

from equipoise.rules import counter, eligibility, safety, visits
from equipoise.rules.allocation import big_stick, draws, minimisation, permuted_blocks, simple
from equipoise.rules.dosing import by_weight, preparation

for called in (
    counter.philox,
    counter.below,
    draws.draw,
    draws.choose,
    minimisation._rows,
    minimisation._imbalance,
    minimisation.init,
    minimisation.step,
):
    register_jitable(called)  # so that compiled rules may call them

WORD = st.integers(0, 2**32 - 1)
STREAM = st.builds(draws.Stream, st.tuples(WORD, WORD), WORD, WORD)
RATIO = st.integers(1, 4)
ANSWER = st.integers(0, 2)
law = settings(deadline=None, max_examples=200)

philox = njit(counter.philox)
eligible = njit(eligibility.eligible)
serious = njit(safety.serious)
expedited = njit(safety.expedited)
hypoglycaemia_level = njit(safety.hypoglycaemia_level)
timing = njit(visits.timing)
study_day = njit(visits.study_day)
target = njit(by_weight.target)
prepare = njit(preparation.prepare)
by_chance = njit(simple.allocate)
by_blocks = njit(permuted_blocks.allocate)
by_stick = njit(big_stick.allocate)


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
@law
def test_random_words_are_the_same_compiled(words, key):
    assert philox(words, key) == counter.philox(words, key)


@given(st.lists(ANSWER, max_size=12), st.lists(ANSWER, max_size=20))
@law
def test_eligibility_is_the_same_compiled(inclusion, exclusion):
    compiled = eligible(np.array(inclusion, np.int64), np.array(exclusion, np.int64))

    assert compiled == eligibility.eligible(inclusion, exclusion)


@given(st.builds(safety.Criteria, *[ANSWER] * 6), ANSWER, ANSWER, st.integers(10, 400))
@law
def test_safety_is_the_same_compiled(criteria, related, unexpected, glucose):
    assert serious(criteria) == safety.serious(criteria)
    assert expedited(related, unexpected, related) == safety.expedited(related, unexpected, related)
    assert hypoglycaemia_level(glucose, related) == safety.hypoglycaemia_level(glucose, related)


@given(
    st.integers(-400, 400),
    st.builds(visits.Window, st.integers(-400, 400), st.integers(0, 30), st.integers(0, 30)),
)
@law
def test_windows_and_study_days_are_the_same_compiled(day, window):
    assert timing(day, window) == visits.timing(day, window)
    assert study_day(day) == visits.study_day(day)


@given(
    st.integers(1, 3000), st.integers(1, 10**6), st.integers(1, 10**7), st.integers(10**7, 10**9)
)
@law
def test_a_dose_by_weight_and_its_bag_are_the_same_compiled(weight, per_0_1_kg, nearest, maximum):
    dose = target(weight, 10 * per_0_1_kg, nearest, maximum)
    product = preparation.Product(vial=nearest, vial_volume=1, bag=10**9)

    assert dose == by_weight.target(weight, 10 * per_0_1_kg, nearest, maximum)
    assert prepare(dose, product) == preparation.prepare(dose, product)


@given(st.integers(1, 120), st.tuples(RATIO, RATIO, RATIO), STREAM)
@law
def test_a_simple_list_is_the_same_compiled(length, ratio, stream):
    assert by_chance(length, ratio, stream) == simple.allocate(length, ratio, stream)


@given(
    st.integers(1, 120),
    st.tuples(RATIO, RATIO, RATIO),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    STREAM,
)
@law
def test_a_list_of_blocks_is_the_same_compiled(length, ratio, multiples, stream):
    sizes = tuple(sum(ratio) * multiple for multiple in multiples)

    compiled = by_blocks(length, ratio, stream, sizes)

    assert compiled == permuted_blocks.allocate(length, ratio, stream, sizes)


@given(st.integers(1, 120), STREAM, st.integers(1, 6))
@law
def test_a_big_stick_list_is_the_same_compiled(length, stream, limit):
    compiled = by_stick(length, (1, 1), stream, limit)

    assert compiled == big_stick.allocate(length, (1, 1), stream, limit)


def minimise(levels, plan, stream):
    counts = minimisation.init(plan)
    arms = []
    for position in range(len(levels)):
        site, sex = levels[position]
        words = draws.draw(stream, position)
        counts, arm = minimisation.step(counts, (site, sex), plan, words)
        arms.append(arm)
    return arms


compiled_minimise = njit(minimise)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=1, max_size=60),
    st.integers(2, 4),
    st.floats(0.51, 1),
    STREAM,
)
@law
def test_minimisation_is_the_same_compiled(levels, arms, probability, stream):
    plan = minimisation.Plan(arms, (3, 2), probability)

    compiled = compiled_minimise(np.array(levels, np.int64), plan, stream)

    assert compiled == minimise(levels, plan, stream)
