from __future__ import annotations

import numpy as np
import pytest

from equipoise.errors import StatisticsError
from equipoise.statistics.contingency import farrington_manning
from equipoise.statistics.risk_difference import (
    METHODS,
    mee,
    miettinen_nurminen,
    miettinen_nurminen_many,
    miettinen_nurminen_stratified,
)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("events", [(0, 0), (10, 10), (10, 0), (0, 10)])
def test_arms_with_no_event_or_nothing_else_have_limits_in_order_and_in_range(method, events):
    result = method(events, (10, 10))

    assert -1 <= result.lower <= result.estimate <= result.upper <= 1


@pytest.mark.parametrize("events", [(0, 0), (12, 9)])
def test_equal_arms_without_variation_still_get_an_interval_around_zero(events):
    result = miettinen_nurminen(events, (12, 9))

    assert result.lower < -0.1
    assert result.estimate == 0
    assert result.upper > 0.1


def test_everyone_against_no_one_has_the_upper_limit_one():
    assert miettinen_nurminen((45, 0), (45, 46)).upper == 1


def test_counting_those_without_the_event_turns_the_sign_for_every_table():
    events = np.stack(np.meshgrid(np.arange(14), np.arange(10), indexing="ij"), axis=-1)
    n = np.array([13, 9])

    estimate, lower, upper = miettinen_nurminen_many(events, n)
    other, other_lower, other_upper = miettinen_nurminen_many(n - events, n)

    assert np.allclose(estimate, -other, atol=1e-12, rtol=0)
    assert np.allclose(lower, -other_upper, atol=1e-11, rtol=0)
    assert np.allclose(upper, -other_lower, atol=1e-11, rtol=0)


def test_all_tables_of_45_against_46_get_their_interval_in_one_call():
    events = np.stack(np.meshgrid(np.arange(46), np.arange(47), indexing="ij"), axis=-1)

    estimate, lower, upper = miettinen_nurminen_many(events, (45, 46))

    assert estimate.shape == (46, 47)
    assert ((lower <= estimate) & (estimate <= upper)).all()


def test_the_limits_of_mee_are_the_margins_that_farrington_and_manning_just_reject():
    limits = mee((9, 2), (45, 44))

    at_lower = farrington_manning((9, 2), (45, 44), margin=limits.lower)
    at_upper = farrington_manning((9, 2), (45, 44), margin=limits.upper)

    assert at_lower.p == pytest.approx(0.05, abs=1e-10)
    assert at_upper.p == pytest.approx(0.05, abs=1e-10)
    assert at_lower.statistic > 0 > at_upper.statistic


def test_one_stratum_gives_the_plain_interval():
    stratified = miettinen_nurminen_stratified([(9, 2)], [(45, 44)])

    assert stratified == miettinen_nurminen((9, 2), (45, 44))


def test_a_copy_of_a_stratum_keeps_the_estimate_and_narrows_the_interval():
    once = miettinen_nurminen_stratified([(9, 2)], [(45, 44)])
    twice = miettinen_nurminen_stratified([(9, 2), (9, 2)], [(45, 44), (45, 44)])

    assert twice.estimate == pytest.approx(once.estimate)
    assert once.lower < twice.lower < twice.upper < once.upper


def test_the_order_of_strata_does_not_matter():
    one = miettinen_nurminen_stratified([(4, 2), (3, 0)], [(10, 20), (10, 10)])
    other = miettinen_nurminen_stratified([(3, 0), (4, 2)], [(10, 10), (10, 20)])

    assert tuple(one) == pytest.approx(tuple(other), abs=1e-12)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize(
    ("events", "n", "message"),
    [
        ((-1, 2), (45, 44), "-1 events of 45"),
        ((9, 45), (45, 44), "45 events of 44"),
        ((0, 0), (0, 44), "without participants"),
        ((9.5, 2), (45, 44), "whole numbers"),
        ((float("nan"), 2), (45, 44), "missing values"),
        ((1, 2, 3), (4, 5, 6), "two arms"),
        ((1, 2, 3), (4, 5), "as many counts"),
    ],
)
def test_impossible_counts_are_refused_with_what_was_given(method, events, n, message):
    with pytest.raises(StatisticsError, match=message):
        method(events, n)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_an_impossible_level_is_refused(method, level):
    with pytest.raises(StatisticsError, match="confidence level"):
        method((9, 2), (45, 44), level=level)


def test_counts_without_an_axis_for_the_arms_are_refused():
    with pytest.raises(StatisticsError, match="last axis"):
        miettinen_nurminen_many([1, 2, 3], [4, 5, 6])
    with pytest.raises(StatisticsError, match="per stratum"):
        miettinen_nurminen_stratified([1, 2], [4, 5])
