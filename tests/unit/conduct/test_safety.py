"""Adverse events: versions, clocks, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.checklist import Gap, gaps
from equipoise.conduct.clocks import duties
from equipoise.conduct.commands.safety import (
    CodeAdverseEvent,
    FileReport,
    FollowUpAdverseEvent,
    ReportAdverseEvent,
)
from equipoise.conduct.verification import verify
from equipoise.conduct.views import safety as views
from equipoise.errors import ConductError, NotPermittedError

from .adverse import HEADACHE, SERIOUS, UNEXPECTED, but

BEIJING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 1, 5, 12, tzinfo=BEIJING)


def test_reporting_it_closes_the_task_and_an_upgrade_opens_it_again(scene):
    scene.enrol("S1-001")

    def at(hours, command):
        at = NOON + timedelta(hours=hours)
        scene.log.append(command, by=scene.investigator, at=at, command=f"s{hours}")

    def whats(hours):
        tasks = views.tasks(scene.log, by=scene.investigator, at=NOON + timedelta(hours=hours))
        return [(task.what, task.overdue) for task in tasks]

    at(1, ReportAdverseEvent("S1-001", SERIOUS))
    assert whats(20) == [("report to sponsor", False)]
    assert whats(22) == [("report to sponsor", True)]  # known at 09:00
    filed = (NOON + timedelta(hours=2)).isoformat()
    at(23, FileReport("S1-001", 1, "sponsor", filed, "SP-1"))
    assert whats(24) == []
    upgraded = UNEXPECTED._replace(aware=(NOON + timedelta(hours=30)).isoformat())
    at(31, FollowUpAdverseEvent("S1-001", 1, upgraded, "letter of the hospital"))
    assert whats(31) == [("report to authority", False)]
    assert views.tasks(scene.log, by=scene.monitor, at=NOON)[0].due == "2026-01-21T18:00+08:00"
    at(32, FileReport("S1-001", 1, "authority", (NOON + timedelta(hours=32)).isoformat()))
    assert whats(1000) == []


def test_a_late_report_stays_late(scene):
    scene.enrol("S1-001")
    scene.do(
        ReportAdverseEvent(
            "S1-001", SERIOUS._replace(aware="2026-01-03T09:00+08:00", start=PartialDate(2026, 1))
        ),
        scene.investigator,
    )
    scene.do(FileReport("S1-001", 1, "sponsor", "2026-01-05T11:00+08:00"), scene.investigator)
    (event,) = scene.log.participant("S1-001").adverse_events.events
    (duty,) = duties(event)

    assert duty.filed is not None
    assert duty.overdue(NOON)


def test_each_version_keeps_the_whole_event_and_earlier_ones_stay(scene):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", HEADACHE), scene.investigator)
    ended = HEADACHE._replace(end=PartialDate(2026, 1, 5), outcome="recovered")
    scene.do(FollowUpAdverseEvent("S1-001", 1, ended, "seen again"), scene.sub_investigator)
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    shown = views.adverse_events(scene.log, "S1-001", by=scene.data_manager)

    assert [(one.number, one.version, one.outcome, one.serious, one.by) for one in shown] == [
        (1, 1, "recovering", "no", "investigator"),
        (1, 2, "recovered", "no", "sub_investigator"),
        (2, 1, "recovering", "yes", "investigator"),
    ]
    verify(scene.log)


def test_an_event_in_the_sites_own_words_and_with_a_partial_date_is_kept_as_said(scene):
    scene.enrol("S1-001")
    said = HEADACHE._replace(term=None, verbatim="头痛", start=PartialDate(2026, 1), time="09:30")
    scene.do(ReportAdverseEvent("S1-001", said), scene.investigator)
    (event,) = scene.log.participant("S1-001").adverse_events.events

    assert (event.now.verbatim, str(event.now.start), event.now.time) == (
        "头痛",
        "2026-01-XX",
        "09:30",
    )


def test_an_event_is_reported_after_the_study_was_left_and_after_the_lock(scene):
    from equipoise.conduct.commands.participant import Withdraw

    scene.enrol("S1-001")
    scene.do(Withdraw("S1-001", "other", PartialDate(2026, 1, 5), "moved"), scene.investigator)
    scene.do(ReportAdverseEvent("S1-001", HEADACHE), scene.investigator)
    scene.lock()

    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    scene.do(FollowUpAdverseEvent("S1-001", 1, SERIOUS, "worse"), scene.investigator)
    locked = 1 + scene.log.tip("main").sequence - 2
    first, second = scene.log.participant("S1-001").adverse_events.events
    assert (first.known(locked).severity, second.known(locked)) == (HEADACHE.severity, None)
    assert first.now.criteria == SERIOUS.criteria
    (due, *_) = views.tasks(scene.log, by=scene.investigator, at=NOON)
    assert due.what == "report to sponsor"


def test_a_time_without_an_offset_is_by_the_clock_of_the_participants_site(scene):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", but(aware="2026-01-05T09:00")), scene.investigator)
    filed = FileReport("S1-001", 1, "sponsor", "2026-01-05T11:00")
    scene.log.append(filed, by=scene.data_manager, at=NOON.astimezone(BERLIN), command="f")
    (event,) = scene.log.participant("S1-001").adverse_events.events

    assert event.now.aware == "2026-01-05T01:00:00.000000Z"
    assert str(event.filings[0].filed) == "2026-01-05 03:00:00+00:00"


PREGNANT = HEADACHE._replace(term="PREGNANCY")
BAD = [
    (HEADACHE._replace(term=None), "name the event"),
    (HEADACHE._replace(verbatim=" "), "1 to 2000 characters"),
    (HEADACHE._replace(term="HEADACH"), "Did you mean HEADACHE"),
    (HEADACHE._replace(term="x" * 10_000_000), "the term is"),
    (HEADACHE._replace(verbatim="x" * 10_000_000), "1 to 2000 characters"),
    (HEADACHE._replace(verbatim="head\0ache"), "do not print"),
    (HEADACHE._replace(severity="SEVERE"), "Did you mean severe"),
    (HEADACHE._replace(causality="no"), "the causality is 'no'"),
    (HEADACHE._replace(expected="maybe"), "expected is 'maybe'"),
    (HEADACHE._replace(criteria={"death": "no"}), "answer each criterion"),
    (but(criteria={**HEADACHE.criteria, "death": "perhaps"}), "death is 'perhaps'"),
    (but("death"), "death as a criterion and a fatal outcome go together"),
    (but(outcome="fatal"), "death as a criterion and a fatal outcome go together"),
    (PREGNANT, "a pregnancy is reported as medically important"),
    (HEADACHE._replace(start=PartialDate(2026, 1, 6)), "the start of the event is 2026-01-06"),
    (HEADACHE._replace(start=PartialDate(2025, 12, 31)), "medical history"),
    (HEADACHE._replace(end=PartialDate(2026, 2)), "the end of the event is 2026-02-XX"),
    (HEADACHE._replace(time="24:00"), "write it as 09:30"),
    (HEADACHE._replace(time="9:30"), "write it as 09:30"),
    (HEADACHE._replace(aware="yesterday"), "write it as 2026-01-05T09:30"),
    (HEADACHE._replace(aware="2026-01-05T12:01"), "has not come yet"),
    (HEADACHE._replace(aware="2026-01-05"), "write a time like 2015-10-08T09:30"),
    (HEADACHE._replace(aware="2026-01-05T12:01+08:00"), "has not come yet"),
    (HEADACHE._replace(aware="2026-01-05T09:00-08:00"), "has not come yet"),
    (
        HEADACHE._replace(aware="2026-01-04T09:00+08:00"),
        "after the site became aware of it on 2026-01-04",
    ),
]


@pytest.mark.parametrize(("account", "said"), BAD)
def test_an_account_that_cannot_be_is_refused_and_leaves_nothing(scene, account, said):
    scene.enrol("S1-001")
    tip = scene.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        scene.do(ReportAdverseEvent("S1-001", account), scene.investigator)
    assert len(str(refused.value)) < 300
    assert scene.log.tip("main") == tip


def test_a_pregnancy_has_the_clocks_of_a_serious_event(scene):
    scene.enrol("S1-001")
    said = but("medically_important", term="PREGNANCY")
    scene.do(ReportAdverseEvent("S1-001", said), scene.investigator)

    (task,) = views.tasks(scene.log, by=scene.nurse, at=NOON)
    assert (task.what, task.due) == ("report to sponsor", "2026-01-06T09:00+08:00")


def test_what_follows_up_or_is_sent_is_an_event_that_is_known(scene):
    scene.enrol("S1-001")
    follow = FollowUpAdverseEvent("S1-001", 1, SERIOUS, "a letter")
    send = FileReport("S1-001", 1, "sponsor", "2026-01-05T11:00+08:00")
    for command in (follow, send, FollowUpAdverseEvent("S1-001", 0, SERIOUS, "a letter")):
        with pytest.raises(ConductError, match="has no adverse event"):
            scene.do(command, scene.investigator)
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    with pytest.raises(ConductError, match="known of event 1 already"):
        scene.do(follow, scene.investigator)
    for filed, to, said in (
        ("2026-01-05T08:00+08:00", "sponsor", "not known yet"),
        ("2026-01-06T08:00+08:00", "sponsor", "not come yet"),
        ("2026-01-05T11:00+08:00", "newspaper", "one of sponsor, authority"),
    ):
        with pytest.raises(ConductError, match=said):
            scene.do(FileReport("S1-001", 1, to, filed), scene.investigator)


def test_an_event_of_no_list_is_coded_by_a_dictionary_and_no_gap_any_more(scene):
    """The prostate cancer of the reference study, which nobody foresaw."""
    scene.enrol("S1-001")
    account = SERIOUS._replace(term=None, verbatim="prostate cancer")
    scene.do(ReportAdverseEvent("S1-001", account), scene.investigator)
    assert Gap("coding", "S1-001 1") in missing(scene)
    coded = CodeAdverseEvent("S1-001", 1, "Prostate cancer", "MedDRA 27.0", "10060862")
    for command, said in (
        (replace(coded, number=2), "has no adverse event 2"),
        (replace(coded, term=""), "the term has 2 to 100 characters"),
        (replace(coded, code="10 06"), "the code is '10 06'"),
    ):
        with pytest.raises(ConductError, match=said):
            scene.do(command, scene.data_manager)
    scene.do(coded, scene.data_manager)

    assert "coding" not in {gap.item for gap in missing(scene)}
    (shown,) = views.adverse_events(scene.log, "S1-001", by=scene.monitor)
    assert (shown.term, shown.coded) == ("Prostate cancer", "MedDRA 27.0 10060862")
    with pytest.raises(ConductError, match="has this code already"):
        scene.do(coded, scene.data_manager)
    with pytest.raises(ConductError, match="give the reason"):
        scene.do(replace(coded, code="10036909"), scene.data_manager)
    scene.do(replace(coded, code="10036909", reason="a lower level"), scene.data_manager)
    assert scene.log.participant("S1-001").adverse_events.events[0].coded.code == "10036909"


def missing(scene):
    people = [scene.log.participant("S1-001")]
    return gaps(scene.log.study, scene.log.trial(), people, NOON.date())


def test_an_event_of_the_studys_list_needs_no_dictionary(scene):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)
    with pytest.raises(ConductError, match=f"event 1 has the study's own code {SERIOUS.term}"):
        scene.do(CodeAdverseEvent("S1-001", 1, "Fever", "MedDRA 27.0", "1"), scene.data_manager)


def test_who_sees_no_records_sees_no_event_and_no_task(scene):
    scene.enrol("S1-001")
    scene.do(ReportAdverseEvent("S1-001", SERIOUS), scene.investigator)

    for by in (scene.preparer, scene.adjudicator, scene.committee_member, scene.custodian):
        refusals = set()
        for name in ("S1-001", "S1-404"):
            with pytest.raises(NotPermittedError) as refused:
                views.adverse_events(scene.log, name, by=by)
            refusals.add(str(refused.value))
        with pytest.raises(NotPermittedError):
            views.tasks(scene.log, by=by, at=NOON)
        assert len(refusals) == 1


def test_the_golden_events_verdicts_and_unblindings_are_recalled_as_ever(study, quick_path):
    from pathlib import Path

    from equipoise.conduct.log import Log
    from equipoise.conduct.portable import import_log
    from equipoise.conduct.storage.sqlite import SQLite

    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, Path(__file__).parent / "golden" / "safety")
    log = Log(study, storage)
    who, (file,) = log.participant("S1-001"), log.trial().adjudication.files.values()
    storage.close()
    (event,) = who.adverse_events.events

    assert [version.said.outcome for version in event.versions] == ["recovering", "recovered"]
    assert [(duty.to, duty.filed is None) for duty in duties(event)] == [
        ("sponsor", False),
        ("authority", True),
    ]
    assert file.outcome.says == ("yes", "related")
    assert [opening.on_paper for opening in who.unblindings.openings] == [False, True]


def test_a_low_home_reading_is_a_task_until_an_event_covers_it(reference, quick_path):
    from equipoise.conduct.log import Log
    from equipoise.conduct.state.diary import Diary
    from equipoise.conduct.state.participant import Participant
    from equipoise.conduct.storage.sqlite import SQLite

    readings = {("2026-01-05", "fasting"): "2.8", ("2026-01-05", "lunch"): None}
    who = Participant("S1-001", "S1", diary=Diary(readings))
    log = Log(reference, SQLite(quick_path / "none.sqlite"))

    assert list(views._tasks(log, who, NOON)) == [
        views.Task("S1-001", "report hypoglycaemia", "2026-01-05", None, overdue=False)
    ]
