"""Numbers printed in the test suite of the R package lrstat: see README.md beside this file."""

from __future__ import annotations

import pytest

from equipoise.statistics.contingency import cmh
from equipoise.statistics.power import power
from equipoise.statistics.proportion import clopper_pearson
from equipoise.statistics.risk_difference import miettinen_nurminen_stratified


def test_the_stratified_miettinen_nurminen_interval_is_lrstat_s():
    result = miettinen_nurminen_stratified([[4, 2], [3, 0]], [[10, 20], [10, 10]])

    assert list(result) == pytest.approx([0.3, 0.082536, 0.53206], abs=1e-6)


def test_the_stratified_statistic_at_no_difference_is_lrstat_s():
    statistic = cmh([[[4, 6], [2, 18]], [[3, 7], [0, 10]]]).statistic

    assert round(statistic**0.5, 6) == 2.627423


def test_the_exact_interval_of_3_in_20_is_lrstat_s():
    result = clopper_pearson(3, 20)

    assert (round(result.lower, 6), round(result.upper, 6)) == (0.032071, 0.378927)


@pytest.mark.parametrize(("n", "expected"), [((68, 68), 0.897983), ((69, 68), 0.906564)])
def test_the_exact_power_of_fisher_s_test_is_lrstat_s(n, expected):
    assert round(power(n, (0.25, 0.05)), 6) == expected
