"""The audit trail in words."""

from __future__ import annotations

import pytest

from equipoise.conduct.commands.safety import FollowUpAdverseEvent, ReportAdverseEvent
from equipoise.conduct.commands.values import Correct
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit
from equipoise.conduct.views import history
from equipoise.errors import NotPermittedError

from .adverse import HEADACHE
from .conftest import TODAY


def last(scene):
    return history.history(scene.log, "S1-001", by=scene.auditor)[-1]


def test_a_correction_tells_who_when_why_and_what_was_there_before(scene):
    scene.enrol("S1-001")
    fix = Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread the dial", "mmHg")
    scene.do(fix, scene.nurse)

    change = last(scene)
    assert change[1:6] == (
        "2026-01-05T12:00:00+08:00", "nurse", "study nurse", "1.0", "ValueCorrected",
    )  # fmt: skip
    assert change.said == {"encounter": "SCREENING", "item": "SBP", "value": "151", "on": TODAY}
    assert (change.before, change.reason) == ({"value": "150"}, "misread the dial")


def test_each_correction_is_set_against_the_one_before_it(scene):
    scene.randomise("S1-001")
    scene.do(HoldVisit("S1-001", "BASELINE", TODAY), scene.nurse)
    scene.do(CorrectVisit("S1-001", "BASELINE", None, "did not come"), scene.nurse)
    assert last(scene).before == {"on": TODAY}

    scene.do(CorrectVisit("S1-001", "BASELINE", TODAY, "came after all"), scene.nurse)
    assert last(scene).before == {"on": None}


def test_a_follow_up_of_an_adverse_event_tells_what_is_other_than_before(scene):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", HEADACHE), scene.investigator)
    assert last(scene).before == {}

    worse = HEADACHE._replace(severity="moderate")
    scene.do(FollowUpAdverseEvent("S1-001", 1, worse, "got worse"), scene.investigator)
    assert last(scene).before == {"severity": "mild"}


def test_every_line_about_a_participant_and_no_other_is_told_in_order(scene):
    scene.enrol("S1-001")
    scene.enrol("S1-002")
    told = history.history(scene.log, "S1-002", by=scene.investigator)
    wanted = [
        (entry.sequence, type(entry.event).__name__)
        for entry in scene.log.entries("main")
        if entry.envelope.participant == "S1-002"
    ]
    assert [(change.sequence, change.event) for change in told] == wanted

    of_trial = history.of_trial(scene.log, by=scene.auditor)
    assert [change.event for change in of_trial][:2] == ["TrialOpened", "StaffAppointed"]
    assert {change.event for change in of_trial}.isdisjoint({"Enrolled", "ValueRecorded"})


def test_the_audit_trail_is_for_those_who_read_the_log(scene):
    scene.enrol("S1-001")
    for by in (scene.preparer, scene.adjudicator, scene.administrator, scene.custodian):
        with pytest.raises(NotPermittedError):
            history.history(scene.log, "S1-001", by=by)
    for by in (scene.nurse, scene.preparer):
        with pytest.raises(NotPermittedError):
            history.of_trial(scene.log, by=by)
