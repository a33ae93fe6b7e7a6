"""Lock: the checklist, waivers, approvals; and unlocking."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import COMPLETE, ITEMS, Gap, told
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.lock import ApproveLock, AskToUnlock, Lock, Unlock, Waive
from equipoise.conduct.commands.oversight import Freeze
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.queries import RaiseQuery
from equipoise.conduct.commands.staff import Dismiss
from equipoise.conduct.commands.trial import Appoint, OpenBlind
from equipoise.conduct.commands.values import Correct, Sign
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
APPROVE = ApproveLock("password and one-time code")
CORRECT = Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread", "mmHg")


def missing(scene):
    return oversight.checklist(scene.log, by=scene.data_manager, at=NOON).gaps


def sign(scene, name="S1-001"):
    scene.do(Sign(name, None, COMPLETE, "passkey"), scene.investigator)


@pytest.fixture
def ready(scene):
    """One screen failure, signed for: nothing is missing."""
    scene.enrol("S1-001", STROKE="yes")
    sign(scene)
    assert missing(scene) == ()
    return scene


@pytest.fixture
def approved(ready):
    for by in (ready.investigator, ready.data_manager, ready.statistician):
        ready.do(APPROVE, by)
    return ready


def test_the_checklist_names_what_is_missing_of_a_randomised_participant(scene):
    scene.randomise("S1-001")
    scene.do(RaiseQuery("S1-001", "SCREENING", "SBP", "Is this right?"), scene.monitor)
    found = {item: [gap.name for gap in missing(scene) if gap.item == item] for item in ITEMS}

    assert found["queries"] == ["S1-001 Q1"]
    assert found["signatures"] == ["S1-001 SCREENING"]
    assert found["ends"] == ["S1-001"]
    assert "S1-001 BASELINE" in found["visits"]


def test_a_refused_lock_says_what_is_missing_with_counts_and_names(scene):
    for number in range(7):
        scene.enrol(f"S1-{number:03}", STROKE="yes")

    with pytest.raises(ConductError) as refused:
        scene.do(Lock(), scene.data_manager)
    assert str(refused.value) == (
        "not ready for lock: signatures missing or broken: 7 (S1-000 SCREENING, S1-001 SCREENING, "
        "S1-002 SCREENING, S1-003 SCREENING, S1-004 SCREENING, …)"
    )


def test_a_broken_signature_and_one_of_another_meaning_are_missing(ready):
    ready.do(CORRECT, ready.nurse)
    ready.do(Sign("S1-001", "SCREENING", "reviewed", "passkey"), ready.investigator)
    assert missing(ready) == (Gap("signatures", "S1-001 SCREENING"),)

    ready.do(Sign("S1-001", "SCREENING", COMPLETE, "passkey"), ready.investigator)
    assert missing(ready) == ()


def test_a_deviation_is_recorded_and_reviewed_before_lock(scene):
    scene.randomise("S1-001")
    scene.do(Correct("S1-001", "SCREENING", "STROKE", "yes", TODAY, "in the file"), scene.nurse)
    assert Gap("deviations", "S1-001 eligibility E1") in missing(scene)

    words = (TODAY, "found later", "eligibility E1")
    scene.do(RecordDeviation("S1-001", "eligibility", "major", *words), scene.nurse)
    assert Gap("reviews", "S1-001 D1") in missing(scene)
    scene.do(ReviewDeviation("S1-001", "D1", "major"), scene.data_manager)
    assert {gap.item for gap in missing(scene)} == {"visits", "ends", "signatures"}


def test_who_left_owes_no_visit_after_that_day(scene):
    scene.randomise("S1-001")
    scene.do(Withdraw("S1-001", "other", TODAY, "moved away"), scene.investigator)

    assert {gap.name for gap in missing(scene) if gap.item == "visits"} == {"S1-001 SCREENING"}
    assert not [gap for gap in missing(scene) if gap.item == "ends"]


def test_approvals_are_still_shown_once_the_records_are_locked(approved):
    approved.do(Lock(), approved.data_manager)

    shown = oversight.checklist(approved.log, by=approved.data_manager, at=NOON)
    assert {one.person for one in shown.approvals} == {
        "data_manager", "statistician", "investigator",
    }  # fmt: skip


def test_a_lock_needs_the_approval_of_every_role_and_site(ready):
    with pytest.raises(
        ConductError, match=r"by: data manager, trial statistician, investigator S1"
    ):
        ready.do(Lock(), ready.data_manager)
    for by in (ready.data_manager, ready.statistician):
        ready.do(APPROVE, by)
    with pytest.raises(ConductError, match=r"not approved by: investigator S1,"):
        ready.do(Lock(), ready.data_manager)
    ready.do(APPROVE, ready.investigator)
    ready.do(Lock(), ready.data_manager)

    assert ready.log.trial().locked
    verify(ready.log)


def test_both_databases_close_a_trial_in_the_same_way(any_scene):
    for number in (2, 10, 1):
        any_scene.randomise(f"S1-{number}")
    any_scene.do(RaiseQuery("S1-10", "SCREENING", "SBP", "Is this right?"), any_scene.monitor)
    any_scene.lock()

    waived = oversight.checklist(any_scene.log, by=any_scene.monitor, at=NOON).waived
    assert Gap("queries", "S1-10 Q1") in waived
    assert verify(any_scene.log)["main"] == any_scene.log.tip("main")


@pytest.mark.parametrize(
    "change",
    [
        lambda scene: scene.do(CORRECT, scene.nurse) and sign(scene),
        lambda scene: scene.do(Freeze("S1-001"), scene.data_manager),
        lambda scene: scene.enrol("S1-002", STROKE="yes") or sign(scene, "S1-002"),
    ],
)
def test_any_later_change_breaks_every_approval(approved, change):
    change(approved)

    assert missing(approved) == ()
    with pytest.raises(ConductError, match="not approved by: data manager"):
        approved.do(Lock(), approved.data_manager)


def test_appointing_somebody_breaks_no_approval(approved):
    approved.do(Appoint("new", Role.MONITOR), approved.administrator)
    approved.do(Dismiss("new", Role.MONITOR, "not needed"), approved.administrator)

    approved.do(Lock(), approved.data_manager)


def test_an_approval_is_given_once_and_by_one_person_for_one_role(approved):
    with pytest.raises(ConductError, match="given already"):
        approved.do(APPROVE, approved.statistician)
    approved.do(Freeze("S1-001"), approved.data_manager)
    approved.do(Appoint("data_manager", Role.STATISTICIAN), approved.administrator)
    approved.do(APPROVE, approved.data_manager)
    with pytest.raises(ConductError, match="this needs another person"):
        approved.do(APPROVE, Actor("data_manager", Role.STATISTICIAN))


def test_an_investigator_of_a_site_without_participants_has_nothing_to_approve(scene):
    with pytest.raises(ConductError, match="nothing here for this person to approve"):
        scene.do(APPROVE, scene.investigator)


def test_what_is_not_complete_is_not_approved(scene):
    scene.randomise("S1-001")

    with pytest.raises(ConductError, match="not ready for lock: visits not recorded"):
        scene.do(APPROVE, scene.statistician)
    with pytest.raises(ConductError, match="how the person was recognised"):
        scene.do(ApproveLock("from memory"), scene.statistician)


def test_a_gap_is_waived_by_name_and_a_later_one_is_not(scene):
    for number in (1, 2):
        scene.enrol(f"S1-00{number}", STROKE="yes")
        if number == 2:
            sign(scene, "S1-001")
            sign(scene, "S1-002")
        scene.do(RaiseQuery(f"S1-00{number}", "SCREENING", "SBP", "Right?"), scene.monitor)
        if number == 1:
            scene.do(Waive("queries", "the source burned"), scene.data_manager)

    assert missing(scene) == (Gap("queries", "S1-002 Q1"),)


def test_a_waiver_breaks_approvals_so_that_all_three_have_seen_it(ready):
    ready.do(APPROVE, ready.statistician)
    ready.do(CORRECT, ready.nurse)
    ready.do(RaiseQuery("S1-001", "SCREENING", "SBP", "Is this right?"), ready.monitor)
    ready.do(Waive("queries", "the site is closed"), ready.data_manager)

    shown = oversight.checklist(ready.log, by=ready.statistician, at=NOON)
    assert shown.waived == (("queries", "S1-001 Q1"),)
    assert [one.person for one in shown.approvals] == [None, None, None]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Waive("signature", "the site is closed"), "not 'signature'"),
        (Waive("queries", "the site is closed"), "queries: nothing is missing"),
        (Waive("queries", "the site is closed", ("S1-002 Q1",)), "'S1-002 Q1' is not"),
        (Waive("signatures", "the site is closed"), "never waived"),
        (Waive("queries", "-"), "give the reason"),
    ],
)
def test_only_what_is_missing_is_waived(scene, command, said):
    scene.enrol("S1-001", STROKE="yes")

    with pytest.raises(ConductError, match=said):
        scene.do(command, scene.data_manager)


def test_unlocking_takes_two_people_and_new_approvals(approved):
    scene = approved
    scene.do(Lock(), scene.data_manager)
    with pytest.raises(ConductError, match="nobody asked"):
        scene.do(Unlock("a value is wrong"), scene.statistician)
    scene.do(AskToUnlock("a value is wrong"), scene.data_manager)
    scene.do(Appoint("data_manager", Role.STATISTICIAN), scene.administrator)
    with pytest.raises(ConductError, match="a second person"):
        scene.do(Unlock("a value is wrong"), Actor("data_manager", Role.STATISTICIAN))
    scene.do(Unlock("a value is wrong"), scene.statistician)

    with pytest.raises(ConductError, match="not approved"):
        scene.do(Lock(), scene.data_manager)
    scene.do(CORRECT, scene.nurse)
    sign(scene)
    scene.lock()
    with pytest.raises(ConductError, match="nobody asked"):
        scene.do(Unlock("a value is wrong"), scene.statistician)


def test_what_was_opened_is_never_unlocked(approved, study, keys):
    scene = approved
    scene.do(Lock(), scene.data_manager)
    private = keys["custodian"].private
    openings = sealed.open_list(study.name, scene.sealed, "custodian", private)
    scene.do(AskToUnlock("a value is wrong"), scene.data_manager)
    scene.do(OpenBlind(openings), scene.custodian)

    for command, by in (
        (AskToUnlock("a value is wrong"), scene.data_manager),
        (Unlock("a value is wrong"), scene.statistician),
    ):
        with pytest.raises(ConductError, match="stay locked for ever"):
            scene.do(command, by)


def test_what_is_not_locked_is_not_unlocked(ready):
    with pytest.raises(ConductError, match="are not locked"):
        ready.do(AskToUnlock("a value is wrong"), ready.data_manager)


def test_a_site_sees_its_own_gaps_and_who_has_no_part_in_it_none(ready):
    ready.do(CORRECT, ready.nurse)

    assert oversight.checklist(ready.log, by=ready.nurse, at=NOON).gaps
    with pytest.raises(NotPermittedError, match="nothing here"):
        oversight.checklist(ready.log, by=ready.preparer, at=NOON)


def test_the_refusal_counts_by_item():
    many = [Gap("visits", "S1-001 WEEK4"), Gap("queries", "S1-001 Q1"), Gap("visits", "S1-002 X")]

    assert told(many) == (
        "visits not recorded: 2 (S1-001 WEEK4, S1-002 X); queries not closed: 1 (S1-001 Q1)"
    )


def test_every_item_has_words_in_both_languages():
    assert all(words("zh") != words("en") for words in ITEMS.values())
