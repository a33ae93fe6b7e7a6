"""The end of an appointment."""

from __future__ import annotations

import pytest

from equipoise.conduct import views
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.commands.staff import Dismiss
from equipoise.conduct.commands.trial import Appoint
from equipoise.conduct.roles import Role
from equipoise.conduct.verification import verify
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
