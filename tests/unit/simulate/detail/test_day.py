import numpy as np
import pytest

from equipoise.simulate.detail.day import glucose_of_day
from equipoise.simulate.detail.figure import drawn
from equipoise.simulate.models.type2 import person as t


@pytest.fixture(scope="module")
def traits(enrolled):
    return enrolled.people.hidden[:91]


def days(traits, factor=1.0, **options):
    return np.array([glucose_of_day(one, factor * one[t.DOSE], **options) for one in traits])


@pytest.fixture(scope="module")
def usual(traits):
    return days(traits)


def test_a_day_has_a_value_every_five_minutes(usual):
    assert usual.shape == (91, 288)
    assert np.isfinite(usual).all()
    assert usual.min() > 2


def test_more_insulin_never_means_more_mean_glucose(traits, usual):
    none, twice = days(traits, 0.0).mean(axis=1), days(traits, 2.0).mean(axis=1)

    assert (none > usual.mean(axis=1)).all()
    assert (twice < usual.mean(axis=1)).all()
    assert days(traits, 2.0).min() > 0


def test_half_the_step_changes_next_to_nothing(traits, usual):
    np.testing.assert_allclose(days(traits[:20], steps=2), usual[:20], atol=1e-3)


def test_glucose_before_breakfast_is_that_of_the_trials_model(traits, usual):
    """Two models of one person: they need not agree exactly, but must not contradict each other."""
    before_breakfast, fasting = usual[:, 6 * 12], traits[:, t.FASTING]

    assert abs(np.median(before_breakfast - fasting)) < 1
    assert np.corrcoef(before_breakfast, fasting)[0, 1] > 0.9


def test_the_mean_of_a_day_is_near_that_of_the_trials_model(traits, usual):
    mean, settled = usual.mean(axis=1), traits[:, t.GLUCOSE]

    assert abs(np.median(mean - settled)) < 1
    assert np.corrcoef(mean, settled)[0, 1] > 0.6


def test_the_drawing_is_the_same_bytes_and_says_that_it_is_simulated(usual):
    drawing = drawn({"as it is": usual[0], "another": usual[1]})

    assert drawing == drawn({"as it is": usual[0], "another": usual[1]})
    assert ">Simulated days" in drawing


def test_a_drawing_of_too_many_days_is_refused(usual):
    with pytest.raises(ValueError, match="up to 4"):
        drawn({str(k): usual[k] for k in range(5)})
