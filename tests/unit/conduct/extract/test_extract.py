"""What the records are that a log gives; that virtual trials give the simulator's: test_twin."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.disposition import DiscontinueTreatment
from equipoise.conduct.commands.infusion import NotInfused
from equipoise.conduct.commands.participant import Consent, Screen, Withdraw
from equipoise.conduct.commands.safety import Account, ReportAdverseEvent
from equipoise.conduct.commands.trial import OpenBlind
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.extract import extract
from equipoise.errors import ConductError, LogError, SealError
from equipoise.records.check import check_records
from equipoise.rules.safety import Criteria

TODAY = PartialDate(2026, 1, 5)
DAY = date(2026, 1, 5)


@pytest.fixture
def played(scene):
    """One stays, one leaves before a dose, one is no match, one only consented."""
    scene.randomise("S1-001")
    do = scene.do
    do(Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread", "mmHg"), scene.nurse)
    do(HoldVisit("S1-001", "BASELINE", TODAY), scene.nurse)
    do(Record("S1-001", "BASELINE", "SBP", None, TODAY, "mmHg"), scene.nurse)
    do(NotInfused("S1-001", "BASELINE", "nobody could come"), scene.infusion_nurse)
    reason = "does not want tablets"
    do(
        DiscontinueTreatment("S1-001", "withdrawal by participant", TODAY, reason),
        scene.investigator,
    )
    scene.randomise("S1-002", AGE="70")
    do(Withdraw("S1-002", "lost to follow-up", TODAY, "moved away"), scene.investigator)
    scene.enrol("S1-003", AGE="90", STROKE="yes")
    scene.enrol("S1-004")
    return scene


@pytest.fixture
def records(played):
    return opened(played)


def opened(scene):
    """The records, once everything is locked and the list opened."""
    scene.lock()
    private = scene.keys["custodian"].private
    openings = sealed.open_list(scene.log.study.name, scene.sealed, "custodian", private)
    scene.do(OpenBlind(openings), scene.custodian)
    return again(scene)


def again(scene, private=None):
    """The records of the list that the custodian sealed."""
    private = private or scene.keys["custodian"].private
    return extract(scene.log, private=private, listed=scene.sealed.fingerprint)


def test_no_records_come_from_a_log_that_was_altered(records, played):
    with sqlite3.connect(played.log.storage.path) as db:
        db.execute("DROP TRIGGER recorded_no_update")
        db.execute("UPDATE recorded SET value = '99' WHERE item = 'SBP'")
    db.close()

    with pytest.raises(LogError, match="the table recorded does not say what the log says"):
        again(played)


def rows(records, table, name, *columns):
    frame = records[table]
    return frame.filter(frame["participant"] == name).select(columns).rows()


def test_they_are_records_of_the_study_and_not_called_simulated(records, study):
    assert check_records(records.tables, study) == []
    assert (records.origin.kind, records.origin.seed) == ("conducted", None)


def test_the_arm_is_what_the_opened_slot_says(records, played):
    arms = dict(records["participants"].select("participant", "arm").rows())
    slot = played.log.participant("S1-001").randomised.slot

    assert arms["S1-001"] == sealed.opened(
        next(one for one in played.sealed.slots if one.slot == slot),
        sealed.unbox(
            bytes.fromhex(played.sealed.boxes[slot]["preparer"]),
            played.keys["preparer"].private,
            f"equipoise allocation 1/{played.log.study.name}/{slot}/preparer",
        ),
    )
    assert arms["S1-003"] is None


def test_a_corrected_value_is_the_corrected_one_and_what_was_not_done_has_no_row(records):
    found = rows(records, "measurements", "S1-001", "encounter", "item", "value")

    assert ("SCREENING", "SBP", 151.0) in found
    assert not [row for row in found if row[0] == "BASELINE"]


def test_who_leaves_before_the_last_dose_discontinues_the_treatment_with_it(records):
    assert rows(records, "disposition", "S1-002", "date", "event", "reason") == [
        (DAY, "randomised", None),
        (DAY, "treatment discontinued", "lost to follow-up"),
        (DAY, "withdrawn", "lost to follow-up"),
    ]
    assert {row[0] for row in rows(records, "visits", "S1-002", "status")} >= {"after withdrawal"}


def test_discontinuing_the_treatment_is_not_leaving_the_study(records):
    events = rows(records, "disposition", "S1-001", "event", "reason")

    assert events == [("randomised", None), ("treatment discontinued", "withdrawal by participant")]
    assert rows(records, "doses", "S1-001", "status", "amount") == [("not given", None)] * 2


def test_who_was_not_randomised_has_the_reason(records):
    assert rows(records, "disposition", "S1-003", "event", "reason") == [
        ("screen failure", "I1, E1")
    ]
    assert rows(records, "disposition", "S1-004", "event", "reason") == [
        ("screen failure", "not randomised")
    ]


def test_what_is_reported_after_the_lock_is_not_in_the_locked_records(played):
    """A serious event learnt of late is reported all the same, and its clocks run."""
    before = len(opened(played)["adverse_events"])
    grave = dict.fromkeys(Criteria._fields, "no") | {"hospitalisation": "yes"}
    judged = ("severe", grave, "not related", "no", "none", "recovering")
    said = Account(None, "collapsed", TODAY, *judged, "2026-01-05T09:00+08:00")
    played.do(ReportAdverseEvent("S1-001", said), played.investigator)
    found = again(played)

    assert len(found["adverse_events"]) == before
    assert played.log.participant("S1-001").adverse_events.events[-1].now.severity == "severe"


def test_nothing_is_extracted_before_the_blind_is_opened(played):
    with pytest.raises(ConductError, match="once the blind was opened"):
        again(played)


def test_a_key_that_the_list_was_not_sealed_for_is_refused(played):
    with pytest.raises(SealError, match="not the key of a recipient"):
        again(played, sealed.new_key().private)


def test_who_left_before_age_and_sex_were_recorded_keeps_no_records_from_coming_out(scene):
    scene.do(Consent("S1-001", "icf-1", "zh", TODAY), scene.investigator)
    scene.do(Screen("S1-001"), scene.investigator)

    (row,) = opened(scene)["participants"].iter_rows(named=True)

    assert (row["participant"], row["age"], row["sex"]) == ("S1-001", None, None)
