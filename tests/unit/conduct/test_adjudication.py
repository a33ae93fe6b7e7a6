"""Adjudication: a redacted dossier, two independent readers, a chair."""

from __future__ import annotations

from dataclasses import fields

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.codes import dossier_code
from equipoise.conduct.commands.adjudication import (
    GiveVerdict,
    PrepareDossier,
    SettleDisagreement,
)
from equipoise.conduct.commands.safety import FollowUpAdverseEvent, ReportAdverseEvent
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.verification import verify
from equipoise.conduct.views import adjudication as views
from equipoise.errors import ConductError, NotPermittedError

from .adverse import HEADACHE, SERIOUS

CODE = "D-23456789"
STORY = "Severe headache three hours after the dose; taken to hospital, scan normal."
YES = GiveVerdict(CODE, "yes", "related", "came at once")
NO = GiveVerdict(CODE, "no", "not related", "had it before")


@pytest.fixture
def before(scene):
    """A serious event before the readers."""
    scene.enrol("S1-001")
    said = SERIOUS._replace(verbatim="头痛 at Site 1, Mrs Wang", time="08:00")
    scene.do(ReportAdverseEvent("S1-001", said), scene.investigator)
    scene.do(PrepareDossier("S1-001", 1, CODE, STORY), scene.data_manager)
    return scene


def test_a_dossier_tells_no_person_place_date_or_arm(before):
    shown = repr(views.dossier(before.log, CODE, by=before.adjudicator))

    for telling in ("S1", "001", "Wang", "Site", "2026", "08:00", "investigator", "TABLET", "R0"):
        assert telling not in shown
    assert STORY in shown
    assert {field.name for field in fields(views.Dossier)} == {
        "dossier", "term", "narrative", "onset", "lasted", "severity", "criteria", "action",
        "result", "verdicts", "outcome",
    }  # fmt: skip


def test_what_a_reader_is_answered_names_no_participant(before):
    (entry,) = before.do(YES, before.adjudicator)

    assert entry.envelope.participant is None
    assert "S1-001" not in repr(entry)


def test_a_reader_never_sees_the_others_verdict_before_both_are_in(before):
    empty = views.dossier(before.log, CODE, by=before.second_adjudicator)
    before.do(YES, before.adjudicator)

    assert views.dossier(before.log, CODE, by=before.second_adjudicator) == empty
    assert views.dossiers(before.log, by=before.second_adjudicator) == [CODE]
    assert views.dossier(before.log, CODE, by=before.adjudicator).verdicts == (
        ("yes", "related", "came at once"),
    )
    before.do(NO, before.second_adjudicator)
    for by in (before.adjudicator, before.second_adjudicator):
        assert len(views.dossier(before.log, CODE, by=by).verdicts) == 2


def test_two_readers_who_agree_settle_it_and_the_chair_sees_nothing(before):
    before.do(YES, before.adjudicator)
    before.do(GiveVerdict(CODE, "yes", "related", "as he says"), before.second_adjudicator)

    assert views.dossier(before.log, CODE, by=before.adjudicator).outcome == ("yes", "related")
    assert views.dossiers(before.log, by=before.chair) == []
    with pytest.raises(NotPermittedError):
        views.dossier(before.log, CODE, by=before.chair)
    with pytest.raises(ConductError, match="no disagreement"):
        before.do(SettleDisagreement(CODE, "no", "related", "I think not"), before.chair)


def test_the_chair_decides_where_they_disagree_once_and_the_history_stays(before):
    settle = SettleDisagreement(CODE, "yes", "not related", "in hospital, but from before")
    before.do(YES, before.adjudicator)
    with pytest.raises(ConductError, match="no disagreement"):
        before.do(settle, before.chair)
    before.do(NO, before.second_adjudicator)
    assert views.dossiers(before.log, by=before.chair) == [CODE]
    before.do(settle, before.chair)

    shown = views.dossier(before.log, CODE, by=before.chair)
    assert shown.outcome == ("yes", "not related")
    assert [said[:2] for said in shown.verdicts] == [
        ("no", "not related"), ("yes", "related"), ("yes", "not related"),
    ]  # fmt: skip
    with pytest.raises(ConductError, match="no disagreement"):
        before.do(settle, before.chair)
    verify(before.log)


def test_a_reader_speaks_once_and_a_third_is_refused(before):
    from equipoise.conduct.commands.trial import Appoint

    third = Actor("third", Role.ADJUDICATOR)
    before.do(Appoint(*third), before.administrator)
    before.do(YES, before.adjudicator)
    with pytest.raises(ConductError, match="your verdict is given"):
        before.do(NO, before.adjudicator)
    before.do(NO, before.second_adjudicator)
    with pytest.raises(ConductError, match="both readers"):
        before.do(YES, third)
    assert views.dossiers(before.log, by=third) == []
    with pytest.raises(NotPermittedError):
        views.dossier(before.log, CODE, by=third)


