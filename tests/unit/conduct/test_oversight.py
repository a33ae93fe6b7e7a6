"""Verification, review and freezing of the records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.forms import RecordForm
from equipoise.conduct.commands.oversight import Freeze, ReviewForm, Unfreeze, VerifySource
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.queries import AnswerQuery, RaiseQuery
from equipoise.conduct.commands.values import Correct, Record, Sign
from equipoise.conduct.events.registry import EVENTS
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError

TODAY = PartialDate(2026, 1, 5)
CORRECT = Correct("S1-001", "SCREENING", "AGE", "56", TODAY, "misread", "year")
RECORD = Record("S1-001", "BASELINE", "SBP", "140", TODAY, "mmHg")
HISTORY = VerifySource("S1-001", "SCREENING", "history")
REVIEW = ReviewForm("S1-001", "SCREENING", "history")


def form(scene, encounter="SCREENING", name="history"):
    (found,) = (
        one
        for one in oversight.forms(scene.log, "S1-001", by=scene.monitor)
        if (one.encounter, one.form) == (encounter, name)
    )
    return found


def test_a_correction_breaks_the_verification_of_that_value_alone(scene):
    scene.enrol("S1-001")
    assert form(scene).verified == {"AGE": False, "SEX": False, "STROKE": False}
    scene.do(HISTORY, scene.monitor)
    assert form(scene).verified == {"AGE": True, "SEX": True, "STROKE": True}

    scene.do(CORRECT, scene.nurse)
    assert form(scene).verified == {"AGE": False, "SEX": True, "STROKE": True}
    scene.do(replace(HISTORY, items=("AGE",)), scene.monitor)
    assert all(form(scene).verified.values())


def test_a_value_corrected_forth_and_back_is_verified_again(scene):
    scene.enrol("S1-001")
    scene.do(HISTORY, scene.monitor)
    scene.do(CORRECT, scene.nurse)
    scene.do(replace(CORRECT, value="55", reason="was right"), scene.nurse)

    assert not form(scene).verified["AGE"]


def test_a_review_is_of_the_form_as_it_stood(scene):
    scene.enrol("S1-001")
    scene.do(REVIEW, scene.data_manager)
    scene.do(REVIEW, scene.monitor)
    assert form(scene).reviewed == {"data manager": True, "monitor": True}

    scene.do(CORRECT, scene.nurse)
    scene.do(REVIEW, scene.monitor)
    assert form(scene).reviewed == {"data manager": False, "monitor": True}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (replace(HISTORY, form="histroy"), "no form 'histroy'. Did you mean history"),
        (replace(HISTORY, encounter="BASELINE"), "nothing of history is recorded at 'BASELINE'"),
        (replace(HISTORY, items=("AGEE",)), "'AGEE' is not recorded in history"),
        (replace(HISTORY, participant="S1-404"), "no such participant"),
    ],
)
def test_what_is_not_recorded_is_not_verified(scene, command, said):
    scene.enrol("S1-001")

    with pytest.raises(ConductError, match=said):
        scene.do(command, scene.monitor)


@pytest.mark.parametrize("frozen", [None, "BASELINE"])
def test_a_frozen_encounter_is_neither_recorded_nor_corrected(scene, frozen):
    scene.randomise("S1-001")
    scene.do(RECORD, scene.nurse)
    scene.do(Freeze("S1-001", frozen), scene.data_manager)
    tip = scene.log.tip("main")

    for command in (
        replace(CORRECT, encounter="BASELINE", item="SBP", value="141", unit="mmHg"),
        RecordForm("S1-001", "WEEK12", "vitals", {"SBP": "140"}, TODAY, {"SBP": "mmHg"}),
    ):
        if frozen is None or command.encounter == frozen:
            with pytest.raises(ConductError, match="records are frozen here"):
                scene.do(command, scene.nurse)
            assert scene.log.tip("main") == tip
        else:
            scene.do(command, scene.nurse)
    assert form(scene, "BASELINE", "vitals").frozen


def test_neither_a_consent_nor_leaving_is_recorded_where_a_participant_is_frozen(scene):
    scene.enrol("S1-001")
    scene.do(Freeze("S1-001"), scene.data_manager)
    for command in (
        Consent("S1-001", "icf-1", "en", TODAY),
        Withdraw("S1-001", "other", TODAY, "moved away"),
    ):
        with pytest.raises(ConductError, match="records are frozen here"):
            scene.do(command, scene.investigator)
    scene.do(Unfreeze("S1-001", "moved away"), scene.data_manager)
    scene.do(Withdraw("S1-001", "other", TODAY, "moved away"), scene.investigator)


def test_queries_answers_verification_and_signatures_go_on_where_records_are_frozen(scene):
    scene.enrol("S1-001")
    scene.do(Freeze("S1-001"), scene.data_manager)

    scene.do(RaiseQuery("S1-001", "SCREENING", "AGE", "Is this right?"), scene.monitor)
    scene.do(AnswerQuery("S1-001", "Q1", "It is not."), scene.nurse)
    scene.do(HISTORY, scene.monitor)
    scene.do(Sign("S1-001", None, "reviewed", "passkey"), scene.investigator)


def test_every_event_that_says_what_was_seen_is_closed_by_freezing():
    """What stays open is listed here; a new event of an encounter must be one or the other."""
    open_events = {
        kind.__name__
        for kind in EVENTS.values()
        if kind.CHAIN == "main" and not kind.RECORDS
        if "encounter" in kind.__struct_fields__
    }

    assert open_events == {
        "DosePreparedV1", "DosePrepared", "DoseChecked", "BagDiscarded",
        "QueryRaised", "SourceVerified", "FormReviewed", "SignedV1", "SignedV2", "Signed",
    }  # fmt: skip


def test_records_are_unfrozen_for_a_reason_and_as_they_were_frozen(scene):
    scene.enrol("S1-001")
    scene.do(Freeze("S1-001", "SCREENING"), scene.data_manager)

    with pytest.raises(ConductError, match="the participant as a whole is not frozen"):
        scene.do(Unfreeze("S1-001", "a value is wrong"), scene.data_manager)
    with pytest.raises(ConductError, match="frozen already"):
        scene.do(Freeze("S1-001", "SCREENING"), scene.data_manager)
    with pytest.raises(ConductError, match="give the reason"):
        scene.do(Unfreeze("S1-001", "-", "SCREENING"), scene.data_manager)
    with pytest.raises(ConductError, match="no encounter 'WEEK5'"):
        scene.do(Freeze("S1-001", "WEEK5"), scene.data_manager)
    scene.do(Unfreeze("S1-001", "the age is wrong", "SCREENING"), scene.data_manager)
    scene.do(CORRECT, scene.nurse)


def test_a_person_of_another_site_sees_nothing_of_a_participant(scene):
    scene.enrol("S1-001")
    elsewhere = scene.nurse._replace(site="S2")

    with pytest.raises(NotPermittedError, match="nothing here for this role"):
        oversight.forms(scene.log, "S1-001", by=elsewhere)


def test_a_signature_of_everything_is_broken_by_any_correction(scene):
    scene.enrol("S1-001")
    scene.do(Sign("S1-001", None, "reviewed", "passkey"), scene.investigator)
    who = scene.log.participant("S1-001")
    assert [who.stands(one) for one in who.signatures] == [True]

    scene.do(RECORD, scene.nurse)
    who = scene.log.participant("S1-001")
    assert [who.stands(one) for one in who.signatures] == [False]


@pytest.mark.parametrize("method", ["", "remembered", "x" * 10_000_000])
def test_a_signature_says_how_the_person_was_recognised(scene, method):
    scene.enrol("S1-001")

    with pytest.raises(ConductError, match="password and one-time code") as refused:
        scene.do(Sign("S1-001", "SCREENING", "reviewed", method), scene.investigator)
    assert len(str(refused.value)) < 200
