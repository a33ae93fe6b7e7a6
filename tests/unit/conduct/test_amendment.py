"""A new version of the protocol: consent forms, the log under it, and what it changes for whom."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.amendment import Amend
from equipoise.conduct.commands.participant import Consent, Randomise, Screen
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.commands.trial import Appoint, OpenTrial
from equipoise.conduct.commands.values import Record
from equipoise.conduct.consents import in_force, reconsent_due
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError, StudyError
from equipoise.protocol.load import SHIPPED, load_study

from .amending import CHANGES, SECOND, changed

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
AMEND = Amend("2026-17", "longer follow-up and a narrower pressure")


@pytest.fixture
def new(tmp_path):
    return changed(tmp_path / "study", *CHANGES, forms=[("low: 60", "low: 100")])


@pytest.fixture
def amended(scene, new):
    """A trial with a randomised participant, then under version 1.1; ``old`` is the old log."""
    scene.randomise("S1-001")
    scene.do(Record("S1-001", "WEEK4", "SBP", "90", TODAY, "mmHg"), scene.nurse)
    scene.old, scene.log = scene.log, Log(new, scene.log.storage)
    scene.do(AMEND, scene.administrator)
    return scene


def test_a_bag_made_up_before_an_amendment_is_void_whatever_is_in_it(scene, new):
    """Only the amount of the active product can be held against a new dose: placebo would pass."""
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    scene.log = Log(new, scene.log.storage)
    scene.do(AMEND, scene.administrator)

    with pytest.raises(ConductError, match="the protocol changed since"):
        scene.do(CheckDose("S1-001", "BASELINE", "B-22222222"), scene.checker)


# consent forms


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Consent("S1-002", "icf-9", "zh", TODAY), "no consent form icf-9. Did you mean icf-"),
        (Consent("S1-002", "icf-1", "zh", TODAY), "not the consent form used on 2026-01-05"),
        (Consent("S1-002", "icf-2", "en", TODAY), "was approved in zh, not en"),
        (Consent("S1-002", "icf-2", "zh", PartialDate(2026, 1, 4)), "that is icf-1"),
        (Consent("S1-002", "icf-2", "zh", PartialDate(2026, 1)), "give the whole date"),
    ],
)
def test_a_consent_form_that_is_not_in_force_is_refused(amended, command, said):
    tip = amended.log.tip("main")

    with pytest.raises(ConductError, match=said):
        amended.do(command, amended.nurse)
    assert amended.log.tip("main") == tip


def test_a_consent_from_before_is_recorded_late_with_the_form_of_that_day(amended):
    before = Consent("S1-002", "icf-1", "zh", PartialDate(2026, 1, 4))

    amended.do(before, amended.nurse)


def test_a_form_is_used_from_its_first_day_until_the_next(new):
    days = [date(2025, 1, 1), date(2026, 1, 4), date(2026, 1, 5), date(2030, 1, 1)]

    assert [in_force(new, day).version for day in days] == ["icf-1", "icf-1", "icf-2", "icf-2"]


def test_a_study_that_names_no_form_accepts_any(study, scene):
    free = study.protocol.model_copy(update={"consents": ()})
    scene.log = replace(scene.log, study=replace(study, protocol=free))

    scene.do(Consent("S1-001", "whatever-3", "ug", TODAY), scene.nurse)


def test_who_signed_the_old_form_is_due_until_the_new_one_is_signed(amended):
    (due,) = oversight.reconsents(amended.log, by=amended.nurse, at=NOON)
    assert due == ("S1-001", "icf-1", "icf-2", "2026-01-05")

    amended.do(Consent("S1-001", "icf-2", "zh", TODAY), amended.nurse)
    assert oversight.reconsents(amended.log, by=amended.nurse, at=NOON) == ()


def test_nobody_is_randomised_while_a_new_form_is_to_be_signed(scene, new):
    scene.enrol("S1-001")
    scene.log = Log(new, scene.log.storage)
    scene.do(AMEND, scene.administrator)
    scene.do(Screen("S1-001"), scene.investigator)

    with pytest.raises(ConductError, match="S1-001 is to sign icf-2 first, used since 2026-01-05"):
        scene.do(Randomise("S1-001"), scene.investigator)
    scene.do(Consent("S1-001", "icf-2", "zh", TODAY), scene.nurse)
    scene.do(Randomise("S1-001"), scene.investigator)


def test_nobody_is_due_before_the_day_or_after_leaving(amended, new):
    who = amended.log.participant("S1-001")

    assert reconsent_due(new, [who], date(2026, 1, 4)) == ()
    assert reconsent_due(new, [replace(who, withdrawn="other")], date(2026, 1, 5)) == ()


def test_a_later_form_says_from_when(tmp_path):
    undated = SECOND.replace("since: '2026-01-05', ", "")
    changes = (CHANGES[0], (CHANGES[1][0], CHANGES[1][1].replace(SECOND, undated)))

    with pytest.raises(StudyError, match="icf-2 follows another: give `since`"):
        changed(tmp_path / "study", *changes)


# the log under a new version


def test_after_an_amendment_the_log_goes_on_under_the_new_version_only(amended):
    amended.do(Record("S1-001", "WEEK12", "SBP", "140", TODAY, "mmHg"), amended.nurse)
    assert amended.log.entries("main")[-1].envelope.protocol == "1.1"

    amended.log = amended.old
    with pytest.raises(ConductError, match=r"version 1\.1 of the protocol is in force here"):
        amended.do(Record("S1-001", "BASELINE", "SBP", "140", TODAY, "mmHg"), amended.nurse)
    assert amended.log.participant("S1-001").randomised
    verify(amended.log)


def test_before_an_amendment_the_new_version_is_refused(scene, new):
    scene.log = Log(new, scene.log.storage)

    with pytest.raises(ConductError, match=r"version 1\.0 of the protocol is in force here"):
        scene.do(Consent("S1-001", "icf-2", "zh", TODAY), scene.nurse)


def test_a_form_that_was_changed_without_an_amendment_is_refused(scene, tmp_path):
    shutil.copytree(SHIPPED / "template", tmp_path / "study")
    path = tmp_path / "study/forms/vitals.yaml"
    path.write_text(path.read_text().replace("low: 60", "low: 61"))
    scene.log = Log(load_study(tmp_path / "study"), scene.log.storage)

    with pytest.raises(ConductError, match="this protocol, or one of its forms, is another"):
        scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.nurse)


def test_sites_follow_one_after_the_other(sqlite, tmp_path):
    two = ("  - {name: S1,", "  - {name: S2, label: Site 2}\n  - {name: S1,")
    new = changed(tmp_path / "study", CHANGES[0], two)
    (tmp_path / "study/protocol-1.0.yaml").write_text(
        (tmp_path / "study/protocol-1.0.yaml").read_text().replace(*two)
    )
    old = load_study(tmp_path / "study", version="1.0")
    admin = Actor("a", Role.ADMINISTRATOR)
    nurses = [Actor(f"nurse-{site}", Role.NURSE, site) for site in ("S1", "S2")]
    logs = {"1.0": Log(old, sqlite), "1.1": Log(new, sqlite)}
    count = iter(range(100))

    def do(version, command, by):
        return logs[version].append(command, by=by, at=NOON, command=f"c{next(count)}")

    do("1.0", OpenTrial(), admin)
    for nurse in nurses:
        do("1.0", Appoint(*nurse), admin)
    do("1.1", replace(AMEND, sites=("S2",)), admin)
    do("1.1", Consent("S2-001", "icf-1", "zh", TODAY), nurses[1])
    do("1.0", Consent("S1-001", "icf-1", "zh", TODAY), nurses[0])

    with pytest.raises(ConductError, match=r"version 1\.0 of the protocol is in force here"):
        do("1.1", Consent("S1-002", "icf-1", "zh", TODAY), nurses[0])
    with pytest.raises(ConductError, match=r"S2 works under version 1\.1 or a later one"):
        do("1.1", AMEND, admin)
    do("1.1", replace(AMEND, sites=("S1",)), admin)
    do("1.1", Consent("S1-002", "icf-1", "zh", TODAY), nurses[0])


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (replace(AMEND, approval=""), "the reference of the approval"),
        (replace(AMEND, reason="-"), "give the reason"),
        (replace(AMEND, sites=("S3",)), "no site S3"),
        (AMEND, r"S1 works under version 1\.1 or a later one already"),
    ],
)
def test_an_amendment_is_approved_has_a_reason_and_goes_forward(amended, command, said):
    with pytest.raises(ConductError, match=said):
        amended.do(command, amended.administrator)


def test_a_number_stands_for_one_set_of_files(amended, new):
    forms = {**new.files, "forms/vitals.yaml": "0" * 64}
    amended.log = replace(amended.log, study=replace(new, files=forms))

    with pytest.raises(ConductError, match=r"version 1\.1 is in force with other files"):
        amended.do(AMEND, amended.administrator)


def test_the_version_that_a_trial_was_opened_under_is_no_amendment(scene):
    with pytest.raises(ConductError, match=r"S1 works under version 1\.0 or a later one already"):
        scene.do(AMEND, scene.administrator)


def test_an_earlier_version_does_not_come_after_a_later_one(amended, study):
    older = study.protocol.model_copy(update={"version": "0.9"})
    amended.log = replace(amended.log, study=replace(study, protocol=older))

    with pytest.raises(ConductError, match=r"version 0\.9 is before one that is in force"):
        amended.do(AMEND, amended.administrator)


def test_an_amendment_keeps_the_arms_of_the_sealed_list(scene, study):
    """Of an arm with another name no bag could be made up, and it would be seen for whom."""
    active, placebo = study.protocol.arms
    renamed = {"version": "1.1", "arms": (active.model_copy(update={"name": "DRUG"}), placebo)}
    other = replace(study, protocol=study.protocol.model_copy(update=renamed))
    scene.log = Log(other, scene.log.storage)

    with pytest.raises(ConductError, match="sealed with other arms"):
        scene.do(AMEND, scene.administrator)


def test_an_amendment_keeps_the_strata_of_the_sealed_list(scene, tmp_path):
    scene.log = Log(
        changed(tmp_path / "study", CHANGES[0], ("name: OLDER", "name: OLD")), scene.log.storage
    )

    with pytest.raises(ConductError, match="this version has no stratum 'OLDER=no'"):
        scene.do(AMEND, scene.administrator)


def test_no_protocol_changes_under_locked_records(scene, new):
    scene.lock()
    scene.log = Log(new, scene.log.storage)

    with pytest.raises(ConductError, match="unlock them before the protocol changes"):
        scene.do(AMEND, scene.administrator)


def test_the_version_of_each_site_is_shown(amended):
    assert oversight.versions(amended.log, by=amended.monitor) == {"S1": "1.1"}
    with pytest.raises(NotPermittedError, match="nothing here"):
        oversight.versions(amended.log, by=amended.adjudicator)


def test_the_version_by_which_each_participant_was_judged_is_shown(amended):
    amended.do(Consent("S1-002", "icf-2", "zh", TODAY), amended.nurse)
    old = dict.fromkeys(["S1-001"], "1.0")
    assert oversight.screened_under(amended.log, by=amended.nurse) == {**old, "S1-002": None}

    amended.do(Screen("S1-002"), amended.investigator)
    assert oversight.screened_under(amended.log, by=amended.nurse) == {**old, "S1-002": "1.1"}


def test_a_command_sent_again_after_an_amendment_gets_its_answer(scene, new):
    consent = Consent("S1-001", "icf-1", "zh", TODAY)
    given = scene.do(consent, scene.nurse, named="once")
    old, scene.log = scene.log, Log(new, scene.log.storage)
    scene.do(AMEND, scene.administrator)

    scene.log = old
    assert scene.do(consent, scene.nurse, named="once") == given
