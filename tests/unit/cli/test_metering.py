"""A meter's export from the command line into the diary."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from equipoise.cli.commands import app
from equipoise.conduct.folder import log_of
from equipoise.errors import ConductError, NotPermittedError

runner = CliRunner()
GOOD = (
    "timestamp,glucose (mmol/L)\n2025-01-20 07:10,6.1\n2025-01-20 13:10,8.8\n2025-01-20 03:00,5\n"
)


def say(*arguments: object) -> str:
    found = runner.invoke(app, [str(one) for one in arguments], catch_exceptions=True)
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.output


@pytest.fixture
def trial(tmp_path):
    """A trial with two participants, one of whom writes her own diary."""
    trial = tmp_path / "trial"
    say("open", "nct02302599", trial, "--by", "anna")
    for said in (("nora", "study nurse", "site=S1"), ("S1-001", "participant"), ("dan", "auditor")):
        person, role, *site = said
        say("do", trial, "appoint", f"person={person}", f"role={role}", *site, "--by", "anna")
    for name in ("S1-001", "S1-002"):
        consent = ("form=icf-1", "language=zh", "on=2025-01-06", "--by", "nora")
        say("do", trial, "consent", f"participant={name}", *consent)
    return trial


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(GOOD)
    return path


def tip(trial):
    return log_of(trial).tip("main")


def test_nothing_is_recorded_without_write_and_nothing_twice(trial, export):
    asked = ("readings", trial, export, "--participant", "S1-001", "--by", "S1-001")
    before = tip(trial)
    looked = say(*asked)

    assert "table, mmol/L: 2 readings, 2 new" in looked
    assert "line 4: 2025-01-20 03:00: no point of the diary" in looked
    assert tip(trial) == before
    assert "Recorded in the diary of S1-001" in say(*asked, "--write")
    assert list(log_of(trial).participant("S1-001").diary.readings.values()) == ["6.1", "8.8"]
    after = tip(trial)
    assert "2 readings, 0 new" in say(*asked, "--write")
    assert tip(trial) == after


def test_another_participant_and_a_role_without_the_task_are_refused(trial, export):
    def by(person, name, *more):
        return say("readings", trial, export, "--participant", name, "--by", person, *more)

    before = tip(trial)
    for refused in (("S1-001", "S1-002"), ("nora", "S1-404"), ("dan", "S1-001", "--write")):
        with pytest.raises(NotPermittedError):
            by(*refused)
    assert tip(trial) == before


def test_a_broken_file_leaves_nothing(trial, export, tmp_path):
    before = tip(trial)
    asked = ("--participant", "S1-001", "--by", "nora", "--write")
    export.write_text(GOOD + "2025-01-21 07:10,x\n")
    with pytest.raises(ConductError, match="line 5: 'x' is no glucose value"):
        say("readings", trial, export, *asked)
    with pytest.raises(ConductError, match="cannot be read: No such file"):
        say("readings", trial, tmp_path / "none.csv", *asked)
    assert tip(trial) == before
