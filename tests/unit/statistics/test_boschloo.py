from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from equipoise.statistics.boschloo import boschloo, boschloo_table


@pytest.mark.parametrize("events", [(9, 2), (12, 5), (5, 14), (4, 0), (45, 0), (17, 18)])
def test_boschloo_agrees_with_scipy(events):
    """SciPy 1.17 with 128 starting points; its search ends within 1e-8."""
    table = [list(events), [45 - events[0], 46 - events[1]]]

    expected = stats.boschloo_exact(table, n=128)

    result = boschloo(events, (45, 46))
    assert result.p == pytest.approx(expected.pvalue, abs=1e-8)
    assert result.statistic == pytest.approx(expected.statistic, abs=1e-12)


def test_the_table_of_all_outcomes_agrees_with_single_outcomes():
    table = boschloo_table((7, 9))

    for x1 in range(8):
        for x2 in range(10):
            assert table[x1, x2] == pytest.approx(boschloo((x1, x2), (7, 9)).p, abs=1e-5)


def test_boschloo_never_exceeds_a_doubled_one_sided_fisher_test():
    for x1 in range(0, 21, 4):
        for x2 in range(0, 16, 3):
            table = [[x1, x2], [20 - x1, 15 - x2]]
            doubled = 2 * min(
                stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")
            )
            assert boschloo((x1, x2), (20, 15)).p <= min(doubled, 1) + 1e-12


@pytest.mark.parametrize("events", [(0, 0), (8, 9)])
def test_a_table_with_an_empty_margin_has_p_one(events):
    assert boschloo(events, (8, 9)).p == pytest.approx(1)
    assert np.isclose(boschloo_table((8, 9))[events], 1)
