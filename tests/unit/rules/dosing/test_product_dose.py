from __future__ import annotations

import pytest

from equipoise.errors import RuleError
from equipoise.rules.dosing import checked, target_dose
from equipoise.rules.dosing.by_weight import target
from equipoise.rules.dosing.preparation import Bag, Product, prepare

VIALS = Product(vial=20_000_000, vial_volume=50, bag=1000)


def test_a_million_cells_for_each_kg_are_counted_exactly():
    assert target_dose("by-weight", {"per_kg": 1_000_000}, weight=723) == 72_300_000


def test_a_fixed_dose_does_not_depend_on_weight():
    doses = {target_dose("fixed", {"amount": 50_000_000}, weight=w) for w in (400, 1200)}

    assert doses == {50_000_000}


@pytest.mark.parametrize(("weight", "dose"), [(724, 70), (725, 75), (774, 75), (775, 80)])
def test_half_way_between_two_doses_is_rounded_up(weight, dose):
    assert target(weight, per_kg=1_000_000, nearest=5_000_000) == dose * 1_000_000


def test_the_maximum_holds_after_rounding():
    assert target(1190, per_kg=1_000_000, nearest=50_000_000, maximum=110_000_000) == 100_000_000
    assert target(1300, per_kg=1_000_000, nearest=50_000_000, maximum=110_000_000) == 110_000_000


@pytest.mark.parametrize("weight", [0, -10])
def test_there_is_no_dose_without_a_weight(weight):
    with pytest.raises(RuleError, match="weight above 0"):
        target(weight, per_kg=1_000_000)


@pytest.mark.parametrize(
    ("method", "parameters", "message"),
    [
        ("by weight", {}, r"Did you mean by-weight\?"),
        ("by-weight", {"per_kg": 1_000_005}, "multiple of 10"),
        ("by-weight", {"per_kg": 1.5e6}, "per_kg is 1500000.0"),
        ("by-weight", {"per_kg": 1_000_000, "maximum": 0}, "maximum is 0"),
        ("by-weight", {"perkg": 1_000_000}, r"Did you mean per_kg\?"),
        ("fixed", {}, "fixed needs the parameter amount"),
        ("fixed", {"amount": -1}, "amount is -1"),
    ],
)
def test_parameters_that_give_no_dose_are_refused(method, parameters, message):
    with pytest.raises(RuleError, match=message):
        checked(method, parameters)


def test_part_of_a_vial_needs_a_whole_one():
    assert prepare(80_000_000, VIALS).vials == 4
    assert prepare(80_000_001, VIALS).vials == 5


def test_vehicle_fills_the_bag_to_100_ml():
    assert prepare(72_300_000, VIALS) == Bag(vials=4, suspension=181, vehicle=819)


def test_a_dose_larger_than_the_bag_is_refused():
    with pytest.raises(RuleError, match="does not fit into the bag"):
        prepare(401_000_000, VIALS)


def test_an_empty_vial_is_refused():
    with pytest.raises(RuleError, match="holds no cells"):
        prepare(72_300_000, VIALS._replace(vial=0))
