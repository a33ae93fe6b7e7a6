from __future__ import annotations

import subprocess
import sys

import pytest
from scipy import stats

from equipoise.errors import StatisticsError
from equipoise.statistics.contingency import (
    chi_squared,
    cmh,
    farrington_manning,
    fisher,
    fisher_table,
    mantel_haenszel_odds_ratio,
)


@pytest.mark.parametrize("test", [chi_squared, fisher, farrington_manning])
@pytest.mark.parametrize("events", [(0, 0), (8, 9)])
def test_a_table_with_an_empty_margin_has_p_one(test, events):
    assert test(events, (8, 9)).p == 1


def test_yates_never_lowers_p():
    assert chi_squared((9, 2), (45, 44), yates=True).p > chi_squared((9, 2), (45, 44)).p


def test_yates_of_nearly_equal_arms_has_p_one():
    assert chi_squared((3, 3), (10, 11), yates=True).p == 1


def test_fisher_agrees_with_scipy_on_every_table_of_7_against_9():
    table = fisher_table((7, 9))

    for x1 in range(8):
        for x2 in range(10):
            expected = stats.fisher_exact([[x1, x2], [7 - x1, 9 - x2]]).pvalue
            assert table[x1, x2] == pytest.approx(expected, abs=1e-12)
            assert fisher((x1, x2), (7, 9)).p == table[x1, x2]


def test_fisher_s_statistic_is_the_probability_of_the_table():
    """One event among 3 and 1: in the first arm with probability 3/4."""
    assert fisher((1, 0), (3, 1)).statistic == pytest.approx(0.75)


def test_fisher_loads_no_slow_library():
    code = (
        "import sys; from equipoise.statistics.contingency import fisher; fisher((9, 2), (45, 44));"
        "print('scipy.stats' in sys.modules)"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"


def test_fisher_of_thousands_of_participants_is_still_right():
    expected = stats.fisher_exact([[120, 110], [2880, 2890]]).pvalue

    assert fisher((120, 110), (3000, 3000)).p == pytest.approx(expected, rel=1e-6)


def test_the_score_test_without_margin_is_the_chi_squared_test():
    score = farrington_manning((9, 2), (45, 44))

    assert score.statistic**2 == pytest.approx(chi_squared((9, 2), (45, 44)).statistic, rel=1e-10)


def test_a_margin_outside_the_possible_differences_is_refused():
    with pytest.raises(StatisticsError, match="margin 15"):
        farrington_manning((9, 2), (45, 44), margin=15)


def test_one_stratum_of_cmh_is_the_chi_squared_test_with_n_minus_one():
    one = cmh([[[9, 36], [2, 42]]]).statistic

    assert one == pytest.approx(chi_squared((9, 2), (45, 44)).statistic * 88 / 89, rel=1e-12)


def test_strata_without_events_say_nothing():
    assert cmh([[[0, 5], [0, 6]], [[4, 0], [3, 0]]]) == (0, 1)
    with pytest.raises(StatisticsError, match="risk difference instead"):
        mantel_haenszel_odds_ratio([[[0, 5], [0, 6]]])


def test_one_stratum_has_the_plain_odds_ratio():
    assert mantel_haenszel_odds_ratio([[[9, 36], [2, 42]]]).estimate == pytest.approx(5.25)


@pytest.mark.parametrize("tables", [[[9, 36], [2, 42]], [[[9, 36, 1], [2, 42, 1]]]])
def test_tables_of_another_shape_are_refused(tables):
    with pytest.raises(StatisticsError, match="strata, 2, 2"):
        cmh(tables)


def test_a_stratum_with_an_empty_arm_is_refused():
    with pytest.raises(StatisticsError, match="without participants"):
        cmh([[[0, 0], [2, 42]]])
