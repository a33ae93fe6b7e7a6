from __future__ import annotations

import numpy as np
import pytest

from equipoise.errors import StatisticsError
from equipoise.statistics.boschloo import boschloo
from equipoise.statistics.contingency import chi_squared, fisher
from equipoise.statistics.power import (
    TESTS,
    approximate_participants_per_arm,
    participants_per_arm,
    power,
    rejections,
)
from equipoise.statistics.risk_difference import miettinen_nurminen

SINGLE = {
    "fisher": lambda events, n: fisher(events, n).p <= 0.05,
    "chi_squared": lambda events, n: chi_squared(events, n).p <= 0.05,
    "chi_squared_yates": lambda events, n: chi_squared(events, n, yates=True).p <= 0.05,
    "miettinen_nurminen": lambda events, n: miettinen_nurminen(events, n).lower > 0,
    "boschloo": lambda events, n: boschloo(events, n).p <= 0.05,
}


@pytest.mark.parametrize("test", TESTS)
def test_the_outcomes_rejected_are_those_that_the_test_itself_rejects(test):
    table = rejections((11, 9), test=test)

    for x1, x2 in np.ndindex(12, 10):
        assert table[x1, x2] == SINGLE[test]((x1, x2), (11, 9))


@pytest.mark.parametrize("test", ["fisher", "boschloo"])
def test_an_exact_test_keeps_its_level(test):
    sizes = [power((20, 23), (share, share), test=test) for share in np.linspace(0, 1, 41)]

    assert max(sizes) <= 0.05


def test_at_a_level_near_one_almost_every_trial_rejects():
    assert power((20, 23), (0.2, 0.7), alpha=1 - 1e-12) > 0.99


def test_more_participants_raise_the_power():
    assert power((90, 90), (0.20, 0.0455)) > power((45, 45), (0.20, 0.0455))


@pytest.mark.parametrize(("test", "per_arm"), [("fisher", 76), ("chi_squared", 65)])
def test_the_size_found_is_the_first_that_reaches_the_power(test, per_arm):
    true = (0.20, 0.0455)

    assert participants_per_arm(true, test=test) == per_arm
    assert power((per_arm, per_arm), true, test=test) >= 0.8
    assert power((per_arm - 1, per_arm - 1), true, test=test) < 0.8


def test_a_power_out_of_reach_is_refused():
    with pytest.raises(StatisticsError, match="not reached with 10"):
        participants_per_arm((0.20, 0.15), most=10)
    with pytest.raises(StatisticsError, match="not there"):
        approximate_participants_per_arm((0.2, 0.2))


@pytest.mark.parametrize(
    ("n", "p", "options", "message"),
    [
        ((0, 5), (0.2, 0.1), {}, "at least one participant"),
        ((5, 5), (20, 10), {}, "not percentages"),
        ((5, 5), (0.2, 0.1), {"test": "barnard"}, "known are fisher"),
        ((5, 5), (0.2, 0.1), {"alpha": 5}, "alpha 5"),
    ],
)
def test_impossible_plans_are_refused(n, p, options, message):
    with pytest.raises(StatisticsError, match=message):
        power(n, p, **options)
