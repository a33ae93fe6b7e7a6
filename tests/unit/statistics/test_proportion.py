from __future__ import annotations

import pytest
from scipy import stats

from equipoise.errors import StatisticsError
from equipoise.statistics.proportion import binomial_test, clopper_pearson, wilson


@pytest.mark.parametrize("continuity", [False, True])
def test_wilson_ends_exactly_at_0_and_at_1(continuity):
    assert wilson(0, 20, continuity=continuity).lower == 0
    assert wilson(20, 20, continuity=continuity).upper == 1


def test_clopper_pearson_ends_exactly_at_0_and_at_1():
    assert clopper_pearson(0, 20).lower == 0
    assert clopper_pearson(20, 20).upper == 1


def test_the_limits_of_clopper_pearson_are_where_each_tail_has_two_and_a_half_percent():
    limits = clopper_pearson(9, 45)

    assert stats.binom.sf(8, 45, limits.lower) == pytest.approx(0.025, abs=1e-12)
    assert stats.binom.cdf(9, 45, limits.upper) == pytest.approx(0.025, abs=1e-12)


@pytest.mark.parametrize(("events", "n", "share"), [(9, 45, 0.0455), (0, 20, 0.1), (11, 20, 0.5)])
def test_the_binomial_test_agrees_with_scipy(events, n, share):
    expected = stats.binomtest(events, n, share).pvalue

    assert binomial_test(events, n, proportion=share).p == pytest.approx(expected, abs=1e-12)


def test_a_percentage_is_not_a_supposed_proportion():
    with pytest.raises(StatisticsError, match="proportion 20"):
        binomial_test(9, 45, proportion=20)


@pytest.mark.parametrize("interval", [clopper_pearson, wilson])
def test_more_events_than_participants_are_refused(interval):
    with pytest.raises(StatisticsError, match="46 events of 45"):
        interval(46, 45)
