# ruff: noqa: N806, E741 - the letters of the paper
from itertools import pairwise

import numpy as np
import pytest
from numba import njit
from scipy.integrate import solve_ivp

from equipoise.simulate.detail import meal_model as m
from equipoise.simulate.detail.day import Habits, live_days
from equipoise.simulate.detail.meal_model import Body, at_rest

PUBLISHED = Body()
CASES = [(164.18, 0.0), (150.0, 1.5), (300.0, 0.5), (60.0, 4.0)]  # glucose, steady injection


@njit
def slopes(y, eaten, injected, b):
    dy = np.empty(y.size)
    m.slopes(y, dy, eaten, injected, b)
    return dy


def as_in_the_paper(_t, y, eaten, injected, b):
    """The equations once more, in the notation of the paper."""
    Gp, Gt, Il, Ip, I1, Id, X, Y, Ipo, Q1, Q2, Qgut, S1, S2 = y
    a, c = 5 / (2 * eaten * (1 - b.most_left)), 5 / (2 * eaten * b.least_left)
    Q = Q1 + Q2
    kempt = b.kmin + (b.kmax - b.kmin) / 2 * (
        np.tanh(a * (Q - b.most_left * eaten)) - np.tanh(c * (Q - b.least_left * eaten)) + 2
    )
    G, I = Gp / b.glucose_volume, Ip / b.insulin_volume
    Ra, Rai = b.absorbed * b.kabs * Qgut / b.weight, b.fast_uptake * S1 + b.slow_uptake * S2
    EGP = max(0, b.kp1 - b.kp2 * Gp - b.kp3 * Id - b.kp4 * Ipo)
    Uid = max(0, b.vm0 + b.vmx * X) * Gt / (b.km0 + Gt)
    Uii, E = b.brain * min(1, G / 36), b.ke1 * max(0, Gp - b.ke2)
    dGp = EGP + Ra - Uii - E - b.k1 * Gp + b.k2 * Gt
    S, h, Sb = b.gamma * Ipo, b.threshold, b.secretion
    HE = min(max(0, -b.m5 * S + b.m5 * Sb + b.extraction), 0.9)
    m3 = HE * b.m1 / (1 - HE)
    Spo = Y + b.per_rise * max(0, dGp / b.glucose_volume) + Sb
    return [
        dGp, -Uid + b.k1 * Gp - b.k2 * Gt,
        -(b.m1 + m3) * Il + b.m2 * Ip + S, -(b.m2 + b.m4) * Ip + b.m1 * Il + Rai,
        -b.ki * (I1 - I), -b.ki * (Id - I1), -b.p2u * X + b.p2u * (I - b.usual_insulin),
        -b.alpha * (Y - b.beta * (G - h)) if b.beta * (G - h) >= -Sb else -b.alpha * (Y + Sb),
        -b.gamma * Ipo + Spo,
        -b.kmax * Q1, -kempt * Q2 + b.kmax * Q1, -b.kabs * Qgut + kempt * Q2,
        injected - (b.dissolving + b.fast_uptake) * S1, b.dissolving * S1 - b.slow_uptake * S2,
    ]  # fmt: skip


@pytest.mark.parametrize(("glucose", "injected"), CASES)
def test_nothing_changes_at_rest(glucose, injected):
    y, body = at_rest(glucose, injected, PUBLISHED)

    np.testing.assert_allclose(slopes(y, 0.0, injected, body), 0.0, atol=1e-12)


def test_the_published_production_is_that_of_the_published_person_at_rest():
    """kp1 of the table, 3.09, against what the other numbers ask for at 164 mg/dL."""
    _, body = at_rest(PUBLISHED.threshold, 0.0, PUBLISHED)

    assert body.kp1 == pytest.approx(PUBLISHED.kp1, rel=0.01)


def test_the_published_insulin_is_that_of_the_published_secretion():
    insulin = m.plasma_insulin(PUBLISHED.secretion, 0.0, PUBLISHED) / PUBLISHED.insulin_volume

    assert insulin == pytest.approx(PUBLISHED.usual_insulin, abs=0.01)
    assert m.secretion_for(insulin * PUBLISHED.insulin_volume, PUBLISHED) == pytest.approx(
        PUBLISHED.secretion
    )


def test_slopes_are_the_equations_of_the_paper():
    rng = np.random.default_rng(1)
    for glucose, injected in CASES:
        y, body = at_rest(glucose, injected, PUBLISHED)
        y = y * rng.uniform(0.3, 2.5, y.size) + 1.0
        y[m.SOLID], y[m.LIQUID], y[m.GUT] = 9e3, 4e4, 2e4

        expected = as_in_the_paper(0.0, y, 7e4, injected, body)
        np.testing.assert_allclose(slopes(y, 7e4, injected, body), expected, rtol=1e-12)


def test_what_leaves_the_gut_is_what_was_eaten():
    y, body = at_rest(164.18, 1.0, PUBLISHED)
    y[m.SOLID], y[m.LIQUID], y[m.GUT] = 3e4, 2e4, 1e4
    dy = slopes(y, 7e4, 1.0, body)

    assert dy[m.SOLID] + dy[m.LIQUID] + dy[m.GUT] == pytest.approx(-body.kabs * y[m.GUT])


def test_a_day_is_that_of_an_accurate_solver():
    """SciPy's DOP853 at 1e-9 between the meals; the kernel steps a minute at a time."""
    habits, dose = Habits(), 3000.0
    start, body = at_rest(160.0, habits.overnight * dose / 1440, PUBLISHED)
    injected = habits.overnight * dose / 1440
    y, eaten, glucose = start.copy(), 1.0, []
    cuts = [0, *habits.minutes, 1440]
    for number, (begin, end) in enumerate(pairwise(cuts)):
        if number:
            grams = habits.grams[number - 1]
            y[m.SOLID] += 1000 * grams
            y[m.SKIN1] += (1 - habits.overnight) * dose * grams / sum(habits.grams)
            eaten = y[m.SOLID] + y[m.LIQUID]
        found = solve_ivp(
            as_in_the_paper, (begin, end), y, method="DOP853", rtol=1e-9, atol=1e-9,
            args=(eaten, injected, body), t_eval=[*range(begin, end, 5), end], max_step=5.0,
        )  # fmt: skip
        glucose += (found.y[m.PLASMA, :-1] / body.glucose_volume).tolist()
        y = found.y[:, -1].copy()

    kernel = live_days(start.copy(), 1, dose, habits, body, 1)

    np.testing.assert_allclose(kernel, glucose, atol=0.01)  # mg/dL


def test_glucose_stays_positive_on_far_too_much_insulin():
    habits = Habits()
    y, body = at_rest(120.0, 1.0, PUBLISHED)

    glucose = live_days(y, 2, 10.0 * 6000, habits, body, 1)

    assert glucose.min() > 0
    assert glucose.min() < 20
