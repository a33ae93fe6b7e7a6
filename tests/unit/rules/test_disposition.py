import pytest

from equipoise.errors import RuleError
from equipoise.rules.disposition import (
    CONTINUE,
    STOP_INSULIN,
    WITHDRAW,
    Limits,
    after_contact,
    from_protocol,
)
from equipoise.rules.dosing.titration import Readings

LIMITS = Limits(stop=20, withdraw=150, uncontrolled=70)
HIGH, ON_TARGET, NONE = Readings(5, 5 * 71, ()), Readings(5, 5 * 70, ()), Readings(0, 0, ())


@pytest.mark.parametrize(
    ("dose", "weight", "what"),
    [
        (16, 800, STOP_INSULIN),  # 0.2 U/kg exactly
        (17, 800, CONTINUE),
        (16, 799, CONTINUE),  # 0.2003 U/kg
        (0, 800, STOP_INSULIN),
    ],
)
def test_insulin_stops_at_or_below_the_limit(dose, weight, what):
    assert after_contact(dose, weight, ON_TARGET, LIMITS) == what


@pytest.mark.parametrize(
    ("dose", "readings", "what"),
    [
        (121, HIGH, WITHDRAW),
        (120, HIGH, CONTINUE),  # 1.5 U/kg exactly
        (121, ON_TARGET, CONTINUE),
        (121, NONE, CONTINUE),  # control is unknown
    ],
)
def test_the_uncontrolled_above_the_limit_are_withdrawn(dose, readings, what):
    assert after_contact(dose, 800, readings, LIMITS) == what


def test_the_reference_protocol_gives_its_own_limits(reference):
    titration = reference.protocol.titration

    assert from_protocol(titration) == LIMITS


def test_limits_that_the_protocol_does_not_have_are_never_reached(reference):
    titration = reference.protocol.titration
    limits = from_protocol(titration.model_copy(update={"stop": None, "withdraw": None}))

    assert after_contact(0, 800, HIGH, limits) == CONTINUE
    assert after_contact(999, 300, HIGH, limits) == CONTINUE


def test_a_limit_in_another_unit_is_refused(reference):
    titration = reference.protocol.titration
    amount = titration.stop.dose.model_copy(update={"unit": "U/d"})
    stop = titration.stop.model_copy(update={"dose": amount})

    with pytest.raises(RuleError, match="U/d"):
        from_protocol(titration.model_copy(update={"stop": stop}))
