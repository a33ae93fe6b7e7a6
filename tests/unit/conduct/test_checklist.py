"""What the lock still needs: events, reports, readers, bags."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from equipoise.conduct.checklist import COMPLETE, Gap, gaps
from equipoise.conduct.commands.adjudication import GiveVerdict, PrepareDossier
from equipoise.conduct.commands.preparation import DiscardBag
from equipoise.conduct.commands.safety import FileReport, ReportAdverseEvent
from equipoise.conduct.commands.values import Sign
from equipoise.conduct.events.participant import Consented, Screened
from equipoise.conduct.events.safety import AdverseEventReported
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent, AdverseEvents, Version
from equipoise.conduct.state.trial import Trial
from equipoise.conduct.views import oversight

from .adverse import NOT_SERIOUS, SERIOUS
from .conftest import NOON, TODAY


def missing(scene):
    return oversight.checklist(scene.log, by=scene.data_manager, at=NOON).gaps


def test_an_uncoded_open_adverse_event_is_missing(study):
    def has(end, outcome, term, **criteria):
        facts = ("mild", NOT_SERIOUS | criteria, "not related", "no", "none")
        said = AdverseEventReported(1, term, "rash", TODAY, None, end, *facts, outcome, "")
        event = AdverseEvent(1, (Version(said, NOON, ZoneInfo("UTC"), "investigator", 1),))
        signed = (Consented("icf-1", "zh", TODAY),)
        events = AdverseEvents((event,))
        failed = Screened({}, "no")
        who = Participant("S1-001", "S1", consents=signed, screened=failed, adverse_events=events)
        return [gap.item for gap in gaps(study, Trial(), [who], NOON.date())]

    assert has(None, "recovering", None) == ["adverse events", "coding"]
    assert has(TODAY, "recovered", "RASH") == []
    assert has(None, "not recovered", "RASH") == []
    unknown = has(TODAY, "recovered", "RASH", hospitalisation="unknown")
    assert unknown == ["adverse events", "reports"]
    assert has(TODAY, "recovered", "RASH", death="yes") == ["reports", "adjudication"]


def test_a_serious_event_is_reported_and_adjudicated_before_lock(scene):
    scene.enrol("S1-001", STROKE="yes")
    serious = SERIOUS._replace(outcome="recovered", end=TODAY)
    scene.do(ReportAdverseEvent("S1-001", serious), scene.investigator)
    assert [gap for gap in missing(scene) if gap.item != "signatures"] == [
        Gap("reports", "S1-001 1 to sponsor"),
        Gap("adjudication", "S1-001 1"),
    ]

    sent = FileReport("S1-001", 1, "sponsor", "2026-01-05T11:00+08:00")
    scene.do(sent, scene.investigator)
    scene.do(PrepareDossier("S1-001", 1, "D-ABCDEFGH", "A night in hospital."), scene.data_manager)
    assert Gap("adjudication", "D-ABCDEFGH") in missing(scene)
    for reader in (scene.adjudicator, scene.second_adjudicator):
        scene.do(GiveVerdict("D-ABCDEFGH", "yes", "not related", "fever before"), reader)
    scene.do(Sign("S1-001", None, COMPLETE, "passkey"), scene.investigator)
    assert missing(scene) == ()


def test_a_bag_that_was_neither_given_nor_discarded_is_missing(scene):
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    assert Gap("bags", "S1-001 B-22222222") in missing(scene)

    scene.do(DiscardBag("S1-001", "BASELINE", "B-22222222", "not used in time"), scene.preparer)
    assert "bags" not in {gap.item for gap in missing(scene)}
