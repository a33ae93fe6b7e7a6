"""The staff: printed names, and the end of an appointment."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.conduct import views
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.commands.staff import Dismiss, NameStaff
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.commands.values import Sign
from equipoise.conduct.log import Log
from equipoise.conduct.portable import import_log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.conduct.views import oversight
from equipoise.errors import ConductError, NotPermittedError

CONSENT = Consent("S1-001", "icf-1", "zh", PartialDate(2026, 1, 5))
LEFT = Dismiss("nurse", Role.NURSE, "left the hospital", "S1")


def test_whoever_was_dismissed_does_and_sees_nothing_any_more(scene):
    scene.do(LEFT, scene.administrator)

    with pytest.raises(NotPermittedError, match="nurse is not study nurse here"):
        scene.do(CONSENT, scene.nurse)
    with pytest.raises(NotPermittedError, match="nothing here for this role"):
        views.participants(scene.log, by=scene.nurse)


def test_what_was_done_before_stays(scene):
    scene.do(CONSENT, scene.nurse)
    scene.do(LEFT, scene.administrator)

    assert scene.log.participant("S1-001").consents
    assert scene.log.entries("main")[-2].envelope.actor == "nurse"


def test_a_role_once_held_excludes_for_ever(scene):
    """Who was unblinded is never blinded again in this study."""
    scene.do(Dismiss("preparer", Role.PREPARER, "changes duties", "S1"), scene.administrator)

    with pytest.raises(ConductError, match="is or was unblinded preparer"):
        scene.do(Appoint("preparer", Role.NURSE, "S1"), scene.administrator)


def test_a_person_can_come_back_to_the_same_role(scene):
    scene.do(LEFT, scene.administrator)
    scene.do(Appoint("nurse", Role.NURSE, "S1"), scene.administrator)

    scene.do(CONSENT, scene.nurse)
    verify(scene.log)


def test_only_a_role_that_is_held_ends_and_for_a_reason(scene):
    for command, said in (
        (Dismiss("nurse", Role.NURSE, "left the hospital", "S2"), "nurse is not study nurse"),
        (Dismiss("nurse", Role.MONITOR, "left the hospital"), "nurse is not monitor here"),
        (Dismiss("x" * 10_000_000, Role.MONITOR, "left the hospital"), "is not monitor here"),
        (Dismiss("nurse", Role.NURSE, "", "S1"), "give the reason"),
    ):
        with pytest.raises(ConductError, match=said) as refused:
            scene.do(command, scene.administrator)
        assert len(str(refused.value)) < 200


def test_the_last_administrator_stays(scene):
    gone = Dismiss("administrator", Role.ADMINISTRATOR, "left the sponsor")

    with pytest.raises(ConductError, match="the only administrator; appoint another first"):
        scene.do(gone, scene.administrator)
    scene.do(Appoint("second", Role.ADMINISTRATOR), scene.administrator)
    scene.do(gone, scene.administrator)


def test_a_signature_shows_the_printed_name_of_the_signer(scene):
    """21 CFR 11.50 (a) (1)."""
    scene.enrol("S1-001")
    scene.do(Sign("S1-001", "SCREENING", "reviewed", "password"), scene.investigator)
    (unnamed,) = views.participant(scene.log, "S1-001", by=scene.monitor).signatures
    scene.do(NameStaff("investigator", "李 明 (Li Ming)"), scene.administrator)
    (signed,) = views.participant(scene.log, "S1-001", by=scene.monitor).signatures

    assert (unnamed.person, unnamed.name) == ("investigator", None)
    assert (signed.name, signed.stands) == ("李 明 (Li Ming)", True)


def test_a_name_is_of_the_staff_one_line_and_can_change(scene):
    scene.do(Appoint("S1-001", Role.PARTICIPANT), scene.administrator)
    for person, name, said in (
        ("nobody", "No Body", "nobody is not of the staff"),
        ("S1-001", "A Patient", "S1-001 is not of the staff"),
        ("nurse", "", "one line"),
        ("nurse", "Nora\nNie", "one line"),
        ("nurse", "Nora \u202eNie", "one line"),
        ("nurse", "x" * 101, "at most 100"),
    ):
        with pytest.raises(ConductError, match=said):
            scene.do(NameStaff(person, name), scene.administrator)
    scene.do(NameStaff("nurse", "Nora Nie"), scene.administrator)
    with pytest.raises(ConductError, match="nurse is called Nora Nie already"):
        scene.do(NameStaff("nurse", "Nora Nie"), scene.administrator)
    scene.do(NameStaff("nurse", "Nora Ou"), scene.administrator)

    assert scene.log.trial().names == {"nurse": "Nora Ou"}
    verify(scene.log)


def test_the_staff_is_listed_with_roles_that_ended_and_without_participants(scene):
    scene.do(Appoint("S1-001", Role.PARTICIPANT), scene.administrator)
    scene.do(NameStaff("nurse", "Nora Nie"), scene.administrator)
    scene.do(LEFT, scene.administrator)
    for by in (scene.administrator, scene.monitor, scene.investigator):
        listed = oversight.staff(scene.log, by=by)
        assert oversight.StaffShown("nurse", "Nora Nie", Role.NURSE, "S1", ended=True) in listed
        assert oversight.StaffShown("monitor", None, Role.MONITOR, None, ended=False) in listed
        assert "S1-001" not in {one.person for one in listed}
    with pytest.raises(NotPermittedError):
        oversight.staff(scene.log, by=Actor("S1-001", Role.PARTICIPANT))


def test_the_golden_names_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, Path(__file__).parent / "golden" / "named")

    assert Log(study, storage).trial().names == {"investigator": "Li Ming"}
    storage.close()
