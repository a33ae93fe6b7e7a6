from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, Randomise, Withdraw
from equipoise.conduct.commands.trial import OpenTrial
from equipoise.conduct.commands.values import Correct, Record, Sign
from equipoise.conduct.events.participant import Consented, DetailsRecorded, Enrolled
from equipoise.conduct.events.preparation import DosePrepared
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, ConflictError, LogError, NotPermittedError

LATER = datetime(2026, 1, 6, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = PartialDate(2026, 1, 5)


def consent(name="S1-001", **more):
    return Consent(name, "icf-1", "zh", TODAY, **more)


def test_a_command_sent_again_is_answered_again_and_not_carried_out_again(any_scene):
    first = any_scene.do(consent(), any_scene.nurse, named="lost-answer")
    tip = any_scene.log.tip("main")

    assert any_scene.do(consent(), any_scene.nurse, named="lost-answer") == first
    assert any_scene.log.tip("main") == tip


def test_an_identifier_used_for_another_command_is_refused(any_scene):
    any_scene.do(consent(), any_scene.nurse, named="once")

    with pytest.raises(ConflictError, match="another command"):
        any_scene.do(consent("S1-002"), any_scene.nurse, named="once")


def test_an_identifier_used_by_another_person_is_refused(scene):
    scene.do(consent(), scene.nurse, named="once")

    with pytest.raises(ConflictError, match="another command"):
        scene.do(consent(), scene.investigator, named="once")


def test_a_command_based_on_what_has_changed_since_is_refused(any_scene):
    any_scene.do(consent(), any_scene.nurse, expected=0)
    record = Record("S1-001", "SCREENING", "STROKE", "no", TODAY)

    any_scene.do(record, any_scene.nurse, expected=2)
    with pytest.raises(ConflictError, match="has 3 events, not 2"):
        any_scene.do(replace(record, item="SEX", value="F"), any_scene.nurse, expected=2)


def test_a_refused_command_leaves_nothing(any_scene):
    tips = [any_scene.log.tip(chain) for chain in ("main", "vault", "personal")]

    with pytest.raises(ConductError):
        any_scene.do(Randomise("S1-404"), any_scene.investigator)

    assert [any_scene.log.tip(chain) for chain in ("main", "vault", "personal")] == tips
    verify(any_scene.log)


def test_the_answer_holds_only_what_the_role_may_read(scene):
    said = scene.do(consent(details="00" * 40), scene.nurse)
    assert [type(entry.event) for entry in said] == [Enrolled, Consented, DetailsRecorded]

    scene.randomise("S1-002")
    said = scene.prepare("S1-002", "BASELINE")
    assert [type(entry.event) for entry in said] == [DosePrepared]
    assert scene.log.tip("vault").sequence == 2


def test_the_state_that_commands_see_is_that_of_the_whole_log(any_scene):
    from equipoise.conduct.state.participant import recall_participant
    from equipoise.conduct.state.trial import recall_trial

    for number in range(4):
        any_scene.randomise(f"S1-{number:03}", AGE="70" if number % 2 else "50")
    entries = list(any_scene.log.entries("main"))

    assert any_scene.log.trial() == recall_trial(entries)
    of_one = [entry for entry in entries if entry.envelope.participant == "S1-001"]
    assert any_scene.log.participant("S1-001") == recall_participant(of_one)


def test_a_correction_keeps_what_was_there_and_why_it_changed(any_scene):
    any_scene.enrol("S1-001")
    fix = Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread the dial", "mmHg")
    any_scene.do(fix, any_scene.nurse)

    values = [
        (entry.event.value, entry.envelope.reason)
        for entry in any_scene.log.entries("main")
        if getattr(entry.event, "item", None) == "SBP"
    ]
    assert values == [("150", None), ("151", "misread the dial")]


def test_a_signature_is_broken_by_a_correction_even_when_it_is_taken_back(scene):
    scene.enrol("S1-001")
    scene.do(Sign("S1-001", "SCREENING", "reviewed", "password"), scene.investigator)
    before = scene.log.participant("S1-001")
    for value in ("151", "150"):
        fix = Correct("S1-001", "SCREENING", "SBP", value, TODAY, "read again", "mmHg")
        scene.do(fix, scene.nurse)
    after = scene.log.participant("S1-001")

    assert before.stands(before.signatures[0])
    assert not after.stands(after.signatures[0])


def test_a_signature_is_not_broken_by_another_encounter(scene):
    scene.enrol("S1-001")
    scene.do(Sign("S1-001", "SCREENING", "reviewed", "password"), scene.investigator)
    scene.do(Record("S1-001", "BASELINE", "SBP", "140", TODAY, "mmHg"), scene.nurse)
    who = scene.log.participant("S1-001")

    assert who.stands(who.signatures[0])


def test_a_time_without_a_zone_is_refused(scene):
    with pytest.raises(ConductError, match="with its zone"):
        scene.log.append(
            consent(),
            by=scene.nurse,
            at=datetime(2026, 1, 5),  # noqa: DTZ001  # what is refused
            command="c",
        )


def test_the_time_is_kept_in_utc_with_its_zone(scene):
    at = datetime(2026, 1, 6, 1, 2, 3, 4, tzinfo=ZoneInfo("Asia/Shanghai"))
    entry = scene.log.append(consent(), by=scene.nurse, at=at, command="c")[0]

    assert entry.envelope.at == "2026-01-05T17:02:03.000004Z"
    assert entry.envelope.zone == "Asia/Shanghai"


def test_who_was_not_appointed_can_do_nothing(any_scene):
    with pytest.raises(NotPermittedError, match="mallory is not study nurse here"):
        any_scene.do(consent(), Actor("mallory", Role.NURSE, "S1"))


def test_a_log_is_not_continued_under_another_protocol_file(scene, study):
    files = {**study.files, study.protocol_file: "0" * 64}
    other = Log(replace(study, files=files), scene.log.storage)

    with pytest.raises(ConductError, match=r"version 1\.0 of the protocol is in force here"):
        other.append(
            consent(), by=scene.nurse, at=datetime(2026, 1, 5, tzinfo=ZoneInfo("UTC")), command="c"
        )


def test_the_trial_is_opened_once(scene):
    with pytest.raises(ConductError, match="open already"):
        scene.do(OpenTrial(), scene.administrator)


def test_nobody_becomes_administrator_by_opening_an_open_trial(scene):
    with pytest.raises(NotPermittedError):
        scene.do(OpenTrial(), Actor("mallory", Role.ADMINISTRATOR))


@pytest.mark.parametrize("table", ["main", "vault", "personal", "randomisations", "recorded"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET participant = 'x'", "DELETE FROM {}", "INSERT OR REPLACE INTO {} {}"]
)
def test_sqlite_refuses_to_change_what_is_written(scene, table, change):
    scene.randomise("S1-001")
    db = scene.log.storage._connection()
    again = f"SELECT * FROM {table} LIMIT 1"  # noqa: S608  # a name from above
    scene.do(Consent("S1-002", "icf-1", "zh", TODAY, details="00"), scene.nurse)

    with pytest.raises(sqlite3.Error, match=r"ever changed|next number"):
        db.execute(change.format(table, again))


def test_sqlite_refuses_to_replace_a_line_without_recursive_triggers(scene):
    with (
        sqlite3.connect(scene.log.storage.path) as stranger,
        pytest.raises(sqlite3.IntegrityError, match="next number"),
    ):
        stranger.execute("INSERT OR REPLACE INTO main SELECT * FROM main WHERE sequence = 3")
    stranger.close()


@pytest.mark.parametrize(
    "change", ["UPDATE main SET line = ''", "DELETE FROM main", "TRUNCATE main", "DROP TABLE main"]
)
def test_postgresql_gives_the_application_no_right_to_change(opened, postgresql, change):
    import psycopg

    opened(postgresql)

    with (
        psycopg.connect(postgresql.address) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute(change)


def test_a_database_that_cannot_be_reached_is_a_clear_error(study, tmp_path, staff):
    log = Log(study, SQLite(tmp_path / "missing" / "trial.sqlite"))
    with pytest.raises(LogError, match=r"trial\.sqlite"):
        log.trial()


def test_a_file_with_other_tables_is_left_alone_with_what_to_do(study, tmp_path):
    path = tmp_path / "trial.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 1")
    db.close()

    with pytest.raises(LogError, match="tables are of version 1, not 3; restore a backup"):
        Log(study, SQLite(path)).trial()
    with sqlite3.connect(path) as db:
        assert list(db.execute("SELECT * FROM sqlite_master")) == []
    db.close()


def test_nothing_from_after_leaving_is_recorded_but_what_was_before_can_be(scene):
    scene.enrol("S1-001")
    left = Withdraw("S1-001", "other", TODAY, "moved to another city")
    scene.do(left, scene.investigator)

    tomorrow = PartialDate(2026, 1, 6)
    for late in (
        Record("S1-001", "BASELINE", "SBP", "140", tomorrow, "mmHg"),
        Correct("S1-001", "SCREENING", "SBP", "151", tomorrow, "misread", "mmHg"),
    ):
        with pytest.raises(ConductError, match="S1-001 had left the study on 2026-01-05"):
            scene.log.append(late, by=scene.nurse, at=LATER, command="late")
    fix = Correct("S1-001", "SCREENING", "SBP", "151", TODAY, "misread", "mmHg")
    scene.do(fix, scene.nurse)
