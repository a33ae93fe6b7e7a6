"""What each command refuses, and that it says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import worksheet
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.lock import Lock
from equipoise.conduct.commands.participant import (
    Consent,
    EraseDetails,
    Randomise,
    Screen,
    Withdraw,
)
from equipoise.conduct.commands.preparation import PrepareDose
from equipoise.conduct.commands.trial import Appoint, DepositList
from equipoise.conduct.commands.values import Correct, Record, Sign
from equipoise.conduct.judgement import strata
from equipoise.conduct.roles import Role
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, ConflictError

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = PartialDate(2026, 1, 5)
PRESSURE = Record("S1-001", "SCREENING", "SBP", "150", TODAY, "mmHg")
BAD_VALUES = [
    (replace(PRESSURE, item="SPB"), "no item SPB. Did you mean SBP"),
    (replace(PRESSURE, encounter="WEEK5"), "not asked at WEEK5"),
    (replace(PRESSURE, item="AGE", encounter="WEEK4", unit="year"), "but at SCREENING"),
    (replace(PRESSURE, unit="kPa"), "recorded in mmHg, not 'kPa'"),
    (replace(PRESSURE, unit=None), "recorded in mmHg, not 'no unit'"),
    (replace(PRESSURE, value="1500"), "plausible is 60 to 280"),
    (replace(PRESSURE, value="150.5"), "recorded in whole numbers"),
    (replace(PRESSURE, value="high"), "no number"),
    (replace(PRESSURE, value="NaN"), "SBP is NaN"),
    (replace(PRESSURE, value=""), "no number"),
    (replace(PRESSURE, value="1.5e2"), "'1.5e2'; write it in plain digits"),
    (replace(PRESSURE, value="1_5_0"), "write it in plain digits"),
    (replace(PRESSURE, value="１５０"), "write it in plain digits"),
    (replace(PRESSURE, value=" 150"), "write it in plain digits"),
    (replace(PRESSURE, item="SEX", value="X", unit=None), "its codes are F, M"),
    (replace(PRESSURE, item="STROKE", value="maybe", unit=None), "answer yes or no"),
    (replace(PRESSURE, item="SEX", value="M\0", unit=None), "characters"),
    (replace(PRESSURE, value="1" * 10_000_000), "10000 at most"),
    (replace(PRESSURE, item="x" * 10_000_000), "there is no item"),
    (replace(PRESSURE, encounter="x" * 10_000_000), "not asked at"),
    (replace(PRESSURE, on=PartialDate(2026, 1, 6)), "today is 2026-01-05"),
    (replace(PRESSURE, on=PartialDate(2027)), "today is 2026-01-05"),
    (replace(PRESSURE, participant="S1-404"), "no such participant"),
]


@pytest.mark.parametrize(("command", "said"), BAD_VALUES)
def test_a_bad_value_is_a_clear_error_and_leaves_nothing(scene, command, said):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    tip = scene.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        scene.do(command, scene.nurse)
    assert len(str(refused.value)) < 300
    assert scene.log.tip("main") == tip


def test_a_weight_in_pounds_is_refused(reference):
    from equipoise.conduct.commands.command import Situation
    from equipoise.conduct.events.participant import Consented
    from equipoise.conduct.roles import Actor
    from equipoise.conduct.state.participant import Participant
    from equipoise.conduct.state.trial import Trial

    who = Participant("S1-001", "S1", consents=(Consented("icf-1", "zh", TODAY),))
    nurse = Actor("nurse", Role.NURSE, "S1")
    now = Situation(reference, Trial(opened="x"), who, nurse, NOON)
    said = Record("S1-001", "SCREENING", "WEIGHT", "170.5", TODAY, "lb")

    with pytest.raises(ConductError, match="recorded in kg, not 'lb'"):
        said.decide(now)


def test_a_value_is_recorded_once_and_then_corrected(scene):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    fix = Correct("S1-001", "SCREENING", "SBP", "150", TODAY, "misread", "mmHg")

    with pytest.raises(ConductError, match="not recorded yet"):
        scene.do(fix, scene.nurse)
    scene.do(PRESSURE, scene.nurse)
    with pytest.raises(ConductError, match="recorded already; correct it"):
        scene.do(PRESSURE, scene.nurse)
    with pytest.raises(ConductError, match="is 150 already"):
        scene.do(fix, scene.nurse)
    for reason in ("", "  ", "x" * 2001):
        with pytest.raises(ConductError, match="give the reason"):
            scene.do(replace(fix, value="151", reason=reason), scene.nurse)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"AGE": "17"}, "not eligible: I1"),
        ({"SBP": "139", "STROKE": "yes"}, "not eligible: I2, E1"),
        ({"STROKE": None}, "cannot be judged yet: E1"),
        ({"AGE": None, "SBP": "139"}, "not eligible: I2"),
    ],
)
def test_only_an_eligible_person_is_randomised_and_unknown_is_not_eligible(scene, values, said):
    scene.enrol("S1-001", **values)

    with pytest.raises(ConductError, match=said):
        scene.do(Randomise("S1-001"), scene.investigator)


def test_every_answer_at_screening_is_kept(scene):
    scene.enrol("S1-001", STROKE=None)

    assert scene.log.participant("S1-001").screened.answers == {
        "I1": "yes",
        "I2": "yes",
        "E1": "unknown",
    }


def test_eligibility_is_judged_again_after_a_correction(scene):
    scene.enrol("S1-001")
    fix = Correct("S1-001", "SCREENING", "STROKE", "yes", TODAY, "found in the file")
    scene.do(fix, scene.nurse)

    with pytest.raises(ConductError, match="screen first"):
        scene.do(Randomise("S1-001"), scene.investigator)
    scene.do(Screen("S1-001"), scene.investigator)
    with pytest.raises(ConductError, match="not eligible: E1"):
        scene.do(Randomise("S1-001"), scene.investigator)


def test_a_person_is_randomised_once_and_not_screened_after(scene):
    scene.randomise("S1-001")

    with pytest.raises(ConductError, match="randomised already, to R0001"):
        scene.do(Randomise("S1-001"), scene.investigator)
    with pytest.raises(ConductError, match="is randomised"):
        scene.do(Screen("S1-001"), scene.investigator)


@pytest.mark.parametrize("name", ["s1-001", "S1_001", "S1:001"])
def test_an_identifier_that_is_another_persons_but_for_its_spelling_is_refused(scene, name):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    with pytest.raises(ConductError, match=f"{name} is too like S1-001, which is given already"):
        scene.do(Consent(name, "icf-1", "zh", TODAY), scene.nurse)
    scene.do(Consent("S10-01", "icf-1", "zh", TODAY), scene.nurse)


@pytest.mark.parametrize("on", [PartialDate(1900, 1, 1), PartialDate(1995, 12, 31)])
def test_no_consent_is_older_than_any_trial(scene, on):
    with pytest.raises(ConductError, match="more than 30 years ago; which year is it"):
        scene.do(Consent("S1-001", "icf-1", "zh", on), scene.nurse)
    assert scene.log.participant("S1-001") is None


@pytest.mark.parametrize(
    ("encounter", "on"),
    [
        ("BASELINE", PartialDate(2026, 1, 4)),
        ("BASELINE", PartialDate(2025)),
        ("SCREENING", PartialDate(2025, 1, 3)),
        ("SCREENING", PartialDate(2024)),
    ],
)
def test_no_value_is_older_than_the_consent_that_allows_it(scene, encounter, on):
    """At screening what was measured within a year before it will do."""
    scene.randomise("S1-001")
    fix = {"value": "151", "on": on, "reason": "misread", "unit": "mmHg"}
    if encounter == "BASELINE":
        scene.do(Record("S1-001", "BASELINE", "SBP", "150", TODAY, "mmHg"), scene.nurse)
    with pytest.raises(ConductError, match="S1-001 consented on 2026-01-05"):
        scene.do(Correct("S1-001", encounter, "SBP", **fix), scene.nurse)
    within = PartialDate(2025, 1, 4) if encounter == "SCREENING" else PartialDate(2026)
    scene.do(Correct("S1-001", encounter, "SBP", **{**fix, "on": within}), scene.nurse)


def test_reconsent_is_to_another_version_or_language(scene):
    first = Consent("S1-001", "icf-1", "zh", TODAY)
    scene.do(first, scene.nurse)

    with pytest.raises(ConductError, match="signed icf-1 already"):
        scene.do(first, scene.nurse)
    scene.do(replace(first, language="en"), scene.nurse)
    assert [c.language for c in scene.log.participant("S1-001").consents] == ["zh", "en"]


@pytest.mark.parametrize(
    "name", ["", " ", "S1 001", "S1-001\n", "a" * 65, "'; DROP TABLE main; --", "姓名", "\0", "-x"]
)
def test_an_identifier_that_could_be_misread_is_refused(scene, name):
    with pytest.raises(ConductError, match="participant is"):
        scene.do(Consent(name, "icf-1", "zh", TODAY), scene.nurse)


def test_withdrawal_needs_a_known_cause_and_a_reason(scene):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)
    left = Withdraw("S1-001", "lost to follow up", TODAY, "no answer to three calls")

    with pytest.raises(ConductError, match="Did you mean lost to follow-up"):
        scene.do(left, scene.investigator)
    with pytest.raises(ConductError, match="give the reason"):
        scene.do(replace(left, cause="lost to follow-up", reason="-"), scene.investigator)
    early = replace(left, cause="lost to follow-up", on=PartialDate(2026, 1, 4))
    with pytest.raises(ConductError, match="consented later, on 2026"):
        scene.do(early, scene.investigator)


def test_a_bag_is_prepared_once_a_dose_and_its_code_is_its_own(scene):
    for name in ("S1-001", "S1-002"):
        scene.randomise(name)
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")

    with pytest.raises(ConductError, match="prepared already"):
        scene.prepare("S1-001", "BASELINE", bag="B-33333333")
    with pytest.raises(ConflictError, match="bags would not be right"):
        scene.prepare("S1-002", "BASELINE", bag="B-22222222")
    with pytest.raises(ConductError, match="a dose is given at BASELINE, WEEK4"):
        scene.prepare("S1-002", "WEEK12")
    assert scene.log.tip("vault").sequence == 2
    verify(scene.log)


def test_a_worksheet_has_one_length_and_is_read_by_its_readers_only(scene, keys):
    public = scene.sealed.recipients
    code, made = (
        "B-22222222",
        {"private": keys["preparer"].private, "place": worksheet.Place("", "")},
    )
    filed = [worksheet.filed({"lot": "x" * n}, public, code, **made) for n in (0, 500)]

    assert {len(sheet) for one in filed for sheet in one.values()} == {2 * worksheet.SEALED}
    assert worksheet.read(filed[0]["vault"], keys["vault"].private, code) == {"lot": ""}
    scene.randomise("S1-001")
    short = {who: sheet[:-2] for who, sheet in filed[0].items()}
    with pytest.raises(ConductError, match="sealed for preparer, vault, custodian"):
        scene.do(
            PrepareDose("S1-001", "BASELINE", "B-22222222", "2026-01-05T09:00", short, 1),
            scene.preparer,
        )


def test_nothing_is_recorded_after_lock(scene):
    scene.randomise("S1-001")
    scene.lock()

    for command, by in (
        (replace(PRESSURE, encounter="WEEK4"), scene.nurse),
        (Consent("S1-002", "icf-1", "zh", TODAY), scene.nurse),
        (Sign("S1-001", "SCREENING", "reviewed", "password"), scene.investigator),
        (Withdraw("S1-001", "other", TODAY, "moved away"), scene.investigator),
        (EraseDetails("S1-001", "asked to be forgotten"), scene.investigator),
        (Lock(), scene.data_manager),
    ):
        with pytest.raises(ConductError, match=r"lock|not open"):
            scene.do(command, by)


def test_a_signature_has_a_meaning_and_something_to_sign(scene):
    scene.enrol("S1-001")

    with pytest.raises(ConductError, match="meaning of a signature"):
        scene.do(Sign("S1-001", "SCREENING", "seen", "password"), scene.investigator)
    with pytest.raises(ConductError, match="nothing is recorded"):
        scene.do(Sign("S1-001", "WEEK4", "reviewed", "password"), scene.investigator)


def test_the_list_is_deposited_once_and_whole(scene):
    listed = scene.sealed
    with pytest.raises(ConductError, match="has its list already"):
        scene.do(DepositList.of(listed), scene.custodian)


def test_staff_is_appointed_to_places_and_roles_that_exist(scene):
    for command, said in (
        (Appoint("x", Role.NURSE), "role at a site"),
        (Appoint("x", Role.NURSE, "S9"), "there is no site S9"),
        (Appoint("nurse", Role.NURSE, "S1"), "already"),
        (Appoint("x", Role.MONITOR, "S1"), "a role of the whole trial; leave the site out"),
        (Appoint("x", Role.DATA_MANAGER, "S1"), "a role of the whole trial; leave the site out"),
    ):
        with pytest.raises(ConductError, match=said):
            scene.do(command, scene.administrator)


def test_strata_are_the_answers_to_the_protocols_questions(study, reference):
    assert strata(study) == ("OLDER=no", "OLDER=yes")
    assert strata(reference) == ("",)
