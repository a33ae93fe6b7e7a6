from __future__ import annotations

from math import nan

import pytest
from scipy import stats

from equipoise.errors import StatisticsError
from equipoise.statistics.means import (
    mean_interval,
    one_sample_t_test,
    paired_t_test,
    paired_t_test_from_summary,
    t_test,
    t_test_from_summary,
)

HBA1C = [8.1, 7.4, 6.9, 9.2, 7.7]
BASELINE = [9.0, 8.8, 7.9, 9.9, 9.1]


@pytest.mark.parametrize("equal", [True, False])
def test_values_and_their_summary_give_the_same_comparison(equal):
    mean = sum(HBA1C) / 5, sum(BASELINE) / 5
    sd = stats.tstd(HBA1C), stats.tstd(BASELINE)

    from_values = t_test(HBA1C, BASELINE, equal_variance=equal)
    from_summary = t_test_from_summary(mean, sd, (5, 5), equal_variance=equal)

    assert tuple(from_values) == pytest.approx(tuple(from_summary), rel=1e-12)


def test_a_paired_test_and_its_summary_with_the_seen_correlation_agree():
    mean = sum(HBA1C) / 5, sum(BASELINE) / 5
    sd = stats.tstd(HBA1C), stats.tstd(BASELINE)
    correlation = stats.pearsonr(HBA1C, BASELINE).statistic

    from_values = paired_t_test(HBA1C, BASELINE)
    from_summary = paired_t_test_from_summary(mean, sd, 5, correlation=correlation)

    assert tuple(from_values) == pytest.approx(tuple(from_summary), rel=1e-9)


def test_a_change_from_baseline_is_tested_against_what_is_supposed():
    change = [after - before for after, before in zip(HBA1C, BASELINE, strict=True)]
    expected = stats.ttest_1samp(change, -0.5)

    result = one_sample_t_test(change, supposed=-0.5)

    assert (result.statistic, result.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert (result.estimate, result.lower, result.upper) == pytest.approx(
        tuple(mean_interval(change))
    )


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1.0], [1.0, 2.0], "1 value"),
        ([1.0, nan], [1.0, 2.0], "1 of 2 values missing"),
        ([2.0, 2.0], [1.0, 1.0], "no spread"),
        ([[1.0, 2.0]], [1.0, 2.0], "flat list"),
    ],
)
def test_values_that_cannot_be_compared_are_refused(x, y, message):
    with pytest.raises(StatisticsError, match=message):
        t_test(x, y)


@pytest.mark.parametrize("equal", [True, False])
def test_summaries_without_any_spread_are_refused(equal):
    with pytest.raises(StatisticsError, match="no spread"):
        t_test_from_summary((7, 8), (0, 0), (5, 5), equal_variance=equal)


@pytest.mark.parametrize(
    ("mean", "sd", "n", "message"),
    [
        ((nan, 8), (1, 1), (5, 5), "missing"),
        ((7, 8), (-1, 1), (5, 5), "not negative"),
        ((7, 8), (1, 1), (5, 1), "at least 2"),
    ],
)
def test_impossible_summaries_are_refused(mean, sd, n, message):
    with pytest.raises(StatisticsError, match=message):
        t_test_from_summary(mean, sd, n)


def test_a_paired_test_of_groups_of_different_size_is_refused():
    with pytest.raises(StatisticsError, match="both values of each"):
        paired_t_test([1.0, 2.0, 3.0], [1.0, 2.0])


def test_an_impossible_correlation_is_refused():
    with pytest.raises(StatisticsError, match="correlation 2"):
        paired_t_test_from_summary((7, 8), (1, 1), 10, correlation=2)
