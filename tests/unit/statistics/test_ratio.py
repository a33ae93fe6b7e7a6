from __future__ import annotations

from math import inf, isnan

import pytest

from equipoise.statistics.ratio import conditional_odds_ratio, odds_ratio, risk_ratio

RATIOS = [risk_ratio, odds_ratio, conditional_odds_ratio]


@pytest.mark.parametrize("ratio", RATIOS)
def test_no_event_in_the_second_arm_makes_the_ratio_and_its_upper_limit_infinite(ratio):
    result = ratio((5, 0), (37, 36))

    assert result.estimate == result.upper == inf
    assert 0 < result.lower < inf


@pytest.mark.parametrize("ratio", RATIOS)
def test_no_event_in_the_first_arm_makes_the_ratio_and_its_lower_limit_zero(ratio):
    result = ratio((0, 5), (37, 36))

    assert result.estimate == result.lower == 0
    assert 0 < result.upper < inf


@pytest.mark.parametrize("ratio", RATIOS)
def test_no_event_at_all_says_nothing_about_a_ratio(ratio):
    result = ratio((0, 0), (37, 36))

    assert isnan(result.estimate)
    assert (result.lower, result.upper) == (0, inf)


def test_events_in_everyone_say_nothing_about_the_odds_but_bound_the_risk_ratio():
    odds, risk = odds_ratio((37, 36), (37, 36)), risk_ratio((37, 36), (37, 36))

    assert isnan(odds.estimate)
    assert (odds.lower, odds.upper) == (0, inf)
    assert risk.estimate == 1
    assert 0.8 < risk.lower < 1 < risk.upper < 1.2


@pytest.mark.parametrize("ratio", [risk_ratio, odds_ratio])
def test_exchanging_the_arms_turns_the_ratio_upside_down(ratio):
    one, other = ratio((9, 2), (45, 44)), ratio((2, 9), (44, 45))

    assert (one.lower, one.upper) == pytest.approx((1 / other.upper, 1 / other.lower), rel=1e-12)
    assert one.estimate == pytest.approx(1 / other.estimate, rel=1e-12)


@pytest.mark.parametrize("corrected", [False, True])
def test_the_odds_ratio_of_those_without_the_event_is_the_reciprocal(corrected):
    one = odds_ratio((9, 2), (45, 44), bias_corrected=corrected)
    other = odds_ratio((36, 42), (45, 44), bias_corrected=corrected)

    assert one.estimate == pytest.approx(1 / other.estimate, rel=1e-10)
    assert (one.lower, one.upper) == pytest.approx((1 / other.upper, 1 / other.lower), rel=1e-10)


def test_the_odds_ratio_without_correction_is_the_cross_product():
    assert odds_ratio((9, 2), (45, 44)).estimate == 9 * 42 / (36 * 2)


def test_the_odds_ratio_interval_excludes_one_when_the_score_test_rejects():
    """At a ratio of 1 the score statistic is the chi-squared statistic times (N - 1) / N."""
    assert odds_ratio((9, 2), (45, 44)).lower > 1
    assert odds_ratio((8, 3), (45, 44)).lower < 1
