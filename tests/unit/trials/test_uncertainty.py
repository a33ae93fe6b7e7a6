"""What is said of parameter sets, against sets whose spread is known."""

from math import isnan, sqrt

import numpy as np
import pytest

from equipoise.trials.measured import Measured, Moments, together
from equipoise.trials.performance import Tally, measures, pooled
from equipoise.trials.uncertainty import drawn_together, over_sets

SETS, EACH = 4000, 25


def sets(spread, noise, seed=1):
    """Measured values of sets whose true values have this spread around 10."""
    draws = np.random.Generator(np.random.PCG64(seed))
    true = draws.normal(10.0, spread, SETS) if spread else np.full(SETS, 10.0)
    seen = true + draws.normal(0.0, noise, SETS)
    return true, [Measured(value, noise, EACH) for value in seen.tolist()]


def over(measured):
    value = float(np.mean([one.value for one in measured]))
    return over_sets(Measured(value, 0.01, SETS * EACH), measured)


@pytest.mark.parametrize("noise", [0.1, 1.0, 2.0])
def test_the_spread_of_the_sets_is_found_whatever_the_monte_carlo_error(noise):
    true, seen = sets(1.0, noise)

    found = over(seen)

    assert found.spread == pytest.approx(1.0, abs=0.25)
    assert found.lower == pytest.approx(10 - 1.645, abs=0.4)
    assert found.upper == pytest.approx(10 + 1.645, abs=0.4)
    inside = (found.lower <= true) & (true <= found.upper)
    assert inside.mean() == pytest.approx(0.9, abs=0.05)


def test_sets_that_differ_by_monte_carlo_error_only_have_next_to_no_spread():
    _, seen = sets(0.0, 1.0)

    found = over(seen)

    assert found.spread < 0.35
    assert found.lower > 10 - 0.6


def test_sets_that_agree_have_no_spread():
    found = over([Measured(0.0, 0.0, EACH)] * 5)

    assert (found.spread, found.lower, found.upper) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("few", [[], [Measured(1.0, 0.1, EACH)], [Measured(1.0, 0.1, 19)] * 9])
def test_one_set_or_too_few_trials_in_each_give_no_limits(few):
    found = over_sets(Measured(1.0, 0.1, 100), few)

    assert isnan(found.spread)
    assert isnan(found.lower)
    assert isnan(found.upper)


def test_values_drawn_together_are_nearer_to_the_truth_than_those_seen():
    true, seen = sets(1.0, 1.5)

    drawn = np.array(drawn_together(seen))

    far = np.mean((np.array([one.value for one in seen]) - true) ** 2)
    assert np.mean((drawn - true) ** 2) < 0.5 * far


def test_a_set_with_one_trial_says_nothing_of_its_own():
    seen = [Measured(1.0, float("nan"), 1), Measured(3.0, float("nan"), 1)]

    assert drawn_together(seen) == [2.0, 2.0]


def test_monte_carlo_error_leaves_out_what_varies_between_sets():
    draws = np.random.Generator(np.random.PCG64(4))
    tallies = {}
    for number, centre in enumerate((0.0, 100.0)):
        estimate = draws.normal(centre, 1.0, 500)
        numbers = {"n": np.full(500, 90.0), "estimate": estimate, "se": np.full(500, 1.0)}
        numbers |= {"lower": estimate - 2, "upper": estimate + 2, "p": np.full(500, np.nan)}
        tallies[number] = Tally()
        tallies[number].add(numbers, alpha=0.05, truth=centre)

    found = measures(tallies)

    assert found["mean"].value == pytest.approx(50.0, abs=0.2)
    assert found["mean"].mcse == pytest.approx(1 / sqrt(1000), rel=0.1)
    assert found["mean"].spread == pytest.approx(100 / sqrt(2), rel=0.01)
    assert found["empirical SE"].value == pytest.approx(1.0, rel=0.1)
    assert pooled(tallies).covered.mean == pytest.approx(0.954, abs=0.02)


def test_groups_of_one_have_the_spread_of_all():
    values = np.array([1.0, 4.0, 7.0])

    found = together([Moments().merged(values[[k]]) for k in range(3)])

    assert (found.n, found.mean, found.sd) == (3, 4.0, 3.0)
