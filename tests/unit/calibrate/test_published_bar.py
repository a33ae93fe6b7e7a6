"""Every published mean, median, percentage and count at once, from the committed population.

Longer: ``pytest -m slow tests/unit/calibrate``; the fit itself: ``equipoise calibrate --write``.
"""

import numpy as np
import pytest

from equipoise.calibrate.fit import Aim


def central(aim):
    z = aim.z(aim.reached({}))
    return {
        target.id: round(float(one), 2)
        for target, one in zip(aim.targets, z, strict=True)
        if target.central
    }


def test_the_committed_population_meets_every_published_mean(reference):
    z = central(Aim.of(reference, trials=100, seed=2))

    assert len(z) > 40
    assert {name: one for name, one in z.items() if abs(one) >= 2.5} == {}


@pytest.mark.slow
def test_many_trials_with_other_people_meet_every_published_mean_within_two_errors(reference):
    z = central(Aim.of(reference, trials=1000, seed=11))

    assert {name: one for name, one in z.items() if abs(one) >= 2.0} == {}
    assert np.mean(np.square(list(z.values()))) < 1.0
