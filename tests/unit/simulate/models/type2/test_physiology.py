import numpy as np
import pytest
from numba import njit

from equipoise.simulate.models.type2 import physiology

GLYCATION, LIFE = 1.25e-4, 100.0


@njit
def fasting(production, effectiveness, sensitivity, injected, secretion):
    return physiology.fasting_glucose(production, effectiveness, sensitivity, injected, secretion)


@njit
def settled(glucose):
    return physiology.hba1c(physiology.settled_share(glucose, GLYCATION, LIFE))


@njit
def back(percent):
    return physiology.settled_glucose(percent, GLYCATION, LIFE)


@njit
def after_step(before, after, days):
    """HbA1c each day after mean glucose steps from one level to another."""
    shares = np.empty(physiology.COMPARTMENTS)
    physiology.young_to_old(shares, before, GLYCATION, LIFE)
    turnover = physiology.COMPARTMENTS / LIFE
    course = np.empty(days)
    for day in range(days):
        for age in range(physiology.COMPARTMENTS - 1, -1, -1):
            younger = shares[age - 1] if age > 0 else 0.0
            shares[age] = physiology.glycated(shares[age], younger, GLYCATION, after, turnover)
        course[day] = physiology.hba1c(shares.mean())
    return course


def test_fasting_glucose_balances_production_and_uptake():
    glucose = fasting(140.0, 3.17, 0.42, 9.0, 0.6)

    assert (3.17 + 0.42 * (9.0 + 0.6 * glucose)) * glucose == pytest.approx(140.0)


def test_more_insulin_lowers_fasting_glucose():
    assert fasting(140.0, 3.17, 0.42, 10.0, 0.6) < fasting(140.0, 3.17, 0.42, 9.0, 0.6)


@pytest.mark.parametrize(("glucose", "percent"), [(8.6, 7.0), (11.8, 9.0), (13.4, 10.1)])
def test_hba1c_follows_mean_glucose_as_in_adag(glucose, percent):
    """Nathan et al., Diabetes Care 2008;31:1473: eAG = 1.59 A1c - 2.59 mmol/L."""
    assert settled(glucose) == pytest.approx(percent, abs=0.3)


@pytest.mark.parametrize("percent", [5.2, 7.0, 9.0, 12.0, 16.0])
def test_the_glucose_behind_an_hba1c_gives_it_back(percent):
    assert settled(back(percent)) == pytest.approx(percent, abs=1e-6)


def test_half_of_a_change_of_glucose_shows_in_hba1c_after_a_month():
    """Tahara and Shima, Diabetes Care 1995;18:440: half of the change within about 30 days."""
    course = after_step(12.0, 8.0, 150)
    share = (settled(12.0) - course) / (settled(12.0) - settled(8.0))

    assert 0.42 < share[29] < 0.55
    assert 0.75 < share[62] < 0.88
    assert share[149] > 0.97


def test_hba1c_does_not_drift_at_steady_glucose():
    np.testing.assert_allclose(after_step(11.0, 11.0, 100), settled(11.0), rtol=1e-12)
