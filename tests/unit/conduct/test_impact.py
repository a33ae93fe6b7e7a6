"""What a new version of the protocol changes, and for whom."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.impact import PARTS, Change, Recorded, impact, told

from .amending import CHANGES, changed

TODAY = PartialDate(2026, 1, 5)


@pytest.fixture
def new(tmp_path):
    return changed(tmp_path / "study", *CHANGES, forms=[("low: 60", "low: 100")])


@pytest.fixture
def found(scene, study, new):
    scene.randomise("S1-001")
    scene.do(Record("S1-001", "WEEK4", "SBP", "90", TODAY, "mmHg"), scene.nurse)
    scene.enrol("S1-002")
    scene.enrol("S1-003", STROKE="yes")
    scene.do(Correct("S1-003", "SCREENING", "SBP", "151", TODAY, "misread", "mmHg"), scene.nurse)
    people = [scene.log.participant(name) for name in scene.people()]
    return impact(study, new, people, date(2026, 1, 5))


def test_the_impact_names_every_change(found):
    assert set(found.changes) == {
        Change("items", "SBP", "changed", ("low",)),
        Change("encounters", "WEEK24", "added", ()),
        Change("activities", "VITALS", "changed", ("encounters",)),
        Change("criteria", "I1", "changed", ("question",)),
        Change("consents", "icf-2", "added", ()),
    }


def test_the_impact_names_values_under_definitions_that_change(found):
    """Pressure is redefined everywhere, and week 4 is not asked for any more."""
    assert found.recorded == (
        Recorded("S1-001", "SBP", "SCREENING"),
        Recorded("S1-001", "SBP", "WEEK4"),
        Recorded("S1-002", "SBP", "SCREENING"),
        Recorded("S1-003", "SBP", "SCREENING"),
    )


def test_the_impact_names_who_is_touched_and_by_what(found):
    touched = {one.participant: one.parts for one in found.touched}

    assert touched["S1-001"] == ("items", "consents", "encounters", "activities")
    assert touched["S1-002"] == ("items", "consents", "criteria", "encounters", "activities")
    assert [due.participant for due in found.reconsents] == ["S1-001", "S1-002"]


def test_a_version_is_no_change_of_itself(study):
    nothing = impact(study, study, [], date(2026, 1, 5))

    assert (nothing.changes, nothing.recorded, nothing.touched) == ((), (), ())


def test_a_new_label_changes_no_recorded_value(scene, study, tmp_path):
    scene.enrol("S1-001")
    label = ("en: Systolic blood pressure", "en: Systolic pressure")
    new = changed(tmp_path / "study", CHANGES[0], forms=[label])
    found = impact(study, new, [scene.log.participant("S1-001")], date(2026, 1, 5))

    assert found.changes == (Change("items", "SBP", "changed", ("label",)),)
    assert found.recorded == found.touched == ()


def test_the_impact_is_read_in_both_languages(found):
    english, chinese = told(found), told(found, "zh")

    assert english.startswith("Protocol 1.0 → 1.1\n")
    assert "  SBP: changed (low)\n" in english
    assert "  S1-001: icf-1 → icf-2\n" in english
    assert "知情同意书" in chinese
    assert len(english.splitlines()) == len(chinese.splitlines())
    assert not any(part("en") in chinese for part in PARTS.values())
