"""Doses come in their turn and time; what went otherwise is recorded, and is a deviation."""

from __future__ import annotations

from datetime import datetime

import pytest

from equipoise.conduct.checklist import gaps
from equipoise.conduct.commands.forms import FormNotDone
from equipoise.conduct.commands.infusion import Infuse, NotInfused, Observe, ScanBag
from equipoise.conduct.commands.preparation import CheckDose
from equipoise.conduct.commands.safety import Account, FollowUpAdverseEvent, ReportAdverseEvent
from equipoise.conduct.commands.titration import Contact
from equipoise.conduct.commands.values import Correct, Record
from equipoise.conduct.commands.visits import HoldVisit
from equipoise.conduct.deviations import implied
from equipoise.conduct.discrepancies import NOT_BEGUN, unasked
from equipoise.conduct.tasks import tasks
from equipoise.conduct.views import safety
from equipoise.conduct.views.history import history
from equipoise.errors import ConductError
from equipoise.rules.safety import Criteria

from .pharmacy import NAME, give, prepare
from .test_infusion import CHART, UNITS
from .test_titration import contact, decide, read


def rules(clinic):
    return {one.rule for one in implied(clinic.study, clinic.who())}


def weighed(clinic, encounter, day):
    clinic.go(day)
    clinic.do(HoldVisit(NAME, encounter, clinic.on(day)), clinic.nurse)
    clinic.form("vitals", encounter, day)


def infused(clinic, bag, encounter="BASELINE", *, start="10:00", end="11:00", **said):
    day = clinic.at.date()
    asked = Infuse(NAME, encounter, bag, f"{day}T{start}", f"{day}T{end}", **said)
    clinic.do(asked, clinic.infusion_nurse)


def scanned(clinic, bag, encounter="BASELINE", *, hour=9, minute=30):
    at = datetime.combine(clinic.at.date(), datetime.min.time(), clinic.at.tzinfo)
    clinic.log.append(
        ScanBag(NAME, encounter, bag),
        by=clinic.infusion_nurse,
        at=at.replace(hour=hour, minute=minute),
        command=f"scan-{bag}",
    )


def test_no_later_dose_is_made_up_before_it_is_known_what_became_of_the_earlier(pharmacy):
    weighed(pharmacy, "WEEK4", 28)
    with pytest.raises(ConductError, match="record first that the dose of BASELINE was given, or"):
        prepare(pharmacy, encounter="WEEK4")
    pharmacy.do(NotInfused(NAME, "BASELINE", "fever"), pharmacy.infusion_nurse)
    prepare(pharmacy, encounter="WEEK4")


def test_no_dose_is_made_up_before_its_window_opens_and_a_late_one_deviates(pharmacy):
    give(pharmacy)
    weighed(pharmacy, "WEEK4", 20)
    with pytest.raises(ConductError, match="the dose of WEEK4 is due from 2026-02-13 on"):
        prepare(pharmacy, encounter="WEEK4")
    pharmacy.go(40)
    give(pharmacy, encounter="WEEK4")

    assert "dose WEEK4 late 2026-02-28" in rules(pharmacy)
    assert not [rule for rule in rules(pharmacy) if rule.startswith("dose BASELINE late")]


def test_a_dose_without_a_scan_or_after_its_time_deviates(pharmacy):
    bag = prepare(pharmacy).bag  # begun at 09:00, to be used within four hours
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)
    infused(pharmacy, bag)
    assert "dose BASELINE not scanned" in rules(pharmacy)
    assert "dose BASELINE after its time" not in rules(pharmacy)
    infused(pharmacy, bag, end="13:30", reason="a slow drip")

    assert "dose BASELINE after its time" in rules(pharmacy)


def test_a_scanned_dose_in_its_time_does_not_deviate(pharmacy):
    bag = prepare(pharmacy).bag
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)
    scanned(pharmacy, bag)
    infused(pharmacy, bag)

    assert {rule for rule in rules(pharmacy) if rule.startswith("dose")} == {
        "dose BASELINE before its check"  # the check is recorded at 18:00 in this scene
    }


def test_a_bag_made_up_by_another_weight_is_stopped_and_if_given_deviates(pharmacy):
    bag = prepare(pharmacy).bag
    fix = Correct(NAME, "BASELINE", "WEIGHT", "90.0", pharmacy.on(0), "misread", "kg")
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)
    pharmacy.do(fix, pharmacy.nurse)
    with pytest.raises(ConductError, match="WEIGHT was corrected since this bag was made up"):
        scanned(pharmacy, bag)
    infused(pharmacy, bag)

    assert "dose BASELINE by another weight" in rules(pharmacy)


