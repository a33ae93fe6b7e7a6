"""Visits: when they are planned, and what can be recorded of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.visits import CorrectVisit, HoldVisit, MissVisit
from equipoise.conduct.schedule import day_zero, schedule, timings
from equipoise.errors import ConductError

NAME = "S1-001"


def held(encounter, on):
    return HoldVisit(NAME, encounter, on)


def test_visits_are_planned_from_the_first_dose_with_their_windows(begun):
    planned = {visit.encounter: visit for visit in schedule(begun.study, begun.who())}

    zero = date(2026, 1, 19)
    assert day_zero(begun.study, begun.who()) == zero
    assert list(planned) == list(begun.study.encounters)
    assert planned["WEEK4"][1:] == tuple(zero + timedelta(days=n) for n in (28, 25, 31))
    assert planned["WEEK48"][1:] == tuple(zero + timedelta(days=n) for n in (336, 322, 350))


def test_the_baseline_is_planned_from_screening_before_the_first_dose(clinic):
    clinic.enrol()

    screening, baseline = schedule(clinic.study, clinic.who())
    assert screening.planned == date(2026, 1, 5)
    assert baseline[1:] == (date(2026, 1, 19), date(2026, 1, 12), date(2026, 2, 2))


@pytest.mark.parametrize(
    ("day", "said"), [(25, "in window"), (31, "in window"), (24, "early"), (32, "late")]
)
def test_a_visit_outside_its_window_is_accepted_and_told_apart(begun, day, said):
    begun.do(held("WEEK4", begun.go(day)))

    assert timings(begun.study, begun.who()) == {"BASELINE": "in window", "WEEK4": said}


def test_a_missed_visit_says_why_and_not_before_its_window(begun):
    missed = MissVisit(NAME, "WEEK4", "was abroad")
    begun.go(24)
    with pytest.raises(ConductError, match="WEEK4 is due from 2026-02-13 on"):
        begun.do(missed)
    begun.go(25)
    (entry,) = begun.do(missed)

    assert entry.envelope.reason == "was abroad"
    assert timings(begun.study, begun.who())["WEEK4"] == "missed"
    with pytest.raises(ConductError, match="recorded already; correct it"):
        begun.do(held("WEEK4", begun.on(25)))


BAD = [
    ("BASELINE", PartialDate(2026, 1, 19), "recorded already; correct it"),
    ("WEEK5", PartialDate(2026, 2, 16), "there is no encounter 'WEEK5'"),
    ("x" * 10_000_000, PartialDate(2026, 2, 16), "there is no encounter"),
    ("WEEK4", PartialDate(2026, 2, 18), "today is 2026-02-17"),
    ("WEEK4", PartialDate(2027, 2, 16), "today is 2026-02-17"),
    ("WEEK4", PartialDate(2026, 2), "give the whole date"),
    ("WEEK4", PartialDate(2025, 12, 31), "consented later, on 2026-01-05"),
    ("WEEK4", PartialDate(2026, 1, 18), "would be before BASELINE, held on 2026-01-19"),
    ("SCREENING", PartialDate(2026, 1, 20), "would be after BASELINE, held on 2026-01-19"),
]


@pytest.mark.parametrize(("encounter", "on", "said"), BAD)
def test_an_impossible_visit_is_refused_and_leaves_nothing(begun, encounter, on, said):
    begun.go(29)
    tip = begun.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        begun.do(held(encounter, on))
    assert len(str(refused.value)) < 300
    assert begun.log.tip("main") == tip


def test_only_screening_is_held_before_randomisation(clinic):
    clinic.do(Consent(NAME, "icf-1", "zh", clinic.on(-14)))
    with pytest.raises(ConductError, match="not randomised; BASELINE comes after that"):
        clinic.do(held("BASELINE", clinic.on(-14)))

    clinic.do(held("SCREENING", clinic.on(-14)))


def test_a_wrong_day_is_corrected_with_a_reason(begun):
    begun.do(held("WEEK4", begun.go(28)))
    fix = CorrectVisit(NAME, "WEEK4", begun.on(27), "misread")
    for reason in ("", "-"):
        with pytest.raises(ConductError, match="give the reason"):
            begun.do(CorrectVisit(NAME, "WEEK4", begun.on(27), reason))
    begun.do(fix)

    assert begun.who().visits.held("WEEK4") == begun.on(27)
    with pytest.raises(ConductError, match="recorded so already"):
        begun.do(fix)
    with pytest.raises(ConductError, match="not recorded yet"):
        begun.do(CorrectVisit(NAME, "WEEK8", begun.on(27), "misread"))
    begun.do(CorrectVisit(NAME, "WEEK4", None, "was another person"))
    assert begun.who().visits.days["WEEK4"] is None


def test_a_visit_before_leaving_is_recorded_later_and_none_after(begun):
    begun.do(Withdraw(NAME, "other", begun.go(30), "moved away"))
    begun.go(40)

    with pytest.raises(ConductError, match="had left the study on 2026-02-18"):
        begun.do(held("WEEK4", begun.on(31)))
    begun.do(held("WEEK4", begun.on(28)))
    begun.go(60)
    with pytest.raises(ConductError, match="had left the study on 2026-02-18"):
        begun.do(MissVisit(NAME, "WEEK8", "left"))
