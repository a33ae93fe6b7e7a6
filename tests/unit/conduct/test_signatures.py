"""What an investigator signs for, and what breaks it."""

from __future__ import annotations

import pytest

from equipoise.conduct.checklist import COMPLETE, Gap, gaps
from equipoise.conduct.commands.disposition import DiscontinueTreatment
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.queries import RaiseQuery
from equipoise.conduct.commands.safety import ReportAdverseEvent
from equipoise.conduct.commands.values import Record, Sign
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit
from equipoise.errors import ConductError

from .adverse import HEADACHE
from .conftest import NOON, TODAY

OF_THE_VISIT = {
    "the day of the visit": CorrectVisit("S1-001", "BASELINE", None, "did not come"),
    "one more value": Record("S1-001", "BASELINE", "SBP", "140", TODAY, "mmHg"),
}
OF_NO_VISIT = {
    "an adverse event": ReportAdverseEvent("S1-001", HEADACHE),
    "stopping the treatment": DiscontinueTreatment("S1-001", "other", TODAY, "wishes so"),
    "leaving the study": Withdraw("S1-001", "other", TODAY, "moved to another city"),
}


@pytest.fixture
def signed(scene):
    """A participant who came to the first visit; signed for visit by visit, and as a whole."""
    scene.randomise("S1-001")
    scene.do(HoldVisit("S1-001", "BASELINE", TODAY), scene.nurse)
    for encounter in ("SCREENING", "BASELINE", None):
        scene.do(Sign("S1-001", encounter, COMPLETE, "passkey"), scene.investigator)
    assert standing(scene) == [True, True, True]
    return scene


def standing(scene):
    """Whether the signatures for screening, baseline and everything stand."""
    who = scene.log.participant("S1-001")
    return [who.stands(signature) for signature in who.signatures]


@pytest.mark.parametrize("what", OF_THE_VISIT)
def test_a_signature_for_a_visit_is_broken_by_what_was_recorded_of_it(signed, what):
    signed.do(OF_THE_VISIT[what], signed.investigator)

    assert standing(signed) == [True, False, False]


@pytest.mark.parametrize("what", OF_NO_VISIT)
def test_a_signature_for_a_participant_is_broken_by_what_belongs_to_no_visit(signed, what):
    signed.do(OF_NO_VISIT[what], signed.investigator)

    assert standing(signed) == [True, True, False]


def test_a_new_consent_breaks_the_signature_for_all_and_of_no_visit(signed):
    signed.do(Consent("S1-001", "icf-1", "en", TODAY), signed.nurse)

    assert standing(signed) == [True, True, False]
    assert "signatures" not in {gap.item for gap in missing(signed)}  # each visit is signed for


def test_what_is_no_record_of_the_case_breaks_no_signature(signed):
    signed.do(RaiseQuery("S1-001", "SCREENING", "SBP", "Is this right?"), signed.monitor)

    assert standing(signed) == [True, True, True]


def test_what_belongs_to_no_visit_is_only_signed_for_with_the_whole_participant(scene):
    scene.enrol("S1-001", STROKE="yes")
    scene.do(ReportAdverseEvent("S1-001", HEADACHE), scene.investigator)
    scene.do(Sign("S1-001", "SCREENING", COMPLETE, "passkey"), scene.investigator)
    assert Gap("signatures", "S1-001 outside visits") in missing(scene)

    with pytest.raises(ConductError, match="nothing is recorded at ''"):
        scene.do(Sign("S1-001", "", COMPLETE, "passkey"), scene.investigator)
    scene.do(Sign("S1-001", None, COMPLETE, "passkey"), scene.investigator)
    assert "signatures" not in {gap.item for gap in missing(scene)}


def missing(scene):
    people = [scene.log.participant(name) for name in scene.people()]
    return gaps(scene.log.study, scene.log.trial(), people, NOON.date())
