"""Deviations: what the records tell, what people record, how it is reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.deviations import RecordDeviation, ReviewDeviation
from equipoise.conduct.commands.infusion import Infuse, ScanBag
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.commands.values import Correct
from equipoise.conduct.deviations import CATEGORIES, SEVERITIES, implied, unrecorded
from equipoise.conduct.events.infusion import Infused
from equipoise.conduct.events.participant import Consented
from equipoise.conduct.state.disposition import Disposition
from equipoise.conduct.state.doses import Doses
from equipoise.conduct.state.visits import Visits
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError

TODAY = PartialDate(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SEEN = RecordDeviation("S1-001", "procedure", "minor", TODAY, "pressure taken standing")
STROKE = Correct("S1-001", "SCREENING", "STROKE", "yes", TODAY, "found in the file")


def days(**held):
    return {encounter: PartialDate.parse(on) if on else None for encounter, on in held.items()}


@pytest.fixture
def who(scene):
    """A randomised participant of whom nothing deviates."""
    scene.randomise("S1-001")
    return scene.log.participant("S1-001")


def rules(study, who):
    return [one.rule for one in implied(study, who)]


def test_nothing_deviates_of_a_participant_who_did_as_planned(study, who):
    held = days(SCREENING="2026-01-05", BASELINE="2026-01-19", WEEK4="2026-02-19")

    assert rules(study, replace(who, visits=Visits(held))) == []


def test_a_visit_outside_its_window_and_a_missed_one_are_found(study, who):
    """Week 4 is day 28, three days around it: 2026-02-13 to 2026-02-19."""
    held = days(BASELINE="2026-01-19", WEEK4="2026-02-20", WEEK12=None)
    late, missed = implied(study, replace(who, visits=Visits(held)))

    assert late.rule == "visit WEEK4 late 2026-02-20"
    assert "2026-02-13 to 2026-02-19" in late.words("en")
    assert (missed.rule, str(missed.on)) == ("visit WEEK12 missed", "2026-04-13")


def test_a_dose_that_was_not_given_deviates_unless_the_treatment_was_discontinued(study, who):
    missed = replace(who, doses=Doses(missed=frozenset({"WEEK4"})))
    stopped = replace(missed, disposition=Disposition(discontinued=TODAY))

    assert rules(study, missed) == ["dose WEEK4 not given"]
    assert rules(study, stopped) == []


def test_a_dose_that_was_given_in_part_deviates(study, who):
    times = ("2026-01-19T09:00", "2026-01-19T09:20")
    part = Infused("BASELINE", "B-22222222", *times, "partly given", "40", ())
    (found,) = implied(study, replace(who, doses=Doses(infused={"BASELINE": part})))

    assert (found.rule, str(found.on)) == ("dose BASELINE in part", "2026-01-19")


def test_a_dose_that_was_begun_before_its_second_check_was_recorded_deviates(scene, study):
    """The check cannot be made up for afterwards: at NOON it is recorded, at 10:00 was the dose."""
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    scene.do(CheckDose("S1-001", "BASELINE", "B-22222222"), scene.checker)
    scene.do(ScanBag("S1-001", "BASELINE", "B-22222222"), scene.infusion_nurse)
    once = Infuse("S1-001", "BASELINE", "B-22222222", "2026-01-05T12:00", "2026-01-05T12:30")
    later = NOON + timedelta(hours=1)
    scene.log.append(once, by=scene.infusion_nurse, at=later, command="given")
    assert rules(study, scene.log.participant("S1-001")) == []

    earlier = replace(once, started="2026-01-05T10:00", reason="mistyped")
    scene.log.append(earlier, by=scene.infusion_nurse, at=later, command="mended")
    (found,) = implied(study, scene.log.participant("S1-001"))
    assert found.rule == "dose BASELINE before its check"
    assert "begun at 2026-01-05T10:00" in found.words("en")


def test_who_turns_out_to_be_ineligible_after_randomisation_deviates(scene, study):
    scene.randomise("S1-001")
    scene.do(STROKE, scene.nurse)
    (found,) = implied(study, scene.log.participant("S1-001"))

    assert (found.rule, found.category) == ("eligibility E1", "eligibility")


def test_who_was_not_randomised_may_be_ineligible(scene, study):
    scene.enrol("S1-001")
    scene.do(STROKE, scene.nurse)

    assert rules(study, scene.log.participant("S1-001")) == []


def test_a_slot_of_the_wrong_stratum_deviates(scene, study):
    scene.randomise("S1-001")
    older = Correct("S1-001", "SCREENING", "AGE", "65", TODAY, "misread", "year")
    scene.do(older, scene.nurse)

    assert rules(study, scene.log.participant("S1-001")) == ["stratum OLDER=yes"]


def test_eligibility_is_not_judged_by_criteria_of_a_later_version(scene, study):
    """Of who was judged under 1.0, version 1.1 judges only what was corrected since."""
    scene.randomise("S1-001")
    older, *others = study.protocol.eligibility
    stricter = (older.model_copy(update={"question": "60 <= AGE <= 80"}), *others)
    said = {"version": "1.1", "eligibility": stricter}
    later = replace(study, protocol=study.protocol.model_copy(update=said))

    assert rules(later, scene.log.participant("S1-001")) == []
    scene.do(STROKE, scene.nurse)
    assert rules(later, scene.log.participant("S1-001")) == ["eligibility E1"]


def test_values_from_before_the_consent_deviate(study, who):
    late = Consented("icf-1", "zh", PartialDate(2026, 1, 6))
    (found,) = implied(study, replace(who, consents=(late,)))

    assert (found.rule, found.category) == ("before consent", "consent")


def test_a_finding_is_recorded_once_and_then_is_no_news(scene, study):
    scene.randomise("S1-001")
    scene.do(STROKE, scene.nurse)
    found = RecordDeviation(
        "S1-001", "eligibility", "major", TODAY, "stroke known later", "eligibility E1"
    )
    scene.do(found, scene.nurse)

    assert unrecorded(study, scene.log.participant("S1-001")) == ()
    with pytest.raises(ConductError, match="recorded already"):
        scene.do(found, scene.monitor)


def test_a_person_records_what_no_rule_finds_and_the_data_manager_classes_it(scene):
    scene.enrol("S1-001")
    scene.do(SEEN, scene.nurse)
    scene.do(ReviewDeviation("S1-001", "D1", "major"), scene.data_manager)

    (shown,) = oversight.deviations(scene.log, by=scene.nurse)
    assert (shown.deviation, shown.severity, shown.reviewed) == ("D1", "major", True)
    assert shown.words == {"": "pressure taken standing"}
    with pytest.raises(ConductError, match="reviewed as major already"):
        scene.do(ReviewDeviation("S1-001", "D1", "major"), scene.data_manager)
    scene.do(ReviewDeviation("S1-001", "D1", "minor"), scene.data_manager)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (replace(SEEN, category="visits"), "no category 'visits'.*Did you mean visit"),
        (replace(SEEN, severity="grave"), "minor or major, not 'grave'"),
        (replace(SEEN, on=PartialDate(2026, 1, 6)), "today is 2026-01-05"),
        (replace(SEEN, text=""), "2 to 2000 characters"),
        (replace(SEEN, text="x" * 10_000_000), "2 to 2000 characters"),
        (replace(SEEN, rule="visit WEEK4 missed"), "the records tell no such deviation"),
        (replace(SEEN, participant="S1-404"), "no such participant"),
    ],
)
def test_a_deviation_that_makes_no_sense_is_refused(scene, command, said):
    scene.enrol("S1-001")
    tip = scene.log.tip("main")

    with pytest.raises(ConductError, match=said):
        scene.do(command, scene.nurse)
    assert scene.log.tip("main") == tip


def test_the_worklist_shows_what_is_not_recorded_yet_in_both_languages(scene):
    scene.randomise("S1-001")
    scene.do(STROKE, scene.nurse)

    (shown,) = oversight.deviations(scene.log, by=scene.monitor)
    assert (shown.deviation, shown.reviewed) == (None, False)
    assert "E1" in shown.words["en"]
    assert "不符合标准" in shown.words["zh"]
    with pytest.raises(NotPermittedError, match="nothing here"):
        oversight.deviations(scene.log, by=scene.preparer)


def test_every_category_and_severity_has_words_in_both_languages():
    for words in (*CATEGORIES.values(), *SEVERITIES.values()):
        assert words("en")
        assert words("zh") != words("en")
