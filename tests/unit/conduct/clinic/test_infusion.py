"""At the bedside: the participant's own bag, after its second check, in its time; then the chart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from equipoise.conduct.chart import tasks
from equipoise.conduct.commands.asking import asked
from equipoise.conduct.commands.disposition import DiscontinueTreatment
from equipoise.conduct.commands.infusion import Infuse, NotInfused, Observe, ScanBag
from equipoise.conduct.commands.participant import Withdraw
from equipoise.conduct.commands.preparation import CheckDose, DiscardBag
from equipoise.conduct.events.infusion import Infused, InfusionCorrected
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.conduct.views import product as shown
from equipoise.errors import ConductError, ConflictError, NotPermittedError

from .pharmacy import NAME, make_up, prepare, scan

TEN, ELEVEN = "2026-01-19T10:00", "2026-01-19T11:00"
CHART = {
    "TEMPERATURE": "36.8", "PULSE": "72", "SYSTOLIC": "128", "DIASTOLIC": "76", "SPO2": "98",
    "SYMPTOMS": None,
}  # fmt: skip
UNITS = {
    "TEMPERATURE": "Cel", "PULSE": "1/min", "SYSTOLIC": "mmHg", "DIASTOLIC": "mmHg", "SPO2": "%",
}  # fmt: skip


@pytest.fixture
def bag(pharmacy) -> str:
    """The checked bag of the participant."""
    code = prepare(pharmacy).bag
    pharmacy.do(CheckDose(NAME, "BASELINE", code), pharmacy.checker)
    return code


def refused(clinic, command, match):
    before = clinic.log.tip("main")
    with pytest.raises(ConductError, match=match) as told:
        clinic.do(command, clinic.infusion_nurse)
    assert clinic.log.tip("main") == before
    assert len(str(told.value)) < 300


def observe(point=15, seen="2026-01-19T10:15", values=CHART, units=UNITS, **said):
    return Observe(NAME, "BASELINE", point, seen, values, units, **said)


def test_an_infusion_is_recorded_with_its_volume_and_interruptions(pharmacy, bag):
    stop = ("2026-01-19T10:20", "2026-01-19T10:25", "the line was kinked")
    asked = Infuse(NAME, "BASELINE", bag, TEN, ELEVEN, interruptions=(stop,))
    (entry,) = pharmacy.do(asked, pharmacy.infusion_nurse)

    assert entry.event == Infused("BASELINE", bag, TEN, ELEVEN, "given", "100", (stop,))
    verify(pharmacy.log)


def test_the_wrong_bag_is_refused_in_words_that_tell_nothing_of_others(pharmacy, bag):
    """Another participant's, one thrown away, one that never was: the same words."""
    pharmacy.begin("S1-002")
    other = prepare(pharmacy, "S1-002").bag
    pharmacy.do(DiscardBag(NAME, "BASELINE", bag, "spilled"), pharmacy.infusion_nurse)
    own = prepare(pharmacy).bag
    pharmacy.do(CheckDose(NAME, "BASELINE", own), pharmacy.checker)
    said = set()
    for code in (other, bag, "B-404"):
        refused(pharmacy, Infuse(NAME, "BASELINE", code, TEN, ELEVEN), "this bag is not for S1-001")
        with pytest.raises(ConductError) as scanned:
            scan(pharmacy, code)
        said.add(str(scanned.value))

    assert said == {"this bag is not for S1-001 at BASELINE: do not use it"}


def test_a_scan_at_the_bedside_is_recorded_and_shown(pharmacy, bag):
    def chart():
        by = pharmacy.infusion_nurse
        return shown.infusion_chart(pharmacy.log, NAME, "BASELINE", by=by, at=pharmacy.at)

    assert not chart().scanned
    scan(pharmacy, bag, at=pharmacy.at.replace(hour=12))
    assert chart().scanned
    with pytest.raises(NotPermittedError):
        pharmacy.do(ScanBag(NAME, "BASELINE", bag), pharmacy.nurse)


def test_a_bag_without_its_second_check_is_not_used(pharmacy):
    code = prepare(pharmacy).bag

    refused(pharmacy, Infuse(NAME, "BASELINE", code, TEN, ELEVEN), "no second check yet")
    with pytest.raises(ConductError, match="no second check yet"):
        scan(pharmacy, code)


