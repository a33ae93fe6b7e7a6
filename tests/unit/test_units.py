"""Units are exact, and refuse what does not measure the same thing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from equipoise.errors import UnitError
from equipoise.units import DAY, ONE, parse_unit


def test_a_daily_dose_divided_by_weight_is_a_dose_per_weight_and_day():
    assert parse_unit("U/d") / parse_unit("kg") == parse_unit("U/kg/d")


def test_the_order_of_divisors_does_not_matter():
    assert parse_unit("mg/kg/min") == parse_unit("mg/min/kg")


@pytest.mark.parametrize(
    ("one", "other", "factor"),
    [
        ("kg", "g", 1000),
        ("g/L", "mg/dL", 100),
        ("ng/mL", "ug/L", 1),
        ("mmol/L", "umol/L", 1000),
        ("m2", "cm2", 10_000),
        ("mL", "cm3", 1),
        ("week", "d", 7),
        ("year", "d", Fraction(1461, 4)),
        ("year", "month", 12),
        ("1", "%", 100),
        ("kPa", "mmHg", Fraction(10**12, 133_322_387_415)),
        ("mL/min/1.73m2", "mL/min/m2", Fraction(100, 173)),
        ("ng.min/mL", "ng.h/mL", Fraction(1, 60)),
        ("10^9/L", "10^6/mL", 1),
        ("mU/L", "uIU/mL", 1),
        ("1/h", "1/d", 24),
    ],
)
def test_a_unit_converts_by_its_exact_factor(one, other, factor):
    assert parse_unit(one).to(parse_unit(other)) == factor
    assert parse_unit(other).to(parse_unit(one)) == 1 / Fraction(factor)


@pytest.mark.parametrize("written", ["µmol/L", "μmol/L", "umol/L"])
def test_both_micro_signs_and_u_are_the_same(written):
    assert parse_unit(written) == parse_unit("umol/L")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("%", "mmol/mol"),
        ("mmol/L", "mg/dL"),
        ("cells", "1"),
        ("U", "mg"),
        ("mmHg", "cm"),
        ("d", "1"),
    ],
)
def test_units_of_different_quantities_do_not_convert(one, other):
    with pytest.raises(UnitError, match="cannot be converted"):
        parse_unit(one).to(parse_unit(other))


@pytest.mark.parametrize(
    "symbol",
    [
        "U",
        "U/d",
        "U/kg/d",
        "kg/m2",
        "mg/kg/min",
        "cells/kg",
        "1/min",
        "ng.min/mL",
        "%",
        "1",
        "mmHg",
    ],
)
def test_a_unit_is_shown_as_it_was_written(symbol):
    assert str(parse_unit(symbol)) == symbol


def test_a_unit_divided_by_itself_is_one():
    assert parse_unit("U/kg/d") / parse_unit("U/kg/d") == ONE


def test_a_day_is_eighty_six_thousand_four_hundred_seconds():
    assert DAY.to(parse_unit("s")) == 86_400


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("years", r"no unit is written years\. Did you mean year\?"),
        ("U/kg/weeks", r"no unit is written weeks in U/kg/weeks\. Did you mean week\?"),
        ("mmol/l", r"no unit is written l in mmol/l\. Did you mean L\?"),
        ("mmhg", r"no unit is written mmhg\. Did you mean mmHg\?"),
        ("", "no unit is written as nothing"),
        ("/kg", "no unit is written as nothing in /kg"),
        ("kg/", "no unit is written as nothing in kg/"),
        ("kg9", "no unit is written kg9"),
        ("m-2", "no unit is written m-2"),
        ("毫克", "no unit is written 毫克"),
    ],
)
def test_an_unknown_unit_is_refused_with_the_nearest_known_one(text, message):
    with pytest.raises(UnitError, match=message):
        parse_unit(text)
