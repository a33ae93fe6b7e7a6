from decimal import Decimal

import pytest

from equipoise.errors import RuleError
from equipoise.rules.dosing.titration import Bands, Readings, from_protocol, next_dose, tenths

BANDS = Bands(
    edges=(44, 71, 100),
    units=(-2, 0, 2, 6),
    percents=(-10, 0, 0, 0),
    below=(39, 30),
    times=(2, 1),
    cuts=(-10, -20),
)


def readings(mean: int, number: int = 5, *, lows: tuple[int, int] = (0, 0)) -> Readings:
    return Readings(number, mean * number, lows)


@pytest.mark.parametrize(
    ("mean", "dose"), [(43, 34), (44, 40), (70, 40), (71, 42), (99, 42), (100, 46)]
)
def test_a_mean_on_a_limit_belongs_to_the_band_above_it(mean, dose):
    assert next_dose(40, readings(mean), BANDS) == dose


def test_a_mean_just_below_a_limit_is_not_rounded_onto_it():
    just_below = Readings(number=7, total=7 * 71 - 1, lows=(0, 0))

    assert next_dose(40, just_below, BANDS) == 40


@pytest.mark.parametrize(("lows", "dose"), [((1, 0), 42), ((2, 0), 36), ((1, 1), 32), ((2, 2), 32)])
def test_low_readings_cut_the_dose_whatever_the_mean(lows, dose):
    assert next_dose(40, readings(80, lows=lows), BANDS) == dose


def test_a_share_of_the_dose_is_rounded_towards_less_insulin():
    assert next_dose(33, readings(80, lows=(2, 0)), BANDS) == 29


def test_without_fasting_readings_the_dose_stays():
    assert next_dose(40, Readings(0, 0, (0, 0)), BANDS) == 40


def test_without_fasting_readings_low_readings_still_cut():
    assert next_dose(40, Readings(0, 0, (2, 0)), BANDS) == 36


def test_a_dose_never_falls_below_zero():
    assert next_dose(1, readings(40), BANDS) == 0


def test_the_reference_protocol_gives_its_own_table(reference):
    titration = reference.protocol.titration

    assert from_protocol(titration) == BANDS


def test_a_table_in_which_more_glucose_means_less_insulin_is_refused(reference):
    titration = reference.protocol.titration
    bands = titration.bands
    falling = (*bands[:-1], bands[-1].model_copy(update={"units": 1}))

    with pytest.raises(RuleError, match="must not fall"):
        from_protocol(titration.model_copy(update={"bands": falling}))


def test_a_table_in_another_unit_is_refused(reference):
    titration = reference.protocol.titration

    with pytest.raises(RuleError, match="mg/dL"):
        from_protocol(titration.model_copy(update={"unit": "mg/dL"}))


def test_a_limit_between_two_readings_is_refused():
    with pytest.raises(RuleError, match=r"4\.45"):
        tenths(Decimal("4.45"))
