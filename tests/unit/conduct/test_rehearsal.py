"""A rehearsal is told from a trial by an event of its own."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from equipoise.conduct.commands.rehearsal import DeclareRehearsal
from equipoise.conduct.commands.trial import OpenTrial
from equipoise.conduct.log import Log
from equipoise.errors import ConductError

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_a_rehearsal_is_declared_once(study, sqlite, staff):
    log = Log(study, sqlite)
    by = staff["administrator"]
    log.append(OpenTrial(), by=by, at=NOON, command="1")
    log.append(DeclareRehearsal(), by=by, at=NOON, command="2")

    assert log.trial().rehearsal
    with pytest.raises(ConductError, match="a rehearsal already"):
        log.append(DeclareRehearsal(), by=by, at=NOON, command="3")


def test_a_trial_with_a_list_is_never_declared_a_rehearsal(scene):
    with pytest.raises(ConductError, match="before the list is deposited"):
        scene.do(DeclareRehearsal(), scene.administrator)
    assert not scene.log.trial().rehearsal
