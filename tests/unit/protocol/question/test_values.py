"""Recorded values as whole numbers, and numbers that follow from them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from equipoise.errors import QuestionError, RuleError
from equipoise.protocol.question import MISSING, Reference, encode


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("HBA1C", Decimal("7.0"), 70),
        ("HBA1C", Decimal(7), 70),
        ("HBA1C", 7, 70),
        ("HBA1C", Decimal("7.000"), 70),
        ("HBA1C", None, MISSING),
        ("SEX", "M", 1),
        ("KETONURIA", True, 1),
        ("KETONURIA", False, 0),
        ("CONSENT", date(2014, 3, 1), date(2014, 3, 1).toordinal()),
        ("REMARK", "", 0),
    ],
)
def test_a_recorded_value_is_counted_in_whole_steps(columns, name, value, count):
    assert encode(columns[name], value) == count


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("HBA1C", Decimal("7.05"), r"HBA1C is 7.05 %, but it is recorded to 1 decimal$"),
        ("HBA1C", Decimal("2.9"), r"HBA1C is 2.9 %; plausible is 3.0 to 20.0"),
        ("HBA1C", Decimal("NaN"), r"a value that is not there is null, in Python None"),
        ("HBA1C", Decimal("1e999999999"), r"HBA1C is 1E\+999999999 %; plausible is 3.0 to 20.0"),
        ("BALANCE", Decimal("1e-999999999"), r"BALANCE is 1E-999999999 1, but it is recorded"),
        ("HBA1C", 10**999, r"HBA1C is 10000.* %; plausible is 3.0 to 20.0"),
        ("CONSENT", datetime(2014, 3, 1, tzinfo=UTC), r"a datetime; it takes a date"),
        ("SEX", "x" * 10_000, r"SEX is 'xxx.*; its codes are F, M"),
        ("HBA1C", 7.0, r"HBA1C is 7.0, a float; it takes a Decimal or a whole number"),
        ("HBA1C", True, r"a bool; it takes a Decimal"),
        ("HBA1C", "7.0", r"a str; it takes a Decimal"),
        ("SEX", "f", r"its codes are F, M\. Did you mean F\?"),
        ("KETONURIA", 1, r"takes True or False"),
        ("CONSENT", "2014-03-01", r"takes a date"),
        ("REMARK", 3, r"takes text"),
    ],
)
def test_a_value_that_the_item_cannot_have_is_refused(columns, name, value, message):
    with pytest.raises(RuleError, match=message):
        encode(columns[name], value)


@pytest.mark.parametrize(
    ("weight", "height", "bmi"),
    [
        ("70.0", 170, "24.2"),  # 24.22
        ("69.3", 170, "24.0"),  # 23.98
        ("30.0", 230, "5.7"),  # 5.67
        ("64.8", 180, "20.0"),  # 20.00
    ],
)
def test_the_body_mass_index_follows_from_weight_and_height(quantity, weight, height, bmi):
    index = quantity("WEIGHT / (HEIGHT * HEIGHT)", unit="kg/m2", decimals=1)
    values = {
        Reference("WEIGHT", "SCREENING"): Decimal(weight),
        Reference("HEIGHT", "SCREENING"): height,
    }

    assert index.ask(values) == Decimal(bmi)


@pytest.mark.parametrize(
    ("tenths", "whole"), [(4, 0), (5, 1), (14, 1), (15, 2), (-4, 0), (-5, -1), (-15, -2)]
)
def test_a_half_is_rounded_away_from_zero(quantity, tenths, whole):
    rounded = quantity("BALANCE", unit="1", decimals=0)

    assert rounded.count(tenths) == whole


def test_a_percent_reduction_is_a_ratio_declared_in_percent(quantity):
    text = "(INSULIN[BASELINE] - INSULIN[WEEK48]) / INSULIN[BASELINE]"
    reduction = quantity(text, unit="%", decimals=1)

    assert reduction.count(41, 20) == 512  # 51.22
    assert reduction.count(40, 50) == -250
    assert reduction.count(0, 0) == MISSING
    assert reduction.count(41, MISSING) == MISSING
    assert (reduction.low, reduction.high) == (Decimal("-50000.0"), Decimal("50000.0"))


def test_a_quantity_is_missing_when_a_value_is(quantity):
    ratio = quantity("INSULIN / WEIGHT", unit="U/kg/d", decimals=2)

    assert ratio.ask({Reference("INSULIN", "SCREENING"): 40}) is None


def test_a_quantity_converts_as_its_item_declares(quantity):
    assert quantity("GLUCOSE", unit="mg/dL", decimals=0).count(70) == 126


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("INSULIN / WEIGHT", "U/d", "its unit U/d/kg cannot be converted to U/d"),
        ("INSULIN / WEIGHT", "U/kg/day", "no unit is written day"),
        ("HBA1C < 7", "%", "is an answer and cannot be used as a value"),
        ("SEX", "1", "SEX is not a number"),
        ("CONSENT", "d", "CONSENT is not a number"),
    ],
)
def test_a_quantity_that_is_not_what_it_is_declared_to_be_is_refused(quantity, text, unit, message):
    with pytest.raises(QuestionError, match=message):
        quantity(text, unit=unit, decimals=1)
