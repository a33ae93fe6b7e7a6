"""Forms of the reference study as they are typed in: what is asked about, what is refused."""

from __future__ import annotations

import pytest

from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.discrepancies import discrepancies, unasked
from equipoise.errors import ConductError

NAME = "S1-001"
CLAMP = {
    "GIR": "3.12", "CLAMP_STEADY": "yes", "CLAMP_INSULIN_RATE": "40", "CLAMP_FROM": "120",
    "CLAMP_TO": "150", "CLAMP_GLUCOSE": "5.1", "CLAMP_GLUCOSE_RATE": "250", "CLAMP_WEIGHT": "80.0",
}  # fmt: skip
AT = {0: "1.80", 2: "2.60", 4: "3.40", 6: "3.60", 8: "3.50", 10: "3.30", 15: "2.90", 20: "2.50",
      30: "2.10"}  # fmt: skip
AREA = 1.8 + 2 * (2.6 + 3.4 + 3.6 + 3.5) + 3.5 * 3.3 + 5 * 2.9 + 7.5 * 2.5 + 5 * 2.1
GLUCAGON = {
    "GLUCAGON_GIVEN": "yes", "GLUCAGON_GLUCOSE": "8.0", "CPEPTIDE_AUC": f"{AREA:.1f}",
    **{f"CPEPTIDE_{minutes}MIN": value for minutes, value in AT.items()},
}  # fmt: skip


def found(begun, name, values):
    """Checks of a form that fail, once it is recorded."""
    (form,) = (form for form in begun.study.forms.values() if form.form == name)
    units = {item.name: item.unit for item in form.items if item.unit and item.name in values}
    begun.do(RecordForm(NAME, "BASELINE", name, values, begun.on(0), units), begun.nurse)
    asked = {item.name for item in form.items}
    return [one.check for one in discrepancies(begun.study, begun.who()) if one.item in asked]


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({}, []),
        ({"CLAMP_GLUCOSE_RATE": "350"}, ["CLAMP_RATE"]),
        ({"CLAMP_TO": "130"}, ["CLAMP_TIMES"]),
    ],
)
def test_the_clamp_rate_agrees_with_what_it_is_made_from(begun, change, checks):
    assert found(begun, "clamp", CLAMP | change) == checks


@pytest.mark.parametrize(
    ("area", "checks"), [({}, []), ({"CPEPTIDE_AUC": "60"}, ["CPEPTIDE_AREA"])]
)
def test_the_area_agrees_with_the_samples(begun, area, checks):
    assert found(begun, "glucagon", GLUCAGON | area) == checks


def test_without_a_steady_state_its_details_are_not_asked(begun):
    assert found(begun, "clamp", {"GIR": None, "CLAMP_STEADY": "no"}) == []


def test_a_weight_in_pounds_is_asked_about_at_screening_already(clinic):
    clinic.enrol(WEIGHT="80.0")
    assert not [one for one in unasked(clinic.study, clinic.who()) if one.check == "BMI_PLAUSIBLE"]
    pounds = Correct(NAME, "SCREENING", "WEIGHT", "176.0", clinic.on(-14), "misread", "kg")
    clinic.do(pounds, clinic.nurse)

    (asked,) = (o for o in unasked(clinic.study, clinic.who()) if o.check == "BMI_PLAUSIBLE")
    assert asked.encounter == "SCREENING"


def test_no_value_of_a_later_visit_is_recorded_of_somebody_not_randomised(clinic):
    clinic.do(Consent(NAME, "icf-1", "zh", clinic.on(-14)))

    with pytest.raises(ConductError, match="S1-001 is not randomised; WEEK48 comes after that"):
        clinic.do(Record(NAME, "WEEK48", "WEIGHT", "80.0", clinic.on(-14), "kg"), clinic.nurse)
