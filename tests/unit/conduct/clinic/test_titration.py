"""Titration: the rule proposes, a physician decides, and nothing else changes the dose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from equipoise.conduct import titrating
from equipoise.conduct.commands.diary import RecordReadings
from equipoise.conduct.commands.disposition import RestartMedicine, StopMedicine
from equipoise.conduct.commands.titration import Contact, DecideDose, StartDose
from equipoise.conduct.commands.values import Correct
from equipoise.conduct.commands.visits import HoldVisit, MissVisit
from equipoise.errors import ConductError, NotPermittedError
from equipoise.protocol.intervention import Amount
from equipoise.rules.disposition import CONTINUE, STOP_INSULIN, WITHDRAW

NAME = "S1-001"
ZERO = date(2026, 1, 19)


def read(begun, days, value, point="fasting"):
    """The same reading on each of these study days."""
    rows = tuple((str(ZERO + timedelta(days=day)), point, value) for day in days)
    begun.do(RecordReadings(NAME, rows, "diary"), begun.nurse)


def contact(begun, day):
    return begun.do(Contact(NAME, begun.go(day)), begun.nurse)[0].event


def decide(begun, day, decision, dose, reason=None, by=None):
    return begun.do(DecideDose(NAME, begun.on(day), decision, dose, reason), by)


def test_the_first_contact_counts_from_the_beginning_of_the_diary(begun):
    begun.go(7)
    read(begun, [-14, 1, 2], "8.0")
    read(begun, [1], "3.8", "bedtime")
    proposal = contact(begun, 7)

    assert (proposal.fasting, proposal.total, proposal.lows) == (3, "24", (1, 0))
    assert (proposal.before, proposal.proposed) == (48, 50)


def test_lows_count_wherever_they_lie_and_however_the_meter_shows_them(begun):
    """At night, a second time at one point, below the range: the rule must see each."""
    begun.go(7)
    read(begun, [1, 2, 3], "8.0")
    read(begun, [1], "2.9", "03:10")
    read(begun, [2], "LO", "bedtime")
    proposal = contact(begun, 7)

    assert (proposal.fasting, proposal.total, proposal.lows) == (3, "24", (2, 2))
    assert proposal.proposed < proposal.before


def test_a_later_contact_counts_the_readings_after_the_last_to_its_own_day(begun):
    begun.go(14)
    read(begun, [7, 14], "8.0")
    contact(begun, 7)
    decide(begun, 7, "accepted", 50)
    begun.go(14)
    read(begun, [8], "12.3")
    proposal = contact(begun, 14)

    assert (proposal.fasting, proposal.total) == (2, "20.3")
    assert (proposal.before, proposal.proposed) == (50, 56)


def test_a_proposal_changes_no_dose_before_a_physician_decides(begun):
    begun.go(7)
    read(begun, [1, 2, 3], "8.0")
    contact(begun, 7)

    assert titrating.dose(begun.study, begun.who(), "2026-01-26") == 48
    with pytest.raises(NotPermittedError, match="not a task of this role"):
        decide(begun, 7, "accepted", 50, by=begun.nurse)
    decide(begun, 7, "accepted", 50)
    assert titrating.dose(begun.study, begun.who(), "2026-01-26") == 50


@pytest.mark.parametrize(
    ("decision", "dose", "after"),
    [("accepted", 50, 50), ("changed", 49, 49), ("rejected", 48, 48), ("stopped", 0, 0)],
)
def test_each_decision_prescribes_its_dose(begun, decision, dose, after):
    begun.go(7)
    read(begun, [1, 2, 3], "8.0")
    contact(begun, 7)
    decide(begun, 7, decision, dose, None if decision == "accepted" else "readings too few")

    assert begun.who().medicine.dose == after
    assert begun.who().medicine.decided["2026-01-26"].decision == decision


BAD = [
    (("accepted", 48, None), "accepted means 50 U/d, not 48"),
    (("rejected", 48, "n"), "give the reason"),
    (("rejected", 50, "not yet"), "rejected means 48 U/d, not 50"),
    (("changed", 49, None), "give the reason"),
    (("changed", 50, "not yet"), "50 U/d is accepted, not changed"),
    (("changed", 48, "not yet"), "48 U/d is rejected, not changed"),
    (("changed", 0, "low readings"), "decide: stopped"),
    (("changed", -1, "not yet"), "give 0 to 500"),
    (("changed", 650, "a slip of the finger"), "the dose is 650 U/d; give 0 to 500"),
    (("changed", 10**9, "not yet"), "give 0 to 500"),
    (("stopped", 48, "low readings"), "stopped means 0 U/d"),
    (("acepted", 50, None), "Did you mean accepted"),
    (("x" * 10_000_000, 50, None), "is no decision"),
]


@pytest.mark.parametrize(("said", "why"), BAD)
def test_a_decision_that_contradicts_itself_is_refused(begun, said, why):
    begun.go(7)
    read(begun, [1, 2, 3], "8.0")
    contact(begun, 7)
    tip = begun.log.tip("main")

    with pytest.raises(ConductError, match=why) as refused:
        decide(begun, 7, *said)
    assert len(str(refused.value)) < 300
    assert begun.log.tip("main") == tip


def test_a_proposal_is_decided_once_and_before_the_next_contact(begun):
    begun.go(7)
    with pytest.raises(ConductError, match="no proposal of 2026-01-26 waits"):
        decide(begun, 7, "accepted", 48)
    contact(begun, 7)
    with pytest.raises(ConductError, match="no proposal of 2026-01-25 waits"):
        decide(begun, 6, "accepted", 48)
    with pytest.raises(ConductError, match="decide the proposal of 2026-01-26 first"):
        contact(begun, 14)
    begun.go(14)
    decide(begun, 7, "accepted", 48)
    with pytest.raises(ConductError, match="no proposal of 2026-01-26 waits"):
        decide(begun, 7, "accepted", 48)
    with pytest.raises(ConductError, match="the last contact was on 2026-01-26"):
        begun.do(Contact(NAME, begun.on(7)))


def test_titration_begins_and_ends_with_its_visits(clinic):
    clinic.enrol()
    clinic.go(7)
    with pytest.raises(ConductError, match="titration begins with BASELINE"):
        clinic.do(Contact(NAME, clinic.on(7)))
    clinic.do(HoldVisit(NAME, "BASELINE", clinic.on(7)))
    with pytest.raises(ConductError, match="titration begins with BASELINE"):
        clinic.do(Contact(NAME, clinic.on(6)))
    with pytest.raises(ConductError, match="today is 2026-01-26"):
        clinic.do(Contact(NAME, clinic.on(8)))
    clinic.do(HoldVisit(NAME, "WEEK48", clinic.go(343)))
    clinic.go(344)
    with pytest.raises(ConductError, match="titration ended with WEEK48"):
        clinic.do(Contact(NAME, clinic.on(344)))


def test_what_the_limits_demand_is_told_and_nothing_happens_by_itself(begun):
    who = begun.who()
    high = titrating.Readings(3, 3 * 90, (0, 0))

    def demanded(dose):
        weight = titrating.weight(begun.study, who, "2026-01-26")
        return titrating.following(begun.study, dose, weight, high)

    assert [demanded(dose) for dose in (16, 17, 120, 121)] == [
        STOP_INSULIN, CONTINUE, CONTINUE, WITHDRAW,
    ]  # fmt: skip


def test_withdrawal_for_uncontrolled_glucose_is_a_decision_that_ends_participation(begun):
    contact(begun, 7)
    decide(begun, 7, "withdrawn", 48, "uncontrolled on more than 1.5 U/kg/d")

    assert begun.who().withdrawn == "uncontrolled glucose"
    assert begun.who().disposition.left == begun.on(7)


def test_the_medicine_is_stopped_and_given_again(begun):
    begun.go(20)
    restart = RestartMedicine(NAME, begun.on(16), 12, "readings rose")
    with pytest.raises(ConductError, match="is not stopped"):
        begun.do(restart)
    read(begun, [1, 15, 17, 18], "8.0")
    begun.do(StopMedicine(NAME, begun.on(10), "low readings"))
    for command, said in (
        (StopMedicine(NAME, begun.on(11), "low readings"), "was stopped on 2026-01-29"),
        (Contact(NAME, begun.on(14)), "was stopped on 2026-01-29"),
        (replace(restart, on=begun.on(9)), "was stopped later"),
        (replace(restart, dose=0), "a dose above 0"),
    ):
        with pytest.raises(ConductError, match=said):
            begun.do(command)
    begun.do(restart)
    proposal = contact(begun, 20)

    assert (proposal.before, proposal.fasting) == (12, 2)


def test_titration_begins_with_its_first_visit_or_its_planned_day_if_that_was_missed(begun):
    planned = begun.study.protocol.titration.model_copy(update={"first": "WEEK4"})
    protocol = begun.study.protocol.model_copy(update={"titration": planned})
    begun.scene.log = replace(begun.log, study=replace(begun.study, protocol=protocol))
    begun.go(30)

    with pytest.raises(ConductError, match="titration begins with WEEK4"):
        begun.do(Contact(NAME, begun.on(30)))
    begun.do(MissVisit(NAME, "WEEK4", "was abroad"))
    with pytest.raises(ConductError, match="titration begins with WEEK4"):
        begun.do(Contact(NAME, begun.on(27)))
    assert begun.do(Contact(NAME, begun.on(28)))


@pytest.mark.parametrize(("unit", "value", "dose"), [("U/d", "10", 10), ("U/kg/d", "0.15", 12)])
def test_a_first_dose_is_that_of_the_protocol_or_has_a_reason(begun, unit, value, dose):
    start = Amount(value=Decimal(value), unit=unit, source="assumed", why={"en": "t", "zh": "t"})
    study = begun.study
    planned = study.protocol.titration.model_copy(update={"start": start})
    protocol = study.protocol.model_copy(update={"titration": planned})
    begun.scene.log = replace(begun.log, study=replace(study, protocol=protocol))
    begun.go(1)

    with pytest.raises(ConductError, match="on the medicine already"):
        begun.do(StartDose(NAME, begun.on(0), dose))
    begun.begin("S1-002")
    fix = Correct("S1-002", "BASELINE", "INSULIN", "0", begun.on(0), "takes none now", "U/d")
    begun.do(fix)
    with pytest.raises(ConductError, match="start a dose first"):
        begun.do(Contact("S1-002", begun.on(0)))
    with pytest.raises(ConductError, match="give the reason"):
        begun.do(StartDose("S1-002", begun.on(0), dose + 1))
    (entry,) = begun.do(StartDose("S1-002", begun.on(0), dose))
    assert (entry.event.proposed, entry.event.dose) == (dose, dose)
    assert begun.do(Contact("S1-002", begun.on(0)))[0].event.before == dose
