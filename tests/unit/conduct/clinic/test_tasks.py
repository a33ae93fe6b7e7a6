"""What is to be done on a day, and who is shown it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from equipoise.conduct.commands.diary import RecordReadings
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.titration import Contact, DecideDose
from equipoise.conduct.commands.visits import HoldVisit, MissVisit
from equipoise.conduct.roles import READS, Actor, Role
from equipoise.conduct.tasks import WORDS, tasks
from equipoise.conduct.views.followup import follow_up, own_page, shown, work_list
from equipoise.errors import NotPermittedError

NAME = "S1-001"
ZERO = date(2026, 1, 19)


def on(day):
    return ZERO + timedelta(days=day)


def to_do(clinic, day):
    found = tasks(clinic.study, clinic.who(), on(day))
    assert all(task.what in WORDS and task.state in WORDS for task in found)
    return [(task.encounter or task.what, task.state) for task in found]


def visits(clinic, day):
    return [(what, state) for what, state in to_do(clinic, day) if what in clinic.study.encounters]


def test_a_visit_is_due_then_overdue_then_out_of_its_window(begun):
    begun.do(HoldVisit(NAME, "SCREENING", begun.on(-14)))

    assert [visits(begun, day) for day in (24, 25, 28, 29, 31, 32)] == [
        [], [("WEEK4", "due")], [("WEEK4", "due")], [("WEEK4", "overdue")],
        [("WEEK4", "overdue")], [("WEEK4", "out of window")],
    ]  # fmt: skip
    begun.go(33)
    begun.do(MissVisit(NAME, "WEEK4", "was abroad"))
    assert visits(begun, 33) == []


def test_the_baseline_is_due_after_screening(clinic):
    clinic.enrol()
    clinic.do(HoldVisit(NAME, "SCREENING", clinic.on(-14)))

    assert to_do(clinic, -8) == []
    assert to_do(clinic, -7) == [("BASELINE", "due")]
    assert to_do(clinic, 15) == [("BASELINE", "out of window")]


def test_a_contact_is_due_every_week_and_a_proposal_waits_for_its_decision(begun):
    begun.do(HoldVisit(NAME, "SCREENING", begun.on(-14)))
    assert [to_do(begun, day) for day in (6, 7, 8)] == [
        [], [("contact", "due")], [("contact", "overdue")],
    ]  # fmt: skip
    begun.do(Contact(NAME, begun.go(8)))
    assert to_do(begun, 8) == [("decide dose", "due")]
    begun.do(DecideDose(NAME, begun.on(8), "accepted", 48))
    assert to_do(begun, 14) == []
    assert to_do(begun, 15) == [("contact", "due")]


@pytest.mark.parametrize(
    ("dose", "reading", "demanded"), [(16, "8.0", "stop medicine"), (121, "9.0", "withdraw")]
)
def test_a_limit_raises_a_task_and_does_nothing_itself(begun, dose, reading, demanded):
    begun.go(7)
    begun.do(RecordReadings(NAME, ((str(on(2)), "fasting", reading),), "diary"), begun.nurse)
    begun.do(Contact(NAME, begun.on(7)))
    begun.do(DecideDose(NAME, begun.on(7), "changed", dose, "to see what follows"))

    assert (demanded, "due") in to_do(begun, 7)
    assert begun.who().withdrawn is None
    assert begun.who().medicine.stopped is None


def test_nothing_is_to_be_done_for_who_left(begun):
    begun.do(Withdraw(NAME, "other", begun.go(5), "moved away"))

    assert to_do(begun, 100) == []


def test_the_work_list_is_that_of_the_own_site(begun, staff):
    begun.enrol("S1-002")
    begun.go(7)
    for actor in staff.values():
        if actor.role in READS["main"]:
            found = work_list(begun.log, on(7), by=actor)
            assert {task.participant for task in found} == {"S1-001", "S1-002"}
        else:
            with pytest.raises(NotPermittedError, match="there is nothing here for this role"):
                work_list(begun.log, on(7), by=actor)
    with pytest.raises(NotPermittedError):
        work_list(begun.log, on(7), by=Actor("visitor", Role.NURSE, "S2"))


def test_a_participant_sees_the_own_page_and_no_proposal(begun):
    patient = begun.patient()
    begun.go(7)
    row = ("2026-01-20", "fasting", "8.0")
    begun.do(RecordReadings(NAME, (row,), "my diary"), patient)
    begun.do(Contact(NAME, begun.on(7)))
    before = json.loads(shown(own_page(begun.log, on(7), by=patient)))
    begun.do(DecideDose(NAME, begun.on(7), "accepted", 50))
    after = own_page(begun.log, on(7), by=patient)

    assert begun.who().medicine.proposal.proposed == 50
    assert "50" not in json.dumps(before)
    (day,) = after.readings
    assert (after.dose, day["day"], day["fasting"], day["lunch"]) == (50, "2026-01-20", "8.0", None)
    assert len(after.weeks) == 1
    for by in (begun.nurse, Actor("S1-002", Role.PARTICIPANT)):
        with pytest.raises(NotPermittedError):
            own_page(begun.log, on(7), by=by)
    with pytest.raises(NotPermittedError):
        follow_up(begun.log, NAME, on(7), by=patient)


def test_the_staff_see_visits_diary_and_what_waits(begun):
    begun.go(7)
    begun.do(Contact(NAME, begun.on(7)))
    page = follow_up(begun.log, NAME, on(7), by=begun.monitor)

    assert page.waiting["proposed"] == 48
    assert {v.encounter: v.timing for v in page.visits}["BASELINE"] == "in window"
    assert json.loads(shown(page))[0] == NAME
    with pytest.raises(NotPermittedError):
        follow_up(begun.log, "S1-404", on(7), by=begun.monitor)
