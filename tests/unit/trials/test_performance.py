from math import sqrt

import numpy as np
import pytest

from equipoise.trials.measured import Measured, Moments
from equipoise.trials.performance import Tally


def rows(n=400, seed=1):
    draws = np.random.Generator(np.random.PCG64(seed))
    estimate = draws.normal(2.0, 1.0, n)
    se = np.full(n, 1.0)
    return {
        "n": np.full(n, 90.0),
        "estimate": estimate,
        "se": se,
        "lower": estimate - 1.96 * se,
        "upper": estimate + 1.96 * se,
        "p": np.full(n, np.nan),
    }


def test_moments_of_parts_are_the_moments_of_the_whole():
    values = np.random.Generator(np.random.PCG64(2)).normal(5.0, 3.0, 1000)

    merged = Moments().merged(values[:10]).merged(values[10:300]).merged(values[300:])

    assert merged.mean == pytest.approx(values.mean())
    assert merged.sd == pytest.approx(values.std(ddof=1))


def test_the_measures_are_those_of_morris_white_and_crowther():
    given, tally = rows(), Tally()
    tally.add(given, alpha=0.05, truth=2.0)

    found = tally.measures(Measured(2.0, 0.0, 400))

    estimate, sd = given["estimate"], given["estimate"].std(ddof=1)
    assert found["bias"].value == pytest.approx(estimate.mean() - 2.0)
    assert found["bias"].mcse == pytest.approx(sd / sqrt(400))
    assert found["empirical SE"].value == pytest.approx(sd)
    assert found["empirical SE"].mcse == pytest.approx(sd / sqrt(2 * 399))
    assert found["model SE"].value == pytest.approx(1.0)
    coverage = (np.abs(estimate - 2.0) <= 1.96).mean()
    assert found["coverage"].value == pytest.approx(coverage)
    assert found["coverage"].mcse == pytest.approx(sqrt(coverage * (1 - coverage) / 399))
    assert found["power"].value == pytest.approx((np.abs(estimate) > 1.96).mean())


def test_a_trial_without_an_answer_rejects_nothing_and_is_counted():
    given, tally = rows(10), Tally()
    for name in ("estimate", "se", "lower", "upper"):
        given[name] = np.where(np.arange(10) < 4, np.nan, 9.0)
    given["upper"] = given["upper"] + 1
    tally.add(given, alpha=0.05, truth=9.0)

    found = tally.measures(None)

    assert found["power"].value == pytest.approx(0.6)
    assert found["not estimable"].value == pytest.approx(0.4)
