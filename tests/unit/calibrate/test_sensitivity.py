import numpy as np
import pytest

from equipoise.calibrate import sensitivity as module
from equipoise.calibrate.tornado import Bar, tornado


@pytest.fixture(scope="module")
def levers(reference):
    return [*module._parameters(reference), *module._titration(reference)]


def test_every_bounded_parameter_and_every_number_of_the_table_is_moved(reference, levers):
    names = {lever.name for lever in levers}
    bounded = {
        name
        for name, one in reference.populated().parameters.items()
        if one.low is not None and one.low != one.high
    }

    assert bounded <= names
    assert "titration from 7.1 mmol/L: limit" in names
    assert "titration from 10.0 mmol/L: units" in names
    assert "titration from 0 mmol/L: percent" in names


def test_a_parameter_stops_at_its_bounds(reference, levers):
    moved = next(lever for lever in levers if lever.name == "inpatient_days")
    off = next(lever for lever in levers if lever.name == "lost_hba1c")

    assert moved.up.populated().parameters["inpatient_days"].value == pytest.approx(5.7)
    assert off.down.populated().parameters["lost_hba1c"].value == 0.0


def test_a_table_that_would_raise_the_dose_at_low_glucose_is_left_out(reference):
    table = reference.protocol.titration
    wrong = module._band(table, 0, units=5)

    assert module._with_table(reference, wrong) is None
    assert module._with_table(reference, table) is not None


def test_the_mean_change_leaves_out_trials_without_a_value():
    change = np.array([[1.0, np.nan, 3.0], [np.nan] * 3])

    assert module._mean(change)[0] == 2.0
    assert np.isnan(module._mean(change)[1])
    assert module._error(change)[0] == pytest.approx(1.0)


def test_a_tornado_has_its_longest_bars_and_says_that_it_is_simulated():
    bars = [Bar(f"lever{k}", "± 1 U", -k / 10, k / 10) for k in range(20)]

    drawn = tornado(bars, axis="Change of: something, %")

    assert "lever19, ± 1 U" in drawn
    assert "lever1, ± 1 U" not in drawn
    assert "Simulated" in drawn
    assert drawn == tornado(bars, axis="Change of: something, %")
