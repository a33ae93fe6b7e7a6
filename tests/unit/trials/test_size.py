from math import sqrt

import pytest
from scipy.special import ndtr, ndtri

from equipoise.errors import StudyError
from equipoise.trials.measured import Measured
from equipoise.trials.size import Point, find_size, fitted

TRIALS = 100_000


def share(events, trials):
    value = events / trials
    return Measured(value, sqrt(value * (1 - value) / trials), trials)


def by_normal_theory(effect):
    """Power of a z test with a standardised effect, as if simulated very often."""

    def power_at(participants: int) -> Measured:
        return share(round(TRIALS * float(ndtr(effect * sqrt(participants) / 2 - 1.96))), TRIALS)

    return power_at


@pytest.mark.parametrize(("effect", "wanted"), [(0.5, 0.8), (0.5, 0.9), (0.3, 0.8), (1.0, 0.95)])
def test_the_size_is_that_of_normal_theory(effect, wanted):
    found = find_size(by_normal_theory(effect), start=91, step=2, wanted=wanted)

    exact = (2 * (1.96 + float(ndtri(wanted))) / effect) ** 2
    assert exact - 1 <= found.participants <= exact + 3
    assert found.lower < exact < found.upper
    assert found.participants % 2 == 0


def test_the_curve_goes_through_points_without_error():
    power_at = by_normal_theory(0.5)

    curve = fitted([Point(n, power_at(n)) for n in (50, 100, 200)])

    assert curve.power(128) == pytest.approx(power_at(128).value, abs=1e-3)


def test_without_an_effect_no_size_is_found():
    with pytest.raises(StudyError, match="does not rise"):
        find_size(lambda n: share(round(5000 - n / 100), TRIALS), start=91, step=2, wanted=0.8)


def test_a_power_that_is_no_share_is_refused():
    with pytest.raises(StudyError, match="such as"):
        find_size(by_normal_theory(0.5), start=91, step=2, wanted=80)
