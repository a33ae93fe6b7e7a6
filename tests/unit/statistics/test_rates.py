from __future__ import annotations

import pytest
from scipy import stats

from equipoise.errors import StatisticsError
from equipoise.statistics.rates import incidence_rate


def test_the_limits_are_where_each_poisson_tail_has_two_and_a_half_percent():
    rate = incidence_rate(7, 1.0)

    assert stats.poisson.sf(6, rate.lower) == pytest.approx(0.025, abs=1e-12)
    assert stats.poisson.cdf(7, rate.upper) == pytest.approx(0.025, abs=1e-12)


def test_no_event_has_a_lower_limit_of_zero_and_an_upper_limit_of_3_69_per_exposure():
    rate = incidence_rate(0, 50.0, per=100)

    assert rate.lower == rate.estimate == 0
    assert rate.upper == pytest.approx(2 * 3.688879, abs=1e-5)


def test_the_unit_of_exposure_only_scales_the_rate():
    per_year, per_hundred = incidence_rate(7, 40.0), incidence_rate(7, 40.0, per=100)

    assert tuple(per_hundred) == pytest.approx([100 * value for value in per_year])


@pytest.mark.parametrize(
    ("events", "exposure", "per", "message"),
    [
        (-1, 40.0, 1.0, "-1 events"),
        (1.5, 40.0, 1.0, "whole number"),
        (1, 0.0, 1.0, "exposure 0"),
        (1, float("nan"), 1.0, "exposure nan"),
        (1, 40.0, 0.0, "per 0"),
    ],
)
def test_impossible_rates_are_refused(events, exposure, per, message):
    with pytest.raises(StatisticsError, match=message):
        incidence_rate(events, exposure, per=per)
