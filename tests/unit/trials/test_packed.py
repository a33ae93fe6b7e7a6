from decimal import Decimal

from equipoise.trials.packed import pack, unpack
from equipoise.trials.scenario import read_designs


def test_a_packed_study_is_the_same_study(reference):
    again = unpack(pack(reference))

    assert again.protocol == reference.protocol
    assert again.forms == reference.forms
    assert again.population == reference.population
    assert again.planned().analyses == reference.planned().analyses
    assert pack(again) == pack(reference)


def test_a_decimal_stays_a_decimal(reference):
    changed = read_designs(
        reference, None, ["allocation.method=big-stick", "allocation.parameters={limit: 3}"]
    )[0].study

    again = unpack(pack(changed))

    assert again.protocol.allocation == changed.protocol.allocation
    assert isinstance(again.protocol.dosing.amount.value, Decimal)