def test_a_bag_whose_weight_was_corrected_does_not_pass_the_second_check(pharmacy):
    bag = prepare(pharmacy).bag
    fix = Correct(NAME, "BASELINE", "WEIGHT", "90.0", pharmacy.on(0), "misread", "kg")
    pharmacy.do(fix, pharmacy.nurse)

    with pytest.raises(ConductError, match="WEIGHT was corrected since"):
        pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)


def observe(clinic, point, seen, values=CHART, **said):
    asked = Observe(NAME, "BASELINE", point, seen, values, UNITS, **said)
    clinic.do(asked, clinic.infusion_nurse)


def unseen(clinic):
    people = [clinic.who()]
    found = gaps(clinic.study, clinic.log.trial(), people, clinic.at.date())
    return [gap.name for gap in found if gap.item == "observations"]


def test_every_point_of_the_chart_is_asked_for_until_it_is_recorded(pharmacy):
    """From the day of the dose as a task, and before the lock as a gap."""
    give(pharmacy)  # from 10:00
    day = pharmacy.at.date()

    def due(on):
        return [(t.what, t.state) for t in tasks(pharmacy.study, pharmacy.who(), on)]

    assert ("observe", "due") in due(day)
    assert len(unseen(pharmacy)) == 9
    for point, seen in ((0, "09:58"), (15, "10:15"), (30, "10:31"), (60, "11:00"), (120, "12:29")):
        observe(pharmacy, point, f"{day}T{seen}")
    pharmacy.go(1)
    assert ("observe", "overdue") in due(pharmacy.at.date())
    assert unseen(pharmacy) == [f"{NAME} BASELINE {point}" for point in (240, 480, 720, 1440)]
    for point, seen in (
        (240, "19T14:00"),
        (480, "19T18:00"),
        (720, "19T22:00"),
        (1440, "20T10:00"),
    ):
        observe(pharmacy, point, f"2026-01-{seen}")

    assert unseen(pharmacy) == []
    assert "observe" not in dict(due(pharmacy.at.date()))
    assert not [rule for rule in rules(pharmacy) if rule.startswith("observation")]


def test_an_observation_off_its_time_or_not_made_deviates(pharmacy):
    give(pharmacy)
    observe(pharmacy, 120, "2026-01-19T10:16")  # two hours after the start, they say
    observe(pharmacy, 240, "2026-01-19T14:31")
    observe(pharmacy, 480, "2026-01-19T18:00", dict.fromkeys(CHART))

    assert {rule for rule in rules(pharmacy) if rule.startswith("observation")} == {
        "observation BASELINE 120 off time",
        "observation BASELINE 240 off time",
        "observation BASELINE 480 not done",
    }


@pytest.fixture
def low(begun):
    """On 16 U/d, 0.2 U/kg, the protocol demands that the medicine is stopped."""
    begun.do(Correct(NAME, "BASELINE", "INSULIN", "16", begun.on(0), "misread", "U/d"), begun.nurse)
    begun.go(7)
    read(begun, [1, 2, 3], "6.0")
    contact(begun, 7)
    return begun


@pytest.mark.parametrize(("decision", "found"), [("stopped", False), ("accepted", True)])
def test_a_stop_that_the_protocol_demands_and_nobody_makes_deviates(low, decision, found):
    dose = 0 if decision == "stopped" else low.who().medicine.waiting.proposed
    decide(low, 7, decision, dose, "the limit" if decision == "stopped" else None)
    assert "contact 2026-01-26 demand" not in rules(low)  # until the next contact there is time
    low.go(14)
    if decision == "accepted":
        contact(low, 14)

    assert ("contact 2026-01-26 demand" in rules(low)) == found


def fatal(clinic, **changed):
    said = {
        "term": None, "verbatim": "collapsed", "start": clinic.on(8),
        "severity": "severe", "criteria": dict.fromkeys(Criteria._fields, "no") | {"death": "yes"},
        "causality": "not related", "expected": "no", "action": "none", "outcome": "fatal",
        "aware": "2026-02-08T09:00+08:00", "end": clinic.on(9),
    }  # fmt: skip
    return Account(**{**said, **changed})


