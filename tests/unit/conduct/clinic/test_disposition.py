"""A participant's place in the trial: treatment discontinued, study completed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from equipoise.conduct.commands.disposition import CompleteStudy, ContactLate, DiscontinueTreatment
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.log import Log
from equipoise.conduct.portable import import_log
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.views.followup import follow_up
from equipoise.errors import ConductError

NAME = "S1-001"


def test_treatment_is_discontinued_once_with_a_known_cause(begun):
    stop = DiscontinueTreatment(NAME, "adverse event", begun.go(20), "rash")
    for change, said in (
        ({"cause": "adverse evnt"}, "Did you mean adverse event"),
        ({"reason": ""}, "give the reason"),
        ({"on": begun.on(21)}, "today is"),
    ):
        with pytest.raises(ConductError, match=said):
            begun.do(replace(stop, **change))
    begun.do(stop)

    assert begun.who().disposition.discontinued == begun.on(20)
    assert begun.who().withdrawn is None
    with pytest.raises(ConductError, match="discontinued on 2026-02-08 already"):
        begun.do(stop)


def test_there_is_no_treatment_before_randomisation(clinic):
    clinic.do(Consent(NAME, "icf-1", "zh", clinic.on(-14)))

    with pytest.raises(ConductError, match="not randomised"):
        clinic.do(DiscontinueTreatment(NAME, "other", clinic.on(-14), "wishes so"))


def test_late_effects_are_asked_for_after_the_study_and_what_was_said_is_kept(begun):
    """In the reference study all 91 were followed for late effects, those who left too."""
    asked = ContactLate(NAME, begun.go(300), "nothing", "asked by telephone, feels well")
    with pytest.raises(ConductError, match="S1-001 is in the study; a contact is a visit there"):
        begun.do(asked, begun.nurse)
    begun.do(Withdraw(NAME, "other", begun.on(100), "moved away"))
    for change, said in (
        ({"on": begun.on(99)}, "S1-001 was in the study to 2026-04-29"),
        ({"on": begun.on(301)}, "today is"),
        ({"found": "fine"}, "one of nothing, reported, not reached, declined"),
        ({"text": ""}, "say what was asked and what was said, in 2 to 2000 characters"),
    ):
        with pytest.raises(ConductError, match=said):
            begun.do(replace(asked, **change), begun.nurse)
    begun.do(asked, begun.nurse)
    begun.do(replace(asked, found="not reached", text="no answer to three calls"), begun.nurse)

    shown = follow_up(begun.log, NAME, begun.at.date(), by=begun.monitor).late
    assert [one.found for one in shown] == ["nothing", "not reached"]
    assert shown[0].text == "asked by telephone, feels well"


def test_the_study_is_completed_with_its_last_visit(begun):
    done = CompleteStudy(NAME, begun.go(336))
    with pytest.raises(ConductError, match="hold WEEK48 first"):
        begun.do(done)
    begun.do(HoldVisit(NAME, "WEEK48", begun.on(336)))
    with pytest.raises(ConductError, match="hold WEEK48 first"):
        begun.do(replace(done, on=begun.on(335)))
    begun.do(done)

    assert begun.who().disposition.completed == begun.on(336)
    with pytest.raises(ConductError, match="completed the study on 2026-12-21"):
        begun.do(done)
    with pytest.raises(ConductError, match="completed the study already"):
        begun.do(Withdraw(NAME, "other", begun.on(336), "moved away"))


def test_the_golden_course_is_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, Path(__file__).parents[1] / "golden" / "followup")
    log = Log(study, storage)
    first, second = log.participant("S1-001"), log.participant("S1-002")
    storage.close()

    assert {at: on and str(on) for at, on in first.visits.days.items()} == {
        "BASELINE": "2026-01-19", "WEEK4": "2026-02-15", "WEEK8": None, "WEEK48": "2026-12-21",
    }  # fmt: skip
    assert list(first.diary.readings.values()) == ["8.0", None]
    assert (first.medicine.dose, first.medicine.stopped) == (20, None)
    assert first.medicine.decided["2026-01-26"].dose == 49
    assert (str(first.disposition.discontinued), str(first.disposition.completed)) == (
        "2026-02-18", "2026-12-21",
    )  # fmt: skip
    assert second.medicine.dose == 10