def test_a_bag_is_used_up_within_the_time_of_the_protocol_or_it_is_said_why(pharmacy, bag):
    """Made up from 09:00 on, to be used by 13:00."""
    noon = pharmacy.at.replace(hour=13, minute=0)
    scan(pharmacy, bag, at=noon)
    with pytest.raises(ConductError, match="by 2026-01-19T13:00; do not use it"):
        scan(pharmacy, bag, at=noon + timedelta(minutes=1))
    late = Infuse(NAME, "BASELINE", bag, "2026-01-19T12:30", "2026-01-19T13:01")
    refused(pharmacy, late, "to be used by 2026-01-19T13:00; say why later")
    from dataclasses import replace

    pharmacy.do(replace(late, reason="the vein was lost"), pharmacy.infusion_nurse)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"started": "10 am"}, "write a time like"),
        ({"started": "2026-01-19T25:00"}, "the start is 2026-01-19T25:00"),
        ({"ended": "2026-01-20T10:00"}, "the end is 2026-01-20T10:00, and now it is"),
        ({"started": ELEVEN, "ended": TEN}, "it started at"),
        ({"started": "2026-01-19T08:59"}, "before the bag was made up"),
        ({"given": "partly given"}, "the volume is ''"),
        ({"given": "partly given", "infused": "100"}, "give volume or status anew"),
        ({"infused": "80"}, "give volume or status anew"),
        ({"given": "partly given", "infused": "101"}, "give volume or status anew"),
        ({"given": "spilt"}, "given or partly given, not 'spilt'"),
        ({"interruptions": ((TEN, "2026-01-19T11:01", "kinked"),)}, "not within the infusion"),
        ({"interruptions": ((TEN, ELEVEN, ""),)}, "give the reason"),
        ({"encounter": "WEEK9"}, "a dose is given at BASELINE, WEEK4, WEEK8"),
        ({"encounter": "WEEK4"}, "this bag is not for S1-001 at WEEK4"),
        ({"participant": "S1-404"}, "no such participant"),
    ],
)
def test_an_infusion_that_cannot_be_is_told(pharmacy, bag, said, message):
    given = {"participant": NAME, "encounter": "BASELINE", "bag": bag, "started": TEN}
    refused(pharmacy, Infuse(**(given | {"ended": ELEVEN} | said)), message)


def test_an_infusion_is_corrected_with_a_reason_and_given_once(pharmacy, bag):
    pharmacy.do(Infuse(NAME, "BASELINE", bag, TEN, ELEVEN), pharmacy.infusion_nurse)
    again = Infuse(NAME, "BASELINE", bag, TEN, "2026-01-19T11:10")
    refused(pharmacy, again, "recorded already; to correct it say why")
    from dataclasses import replace

    (entry,) = pharmacy.do(replace(again, reason="misread the clock"), pharmacy.infusion_nurse)
    assert isinstance(entry.event, InfusionCorrected)
    assert pharmacy.who().doses.infused["BASELINE"].ended == "2026-01-19T11:10"
    refused(pharmacy, DiscardBag(NAME, "BASELINE", bag, "spilled"), "was infused")
    refused(pharmacy, NotInfused(NAME, "BASELINE", "felt unwell"), "is recorded")
    verify(pharmacy.log)


def test_a_dose_that_was_not_given_has_a_reason_and_no_bag_after_it(pharmacy):
    refused(pharmacy, NotInfused(NAME, "BASELINE", ""), "give the reason")
    pharmacy.do(NotInfused(NAME, "BASELINE", "fever"), pharmacy.infusion_nurse)

    assert pharmacy.who().doses.missed == {"BASELINE"}
    refused(pharmacy, NotInfused(NAME, "BASELINE", "fever"), "is recorded")
    with pytest.raises(ConductError, match="recorded as not given"):
        prepare(pharmacy)


def test_who_left_or_discontinued_gets_no_bag_but_what_was_given_before_is_recorded(pharmacy, bag):
    day = pharmacy.on(0)
    pharmacy.do(DiscontinueTreatment(NAME, "other", day, "wishes so"))
    with pytest.raises(ConductError, match="discontinued the treatment"):
        pharmacy.do(
            make_up(pharmacy, encounter="WEEK4", **weighed(pharmacy)).command, pharmacy.preparer
        )
    pharmacy.do(Withdraw(NAME, "other", day, "moved away"))
    pharmacy.go(1)
    late = ("2026-01-20T10:00", "2026-01-20T11:00")
    refused(pharmacy, Infuse(NAME, "BASELINE", bag, *late), "had left the study on 2026-01-19")
    pharmacy.do(Infuse(NAME, "BASELINE", bag, TEN, ELEVEN), pharmacy.infusion_nurse)


@pytest.mark.parametrize("why", ["given", "discontinued", "withdrawn"])
def test_no_bag_passes_the_scan_when_there_is_no_dose_any_more(pharmacy, bag, why):
    day = pharmacy.on(0)
    command, by = {
        "given": (Infuse(NAME, "BASELINE", bag, TEN, ELEVEN), pharmacy.infusion_nurse),
        "discontinued": (DiscontinueTreatment(NAME, "other", day, "wishes so"), None),
        "withdrawn": (Withdraw(NAME, "other", day, "moved away"), None),
    }[why]
    noon = pharmacy.at.replace(hour=12)
    scan(pharmacy, bag, at=noon)
    pharmacy.do(command, by)

    with pytest.raises(ConductError, match="gets no dose at BASELINE any more"):
        scan(pharmacy, bag, at=noon + timedelta(minutes=1))