def test_nothing_happens_after_a_death_and_its_day_is_asked_for(begun):
    begun.go(20)
    begun.do(ReportAdverseEvent(NAME, fatal(begun)))
    with pytest.raises(ConductError, match="S1-001 had died on 2026-01-28"):
        begun.do(HoldVisit(NAME, "WEEK4", begun.on(20)), begun.nurse)
    with pytest.raises(ConductError, match="had died on 2026-01-28"):
        begun.do(Contact(NAME, begun.on(14)), begun.nurse)

    assert [t.what for t in tasks(begun.study, begun.who(), begun.at.date())] == ["end after death"]
    alive = fatal(begun, outcome="recovered", criteria=dict.fromkeys(Criteria._fields, "no"))
    begun.do(FollowUpAdverseEvent(NAME, 1, alive, "another person's"))
    begun.do(Contact(NAME, begun.on(14)), begun.nurse)


def test_a_form_of_a_held_visit_of_which_nothing_is_recorded_is_asked_for(begun):
    """Else the records could be locked without the main endpoint."""
    weighed(begun, "WEEK9", 63)

    def asked():
        found = unasked(begun.study, begun.who())
        return {o.item for o in found if (o.encounter, o.check) == ("WEEK9", NOT_BEGUN)}

    lacking = {
        form.form: form.items[0].name
        for form in begun.study.forms.values()
        if "WEEK9" in begun.study.collected[form.items[0].name]
    }
    of = {item.name: form.form for form in begun.study.forms.values() for item in form.items}
    assert sorted(of[item] for item in asked()) == sorted(set(lacking) - {"vitals"}) != []
    for form in sorted(set(lacking) - {"vitals"}):
        begun.do(FormNotDone(NAME, "WEEK9", form, begun.on(63), "no time left"), begun.nurse)
    assert asked() == set()
    with pytest.raises(ConductError, match="nothing is missing at WEEK9"):
        begun.do(FormNotDone(NAME, "WEEK9", "vitals", begun.on(63), "no time left"), begun.nurse)
    *_, last = history(begun.log, NAME, by=begun.monitor)
    assert (last.said["value"], last.reason) == (None, "no time left")


def test_a_fever_on_the_chart_is_to_be_reported(pharmacy):
    """At 38.0 degrees; until an event of that term covers the day, or it was misread."""
    give(pharmacy)
    observe(pharmacy, 15, "2026-01-19T10:15", CHART | {"TEMPERATURE": "37.9"})
    observe(pharmacy, 60, "2026-01-19T11:00", CHART | {"TEMPERATURE": "38.0"})

    def told():
        found = gaps(pharmacy.study, pharmacy.log.trial(), [pharmacy.who()], pharmacy.at.date())
        asked = safety.tasks(pharmacy.log, by=pharmacy.investigator, at=pharmacy.at)
        alarms = [gap.name for gap in found if gap.item == "alarms"]
        return alarms, [(task.what, task.about) for task in asked]

    assert told() == (
        [f"{NAME} BASELINE 60 TEMPERATURE"],
        [("report FEVER", "BASELINE 60 min, TEMPERATURE 38.0")],
    )
    fever = fatal(
        pharmacy, term="FEVER", verbatim=None, start=pharmacy.on(0), end=pharmacy.on(0),
        criteria=dict.fromkeys(Criteria._fields, "no"), outcome="recovered", severity="mild",
        aware="2026-01-19T11:00+08:00",
    )  # fmt: skip
    pharmacy.do(ReportAdverseEvent(NAME, fever))
    assert told() == ([], [])


def test_the_bag_at_hand_is_on_the_list_until_it_is_given(pharmacy):
    """Its code and until when it is to be used: the same in every arm."""

    def bags():
        found = tasks(pharmacy.study, pharmacy.who(), pharmacy.at.date())
        return [(t.encounter, t.bag, t.use_by, t.state) for t in found if t.what == "infuse"]

    bag = prepare(pharmacy).bag
    assert bags() == []  # not checked yet
    pharmacy.do(CheckDose(NAME, "BASELINE", bag), pharmacy.checker)
    assert bags() == [("BASELINE", bag, "2026-01-19T13:00+08:00", "due")]
    infused(pharmacy, bag)
    assert bags() == []


def test_the_result_of_a_test_that_was_not_made_is_not_asked_for(begun):
    weighed(begun, "WEEK9", 63)
    for item in ("CLAMP_STEADY", "GLUCAGON_GIVEN"):
        begun.do(Record(NAME, "WEEK9", item, "no", begun.on(63)), begun.nurse)

    asked = {one.item for one in unasked(begun.study, begun.who()) if one.encounter == "WEEK9"}
    assert not asked & {"GIR", "CPEPTIDE_6MIN", "CPEPTIDE_AUC"}
    assert "HBA1C" in asked
