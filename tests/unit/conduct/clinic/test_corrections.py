"""What was recorded wrongly beside values and visits is corrected, and the right thing follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.conduct.commands.corrections import (
    CancelEnrolment,
    CorrectConsent,
    CorrectDisposition,
    CorrectDose,
    RetractDose,
)
from equipoise.conduct.commands.disposition import (
    DiscontinueTreatment,
    RestartMedicine,
    StopMedicine,
)
from equipoise.conduct.commands.infusion import Infuse, InfuseOtherBag, NotInfused, Observe
from equipoise.conduct.commands.participant import Consent, Withdraw
from equipoise.conduct.commands.titration import Contact, DecideDose
from equipoise.conduct.deviations import implied
from equipoise.conduct.events.infusion import Infused, InfusionCorrected, OtherBagInfused
from equipoise.conduct.portable import import_log
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.conduct.views import participants
from equipoise.conduct.views.history import history
from equipoise.errors import ConductError, NotPermittedError

from .pharmacy import NAME, both_arms, give, prepare
from .test_infusion import CHART, ELEVEN, TEN, UNITS
from .test_titration import contact, decide, read


def rules(clinic, name=NAME):
    return {one.rule for one in implied(clinic.study, clinic.who(name))}


def refused(clinic, command, why, by=None):
    before = clinic.log.tip("main")
    with pytest.raises(ConductError, match=why):
        clinic.do(command, by)
    assert clinic.log.tip("main") == before


@pytest.fixture
def decided(begun):
    """Two contacts: 50 and then 56 U/d accepted."""
    begun.go(7)
    read(begun, [1, 2, 3], "8.0")
    contact(begun, 7)
    decide(begun, 7, "accepted", 50)
    begun.go(14)
    read(begun, [8, 9], "12.3")
    contact(begun, 14)
    decide(begun, 14, "accepted", 56)
    return begun


def fix(clinic, day, **said):
    return CorrectDose(NAME, clinic.on(day), "mistyped", **said)


def test_the_last_decision_is_corrected_and_the_dose_in_force_with_it(decided):
    decided.do(fix(decided, 14, decision="changed", dose=54))

    assert decided.who().medicine.dose == 54
    assert decided.who().medicine.decided["2026-02-02"].decision == "changed"
    *_, last = history(decided.log, NAME, by=decided.monitor)
    assert (last.before, last.reason) == ({"decision": "accepted", "dose": 56}, "mistyped")
    verify(decided.log)


def test_an_earlier_decision_is_corrected_and_what_followed_stays(decided):
    decided.do(fix(decided, 7, decision="rejected", dose=48))

    medicine = decided.who().medicine
    assert (medicine.decided["2026-01-26"].dose, medicine.dose) == (48, 56)
    assert medicine.proposals[1].before == 50


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"decision": "accepted", "dose": 56}, "recorded so already"),
        ({"decision": "accepted", "dose": 55}, "accepted means 56"),
        ({"decision": "changed", "dose": 560}, "give 0 to 500"),
        ({"decision": "stopped", "dose": 0}, "no correction of a dose"),
        ({"decision": "changed"}, "give the decision and its dose"),
        ({"dose": 54}, "give the decision and its dose"),
        ({"decision": "changed", "dose": 54, "of": "start"}, "no start of 2026-02-02"),
        ({"decision": "changed", "dose": 54, "of": "x"}, "'x' is none of"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(decided, said, why):
    refused(decided, fix(decided, 14, **said), why)


def test_a_stop_by_mistake_is_taken_back_whether_decided_or_not(decided):
    decided.do(StopMedicine(NAME, decided.on(14), "low readings"))
    assert decided.who().medicine.dose == 0
    refused(decided, fix(decided, 14, of="stop", dose=5), "a stop has no dose")
    decided.do(fix(decided, 14, of="stop"))
    assert (decided.who().medicine.dose, decided.who().medicine.stopped) == (56, None)

    decided.go(21)
    contact(decided, 21)
    decide(decided, 21, "stopped", 0, "low readings")
    refused(decided, fix(decided, 21, of="stop"), "was a decision; correct that")
    decided.do(fix(decided, 21, decision="accepted", dose=56))
    medicine = decided.who().medicine
    assert (medicine.dose, medicine.stopped, medicine.waiting) == (56, None, None)
    verify(decided.log)


def test_a_restart_is_corrected_or_taken_back(decided):
    decided.do(StopMedicine(NAME, decided.on(14), "low readings"))
    decided.do(RestartMedicine(NAME, decided.on(14), 20, "high readings"))
    refused(decided, fix(decided, 14, of="restart", dose=0), "needs a dose above 0")
    decided.do(fix(decided, 14, of="restart", dose=24))
    assert decided.who().medicine.dose == 24
    decided.do(fix(decided, 14, of="restart"))
    assert str(decided.who().medicine.stopped) == "2026-02-02"


def test_a_decision_to_withdraw_is_corrected_after_the_withdrawal(begun):
    begun.go(7)
    contact(begun, 7)
    decide(begun, 7, "withdrawn", 48, "out of control")
    again = fix(begun, 7, decision="accepted", dose=48)
    refused(begun, again, "correct the withdrawal first")
    begun.do(CorrectDisposition(NAME, "withdrawal", "another participant's"))
    begun.do(again)

    assert (begun.who().withdrawn, begun.who().medicine.dose) == (None, 48)


def test_leaving_is_corrected_and_can_be_taken_back(begun):
    begun.do(Withdraw(NAME, "other", begun.go(10), "moved away"))
    begun.go(30)
    said = {"on": begun.on(20), "cause": "lost to follow-up"}
    refused(begun, CorrectDisposition(NAME, "withdrawal", "x1", begun.on(31), "other"), "today is")
    refused(begun, CorrectDisposition(NAME, "withdrawal", "x1", begun.on(20), "away"), "no cause")
    refused(begun, CorrectDisposition(NAME, "completion", "x1"), "no completion is recorded")
    refused(begun, CorrectDisposition(NAME, "exit", "x1"), "none of withdrawal")
    begun.do(CorrectDisposition(NAME, "withdrawal", "letter found", **said))
    refused(begun, CorrectDisposition(NAME, "withdrawal", "letter found", **said), "so already")
    assert (begun.who().withdrawn, str(begun.who().disposition.left)) == (
        "lost to follow-up",
        "2026-02-08",
    )
    begun.do(CorrectDisposition(NAME, "withdrawal", "came again"))
    assert (begun.who().withdrawn, begun.who().disposition.left) == (None, None)
    begun.do(Withdraw(NAME, "other", begun.on(30), "moved away after all"))
    verify(begun.log)


def test_a_discontinuation_is_corrected(begun):
    begun.do(DiscontinueTreatment(NAME, "other", begun.go(1), "wishes so"))
    begun.do(CorrectDisposition(NAME, "discontinuation", "misread", begun.on(0), "adverse event"))

    place = begun.who().disposition
    assert (place.cause, str(place.discontinued)) == ("adverse event", "2026-01-19")
    begun.do(CorrectDisposition(NAME, "discontinuation", "another participant's"))
    assert begun.who().disposition.discontinued is None


def test_the_day_of_a_consent_is_corrected_and_what_came_before_it_deviates(begun):
    right = CorrectConsent(NAME, "icf-1", "zh", begun.on(-13), "misread")
    refused(begun, CorrectConsent(NAME, "icf-1", "en", begun.on(-13), "misread"), "signed no icf-1")
    begun.do(right)

    assert [str(one.on) for one in begun.who().consents] == ["2026-01-06"]
    assert "before consent" in rules(begun)
    refused(begun, right, "signed on 2026-01-06 already")


def test_an_identifier_given_by_mistake_is_cancelled_and_seen_no_more(begun):
    begun.do(Consent("S2-001", "icf-1", "zh", begun.on(0)))
    refused(begun, CancelEnrolment(NAME, "mistyped"), "more than the consent is recorded")
    begun.do(CancelEnrolment("S2-001", "mistyped for S1-002"))

    assert participants(begun.log, by=begun.monitor) == [NAME]
    refused(begun, CancelEnrolment("S2-001", "mistyped"), "S2-001 was cancelled; give another")
    refused(begun, Consent("S2-001", "icf-1", "en", begun.on(0)), "S2-001 was cancelled")
    verify(begun.log)


def test_a_dose_recorded_for_the_wrong_participant_is_taken_back_and_recorded_anew(pharmacy):
    bag = give(pharmacy)
    seen = Observe(NAME, "BASELINE", 15, "2026-01-19T10:15", CHART, UNITS)
    pharmacy.do(seen, pharmacy.infusion_nurse)
    pharmacy.do(RetractDose(NAME, "BASELINE", "another participant's"), pharmacy.infusion_nurse)
    doses = pharmacy.who().doses
    assert (doses.infused, doses.observed, doses.bags["BASELINE"].code) == ({}, {}, bag)

    again = Infuse(NAME, "BASELINE", bag, "2026-01-19T12:00", "2026-01-19T12:30")
    refused(pharmacy, again, "to correct it say why", pharmacy.infusion_nurse)
    from dataclasses import replace

    pharmacy.do(replace(again, reason="given at noon"), pharmacy.infusion_nurse)
    given = pharmacy.who().doses.infused["BASELINE"]
    assert (type(given), given.started) == (InfusionCorrected, "2026-01-19T12:00")
    verify(pharmacy.log)


def test_a_dose_recorded_as_not_given_by_mistake_is_given(pharmacy):
    pharmacy.do(NotInfused(NAME, "BASELINE", "fever"), pharmacy.infusion_nurse)
    refused(
        pharmacy,
        RetractDose(NAME, "WEEK4", "mistyped"),
        "no dose of WEEK4 is recorded",
        pharmacy.infusion_nurse,
    )
    pharmacy.do(RetractDose(NAME, "BASELINE", "mistyped"), pharmacy.infusion_nurse)
    give(pharmacy)

    assert isinstance(pharmacy.who().doses.infused["BASELINE"], Infused)


def test_another_bag_that_was_given_is_recorded_as_that(pharmacy):
    """The record must hold what happened; the refusal at the bedside came too late."""
    first, second = sorted(both_arms(pharmacy).values())
    bag = prepare(pharmacy, second).bag

    def other(code, **said):
        return InfuseOtherBag(first, "BASELINE", code, TEN, ELEVEN, **said)

    nurse = pharmacy.infusion_nurse
    refused(pharmacy, other("B-404", reason="mixed up"), "no bag 'B-404' was made up", nurse)
    refused(pharmacy, other(bag), "say how the other bag came to be given", nurse)
    pharmacy.do(other(bag, reason="two bags in one bowl"), nurse)

    assert isinstance(pharmacy.who(first).doses.infused["BASELINE"], OtherBagInfused)
    assert "dose BASELINE of another bag" in rules(pharmacy, first)
    refused(pharmacy, other(bag, reason="again"), "retract it first", nurse)
    verify(pharmacy.log)


def test_only_those_who_may_record_a_thing_correct_it(decided):
    with pytest.raises(NotPermittedError):
        decided.do(fix(decided, 14, decision="changed", dose=54), decided.nurse)
    with pytest.raises(NotPermittedError):
        decided.do(CorrectDisposition(NAME, "withdrawal", "x1"), decided.data_manager)


def test_what_happened_before_leaving_is_recorded_after_it(begun):
    """Letters come in any order: the withdrawal first, then the contact of the week before."""
    begun.go(20)
    begun.do(Withdraw(NAME, "other", begun.on(10), "moved away"))
    begun.do(Contact(NAME, begun.on(7)), begun.nurse)
    begun.do(DecideDose(NAME, begun.on(7), "accepted", 48))

    assert begun.who().medicine.dose == 48
    refused(begun, Contact(NAME, begun.on(14)), "had left the study on 2026-01-29")


def test_the_golden_corrections_are_recalled_as_ever(study, quick_path):
    from equipoise.conduct.log import Log

    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, Path(__file__).parents[1] / "golden" / "corrections")
    log = Log(study, storage)
    first, second, third = (log.participant(f"S1-00{n}") for n in (1, 2, 3))
    storage.close()

    assert (first.withdrawn, first.medicine.dose) == (None, 49)
    assert str(first.consents[0].on) == "2026-01-06"
    assert first.doses.retracted == {"BASELINE"}
    assert isinstance(second.doses.infused["BASELINE"], OtherBagInfused)
    assert third.cancelled