def test_an_infusion_and_an_observation_can_be_asked_for_as_json():
    said = {"participant": NAME, "encounter": "BASELINE", "bag": "B-22222222", "started": TEN}
    stop = [TEN, ELEVEN, "the line was kinked"]
    infuse = asked("infuse", said | {"ended": ELEVEN, "interruptions": [stop]})
    about = {"participant": NAME, "encounter": "BASELINE", "point": "15", "seen": TEN}

    assert infuse == Infuse(
        NAME, "BASELINE", "B-22222222", TEN, ELEVEN, interruptions=(tuple(stop),)
    )
    assert asked("observe", about | {"values": CHART, "units": UNITS}).point == 15


def weighed(clinic):
    clinic.go(28)
    clinic.form("vitals", "WEEK4", 28)
    return {"begun": "2026-02-16T09:00"}


def test_observations_fall_due_and_overdue_from_the_start_of_the_infusion(pharmacy, bag):
    who, at = pharmacy.who(), pharmacy.at
    assert {task.state for task in tasks(pharmacy.study, who, "BASELINE", at)} == {"to come"}
    pharmacy.do(Infuse(NAME, "BASELINE", bag, TEN, ELEVEN), pharmacy.infusion_nurse)
    pharmacy.do(observe(), pharmacy.infusion_nurse)

    def states(hour, minute):
        now = at.replace(hour=hour, minute=minute)
        chart = shown.infusion_chart(
            pharmacy.log, NAME, "BASELINE", by=pharmacy.infusion_nurse, at=now
        )
        return {task.point: task.state for task in chart.tasks}

    at_eleven = states(11, 0)
    assert at_eleven[15] == "done"
    assert (at_eleven[30], at_eleven[60], at_eleven[120]) == ("due", "due", "to come")
    assert states(11, 1)[30] == "overdue"


def test_an_observation_is_corrected_with_a_reason(pharmacy, bag):
    pharmacy.do(observe(), pharmacy.infusion_nurse)
    refused(pharmacy, observe(), "minute 15 is recorded already; to correct it say why")
    pharmacy.do(
        observe(values=CHART | {"PULSE": "74"}, reason="typed wrongly"), pharmacy.infusion_nurse
    )

    assert pharmacy.who().doses.observed["BASELINE"][15].values["PULSE"] == "74"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"point": 20}, "the minutes 0, 15, 30, 60, 120, 240, 480, 720, 1440; not 20"),
        ({"seen": "2026-01-19T08:00"}, "before the bag was made up"),
        ({"seen": "2026-01-20T08:00"}, "and now it is"),
        ({"values": {}}, "TEMPERATURE, PULSE, .*SYMPTOMS is missing; give null"),
        ({"values": CHART | {"PULS": "80"}}, "SYMPTOMS, not 'PULS'. Did you mean PULSE"),
        ({"values": CHART | {"PULSE": "8e1"}}, "PULSE is '8e1'; write it in plain digits"),
        ({"units": UNITS | {"TEMPERATURE": "[degF]"}}, "recorded in Cel, not '\\[degF\\]'"),
        ({"values": CHART | {"TEMPERATURE": "98.6"}}, "TEMPERATURE"),
        ({"values": CHART | {"PULSE": "quick"}}, "PULSE is 'quick', which is no number"),
        ({"values": CHART | {"SYMPTOMS": "x" * 10_000_000}}, "give 2000 at most"),
    ],
)
def test_an_observation_that_cannot_be_is_told(pharmacy, bag, said, message):
    refused(pharmacy, observe(**said), message)


def test_there_is_nothing_to_observe_without_a_checked_bag(pharmacy):
    refused(pharmacy, observe(), "no dose at BASELINE to observe")


def test_the_chart_has_no_place_for_what_tells_an_arm(pharmacy):
    assert set(shown.InfusionChart._fields) == {
        "participant", "encounter", "bag", "checked", "scanned", "use_by", "infused", "missed", "tasks",
        "observed",
    }  # fmt: skip
    with pytest.raises(NotPermittedError):
        shown.infusion_chart(pharmacy.log, NAME, "BASELINE", by=pharmacy.preparer, at=pharmacy.at)


def test_the_database_itself_refuses_a_bag_given_twice_or_to_another(pharmacy, bag):
    give_row = [(NAME, "BASELINE", bag)]
    storage: SQLite = pharmacy.log.storage
    pharmacy.begin("S1-002")
    with storage.writing() as session:
        session.insert("infusions", give_row)
        for row in ((NAME, "WEEK4", bag), ("S1-002", "BASELINE", bag)):
            with pytest.raises(ConflictError):
                session.insert("infusions", [row])
