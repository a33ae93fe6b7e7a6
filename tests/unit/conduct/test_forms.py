"""A whole form at once: everything on it, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.participant import Consent, Screen
from equipoise.errors import ConductError

TODAY = PartialDate(2026, 1, 5)
HISTORY = RecordForm(
    "S1-001",
    "SCREENING",
    "history",
    {"AGE": "55", "SEX": "F", "STROKE": "no"},
    TODAY,
    {"AGE": "year"},
)


@pytest.fixture
def consented(scene):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    return scene


def test_a_form_records_each_of_its_items(consented):
    entries = consented.do(HISTORY, consented.nurse)

    assert [(e.event.item, e.event.value) for e in entries] == list(HISTORY.values.items())
    pressure = RecordForm("S1-001", "SCREENING", "vitals", {"SBP": "150"}, TODAY, {"SBP": "mmHg"})
    consented.do(pressure, consented.nurse)
    (judged,) = consented.do(Screen("S1-001"), consented.investigator)
    assert judged.event.eligible == "yes"


def test_what_was_not_done_needs_no_unit(consented):
    consented.do(
        replace(HISTORY, values={**HISTORY.values, "AGE": None}, units={}), consented.nurse
    )

    values = consented.log.participant("S1-001").values
    assert {str(key): value.text for key, value in values.items()}["AGE[SCREENING]"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"form": "histroy"}, "Did you mean history"),
        ({"form": "x" * 10_000_000}, "there is no form"),
        ({"values": {"AGE": "55", "SEX": "F"}}, "STROKE is missing; give null"),
        ({"values": {**HISTORY.values, "SBP": "150"}}, "does not ask for 'SBP'"),
        ({"units": {"AGE": "year", "HEIGHT": "cm"}}, "does not ask for 'HEIGHT'"),
        ({"units": {}}, "recorded in year, not 'no unit'"),
        ({"units": {"AGE": "month"}}, "recorded in year, not 'month'"),
        ({"values": {**HISTORY.values, "STROKE": "perhaps"}}, "answer yes or no"),
        ({"values": {**HISTORY.values, "SEX": "F" * 10_000_000}}, "10000 at most"),
        ({"encounter": "WEEK4"}, "not asked at WEEK4"),
        ({"on": PartialDate(2026, 1, 6)}, "today is 2026-01-05"),
        ({"participant": "S1-404"}, "no such participant"),
    ],
)
def test_a_form_with_one_fault_leaves_nothing(consented, change, said):
    tip = consented.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        consented.do(replace(HISTORY, **change), consented.nurse)
    assert len(str(refused.value)) < 300
    assert consented.log.tip("main") == tip


def test_a_form_is_recorded_once(consented):
    consented.do(HISTORY, consented.nurse)

    with pytest.raises(ConductError, match="recorded already; correct it"):
        consented.do(HISTORY, consented.nurse)
