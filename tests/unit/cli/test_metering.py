"""A meter's export from the command line into the diary."""

from __future__ import annotations

import pytest

from equipoise.conduct.folder import log_of
from equipoise.errors import ConductError, NotPermittedError

from .typed import say

GOOD = (
    "timestamp,glucose (mmol/L)\n2025-01-20 07:10,6.1\n2025-01-20 13:10,8.8\n2025-01-20 03:00,3.5\n"
)


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

    assert looked.splitlines() == [
        "table, mmol/L: 3 readings, 3 to record",
        "To record, mmol/L:",
        "  2025-01-20 fasting 6.1",
        "  2025-01-20 lunch 8.8",
        "  2025-01-20 03:00 3.5",
        "Low, and can be an adverse event; ask about each:",
        "  2025-01-20 03:00 3.5",
        "Nothing is recorded yet; look at it, then add --write.",
    ]
    assert tip(trial) == before
    assert "Recorded in the diary of S1-001" in say(*asked, "--write")
    assert list(log_of(trial).participant("S1-001").diary.readings.values()) == [
        "6.1",
        "8.8",
        "3.5",
    ]
    after = tip(trial)
    assert "3 readings, 0 to record" in say(*asked, "--write")
    assert tip(trial) == after


def test_another_participant_and_a_role_without_the_task_are_refused(trial, export):
    def by(person, name, *more):
        return say("readings", trial, export, "--participant", name, "--by", person, *more)

    before = tip(trial)
    for refused in (("S1-001", "S1-002"), ("nora", "S1-404")):
        with pytest.raises(ConductError, match="there is no such participant at this site"):
            by(*refused)
    for refused in (("dan", "S1-001"), ("dan", "S1-001", "--write")):
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


def test_readings_that_cannot_be_recorded_are_listed_and_the_others_recorded(trial, export):
    """S1-001 consented on 2025-01-06 and withdrew on 2025-01-25."""
    rows = ("2025-01-05 07:10,5.5", "2025-01-21 22:00,LO", "2025-01-26 07:10,7.7")
    asked = ("readings", trial, export, "--participant", "S1-001", "--by", "nora")
    say("do", trial, "appoint", "person=li", "role=investigator", "site=S1", "--by", "anna")
    export.write_text(GOOD)
    say(*asked, "--write")
    export.write_text("\n".join([GOOD.strip(), "2025-01-21 07:10,6.6", *rows, ""]))
    left = ("cause=other", "on=2025-01-25", "reason=moved", "--by", "li")
    say("do", trial, "withdraw", "participant=S1-001", *left)
    looked, written = say(*asked).splitlines(), say(*asked, "--write").splitlines()

    assert looked[:-1] == written[:-1]
    assert looked[1:-1] == [
        "To record, mmol/L:",
        "  2025-01-21 fasting 6.6",
        "  2025-01-21 bedtime LO",
        "Low, and can be an adverse event; ask about each:",
        "  2025-01-21 bedtime LO",
        "Left out:",
        "  2025-01-05 fasting 5.5: S1-001 consented later, on 2025-01-06",
        "  2025-01-20 fasting 6.1: recorded already",
        "  2025-01-20 lunch 8.8: recorded already",
        "  2025-01-20 03:00 3.5: recorded already",
        "  2025-01-26 fasting 7.7: S1-001 had left the study on 2025-01-25",
    ]
    assert list(log_of(trial).participant("S1-001").diary.readings) == [
        ("2025-01-20", "fasting"),
        ("2025-01-20", "lunch"),
        ("2025-01-20", "03:00"),
        ("2025-01-21", "fasting"),
        ("2025-01-21", "bedtime"),
    ]


def test_a_long_list_is_cut_and_says_how_to_see_the_rest(trial, export):
    days = [f"2025-02-{day:02} 07:10,6.1" for day in range(1, 29)]
    export.write_text("\n".join(["timestamp,glucose (mmol/L)", *days]))
    asked = ("readings", trial, export, "--participant", "S1-001", "--by", "nora")

    assert "  ... and 8 more; --all lists them" in say(*asked)
    assert "2025-02-28 fasting 6.1" in say(*asked, "--all")


def test_the_preview_refuses_what_the_command_would_refuse(trial, export):
    say("do", trial, "appoint", "person=mia", "role=data manager", "--by", "anna")
    say("do", trial, "freeze", "participant=S1-001", "encounter=null", "--by", "mia")

    with pytest.raises(ConductError, match="the records are frozen here"):
        say("readings", trial, export, "--participant", "S1-001", "--by", "nora")
