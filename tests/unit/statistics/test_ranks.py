from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy import stats

from equipoise.errors import StatisticsError
from equipoise.statistics.ranks import hodges_lehmann, median_interval, wilcoxon


@pytest.mark.parametrize(("sizes", "method"), [((12, 9), "exact"), ((60, 55), "asymptotic")])
def test_the_rank_sum_test_agrees_with_scipy(sizes, method):
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.4, 1, sizes[0]), rng.normal(0, 1, sizes[1])
    expected = stats.mannwhitneyu(x, y, method=method)

    result = wilcoxon(x, y)

    assert (result.statistic, result.p) == pytest.approx(tuple(expected), abs=1e-10)


def test_ties_use_the_normal_approximation_even_in_small_groups():
    x, y = [1, 2, 2, 3], [2, 3, 4, 5, 6]

    assert wilcoxon(x, y).p == pytest.approx(
        stats.mannwhitneyu(x, y, method="asymptotic").pvalue, abs=1e-12
    )


@pytest.mark.parametrize("size", [8, 60])
def test_the_limits_of_the_shift_are_where_the_rank_sum_test_changes_its_mind(size):
    rng = np.random.default_rng(2)
    x, y = rng.normal(1, 1, size), rng.normal(0, 1, size)

    shift = hodges_lehmann(x, y)

    for limit, inwards in ((shift.lower, 1e-9), (shift.upper, -1e-9)):
        assert wilcoxon(x - (limit + inwards), y).p > 0.05
        assert wilcoxon(x - (limit - inwards), y).p <= 0.05


def test_the_shift_of_three_against_three_has_no_limits_at_95_percent():
    shift = hodges_lehmann([1.0, 2.0, 3.0], [0.1, 0.2, 0.3])

    assert (shift.lower, shift.upper) == (-inf, inf)
    assert shift.estimate == pytest.approx(1.8)


@pytest.mark.parametrize("n", [5, 6, 17, 36, 45])
def test_the_interval_of_a_median_holds_its_level_and_the_next_narrower_one_does_not(n):
    interval = median_interval(np.arange(1.0, n + 1))

    outside = n - interval.upper if interval.upper < inf else -1
    assert 2 * stats.binom.cdf(outside, n, 0.5) <= 0.05
    assert 2 * stats.binom.cdf(outside + 1, n, 0.5) > 0.05


def test_five_values_are_too_few_for_limits_of_a_median():
    assert median_interval([1, 2, 3, 4, 5])[1:] == (-inf, inf)


def test_equal_values_in_both_groups_are_refused_by_the_test():
    with pytest.raises(StatisticsError, match="no order to test"):
        wilcoxon([30.0, 30.0], [30.0, 30.0])


@pytest.mark.parametrize("function", [wilcoxon, hodges_lehmann])
def test_an_empty_group_is_refused(function):
    with pytest.raises(StatisticsError, match="0 value"):
        function([], [1.0])