@pytest.mark.parametrize(
    "verdict",
    [
        GiveVerdict(CODE, "unknown", "related", "cannot tell"),
        GiveVerdict(CODE, "yes", "perhaps", "cannot tell"),
        GiveVerdict(CODE, "yes", "related", ""),
        GiveVerdict("D-99999999", "yes", "related", "came at once"),
        GiveVerdict("x" * 10_000_000, "yes", "related", "came at once"),
    ],
)
def test_a_verdict_is_whole_and_about_a_dossier(before, verdict):
    tip = before.log.tip("main")

    with pytest.raises(ConductError) as refused:
        before.do(verdict, before.adjudicator)
    assert len(str(refused.value)) < 200
    assert before.log.tip("main") == tip


def test_only_a_serious_event_goes_to_the_readers_and_each_version_once(before):
    before.do(ReportAdverseEvent("S1-001", HEADACHE), before.investigator)

    def prepare(number, code):
        return before.do(PrepareDossier("S1-001", number, code, STORY), before.data_manager)

    for number in (2, 3):
        with pytest.raises(ConductError, match="no serious adverse event"):
            prepare(number, dossier_code())
    with pytest.raises(ConductError, match="before the readers as it is known now"):
        prepare(1, dossier_code())
    more = SERIOUS._replace(outcome="recovered", end=PartialDate(2026, 1, 5))
    before.do(FollowUpAdverseEvent("S1-001", 1, more, "went home"), before.investigator)
    prepare(1, "D-AAAAAAAA")
    old, new = (
        views.dossier(before.log, code, by=before.adjudicator) for code in (CODE, "D-AAAAAAAA")
    )
    assert (old.result, old.lasted, new.result, new.lasted) == ("recovering", None, "recovered", 0)


@pytest.mark.parametrize("code", ["S1-001-1", "D-1", "D-00000000", "d-23456789", "D-234567890"])
def test_a_code_that_could_tell_something_is_refused(scene, code):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)

    with pytest.raises(ConductError, match="random code"):
        scene.do(PrepareDossier("S1-001", 1, code, STORY), scene.data_manager)


@pytest.mark.parametrize(
    "word",
    ["S1-001", "s1-001", "Site 1", "中心1", "TABLET", "placebo", "安慰剂组", "infusion_nurse"],
)
def test_a_narrative_that_names_person_place_or_arm_is_refused(scene, word):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)

    with pytest.raises(ConductError, match="could tell who, where or what"):
        scene.do(PrepareDossier("S1-001", 1, CODE, f"{STORY} ({word})"), scene.data_manager)


def test_dossiers_are_listed_by_their_random_codes_not_by_time(scene):
    scene.enrol("S1-001")
    for number, code in enumerate(("D-ZZZZZZZZ", "D-22222222", "D-KKKKKKKK"), start=1):
        scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
        scene.do(PrepareDossier("S1-001", number, code, STORY), scene.data_manager)

    listed = views.dossiers(scene.log, by=scene.adjudicator)
    assert listed == ["D-22222222", "D-KKKKKKKK", "D-ZZZZZZZZ"]


def test_nobody_but_readers_and_chair_sees_a_dossier_and_the_refusal_tells_nothing(before, staff):
    for by in staff.values():
        if by.role in {Role.ADJUDICATOR, Role.CHAIR}:
            continue
        said = set()
        for code in (CODE, "D-99999999"):
            with pytest.raises(NotPermittedError) as refused:
                views.dossier(before.log, code, by=by)
            said.add(str(refused.value))
        assert len(said) == 1


@pytest.mark.parametrize(
    ("person", "role", "site"),
    [
        ("adjudicator", Role.CHAIR, None),
        ("chair", Role.ADJUDICATOR, None),
        ("chair", Role.INVESTIGATOR, "S1"),
        ("data_manager", Role.ADJUDICATOR, None),
        ("nurse", Role.CHAIR, None),
    ],
)
def test_readers_and_chair_are_different_people_and_not_of_the_trials_staff(
    scene, person, role, site
):
    from equipoise.conduct.commands.trial import Appoint

    with pytest.raises(ConductError, match="the same person is never"):
        scene.do(Appoint(person, role, site), scene.administrator)


def test_a_new_dossier_code_has_the_form_that_is_asked_for():
    from equipoise.conduct.commands.adjudication import _CODE

    assert all(_CODE.fullmatch(dossier_code()) for _ in range(200))


def test_each_database_refuses_a_second_verdict_of_a_reader_and_rebuilds_its_tables(any_scene):
    from equipoise.conduct.commands.unblinding import Unblind
    from equipoise.errors import ConflictError

    scene = any_scene
    scene.randomise("S1-001")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    scene.do(PrepareDossier("S1-001", 1, CODE, STORY), scene.data_manager)
    scene.do(YES, scene.adjudicator)
    scene.do(Unblind("S1-001", "collapsed", "passkey", key="11" * 32), scene.investigator)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GiveVerdict, "decide", lambda *_: (_given(),))
        with pytest.raises(ConflictError):
            scene.do(NO, scene.adjudicator)

    assert len(scene.log.trial().adjudication.files[CODE].verdicts) == 1
    verify(scene.log)


def _given():
    from equipoise.conduct.events.adjudication import VerdictGiven

    return VerdictGiven(CODE, "no", "not related")
