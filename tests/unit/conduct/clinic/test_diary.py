"""The diary of home readings: what comes in, once, in mmol/L, by whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from equipoise.conduct.adherence import adherence
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.clocks import unreported_lows
from equipoise.conduct.commands.diary import CorrectReading, RecordReadings, left_out
from equipoise.conduct.meters import fresh, read_export
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.views.followup import follow_up
from equipoise.conduct.views.history import history
from equipoise.errors import ConductError, NotPermittedError

NAME, OTHER = "S1-001", "S1-002"
ZERO = date(2026, 1, 19)
POINTS = ("fasting", "breakfast", "lunch", "dinner", "bedtime")


def page(*rows: tuple[str, str, str], name: str = NAME) -> RecordReadings:
    return RecordReadings(name, rows, "diary, page 1")


def test_readings_are_recorded_together(begun):
    begun.go(7)
    begun.do(page(("2026-01-20", "fasting", "6.1"), ("2026-01-20", "bedtime", "9")), begun.nurse)

    assert begun.who().diary.readings == {
        ("2026-01-20", "fasting"): "6.1",
        ("2026-01-20", "bedtime"): "9",
    }


GOOD = ("2026-01-20", "fasting", "6.1")
BAD = [
    ((GOOD, ("2026-01-21", "fasting", "120")), "'120' is no reading in mmol/L.*read in mg/dL"),
    ((("2026-01-21", "fasting", "0.5"),), "no reading in mmol/L"),
    ((("2026-01-21", "fasting", "33.4"),), "no reading in mmol/L"),
    ((("2026-01-21", "fasting", "6.15"),), "no reading in mmol/L"),
    ((("2026-01-21", "fasting", "6,1"),), "no reading in mmol/L"),
    ((("2026-01-21", "3:10", "6.1"),), "or a time of day like 03:10"),
    ((("2026-01-21", "24:00", "6.1"),), "or a time of day like 03:10"),
    ((("2026-01-21", "fasting", "٦"),), "no reading in mmol/L"),
    ((("2026-01-21", "fasting", "1" * 10_000_000),), "no reading in mmol/L"),
    ((("2026-01-21", "fastng", "6.1"),), "Did you mean fasting"),
    ((("2026-01-21", "x" * 10_000_000, "6.1"),), "no point of the diary"),
    ((("2026-01-27", "fasting", "6.1"),), "today is 2026-01-26"),
    ((("2026-01-04", "fasting", "6.1"),), "consented later, on 2026-01-05"),
    ((("2026-01-XX", "fasting", "6.1"),), "give the whole date"),
    ((("2026-02-30", "fasting", "6.1"),), "is no date"),
    ((("20.01.2026", "fasting", "6.1"),), "is no date; write 2015-10-08"),
    ((GOOD, GOOD), "2026-01-20 fasting is given twice"),
    ((), "there are 0 readings"),
    ((GOOD,) * 20_001, "give 1 to 20,000"),
]


@pytest.mark.parametrize(("rows", "said"), BAD)
def test_one_bad_reading_refuses_the_page_and_leaves_nothing(begun, rows, said):
    begun.go(7)
    tip = begun.log.tip("main")

    with pytest.raises(ConductError, match=said) as refused:
        begun.do(page(*rows), begun.nurse)
    assert len(str(refused.value)) < 300
    assert begun.log.tip("main") == tip


def test_readings_in_milligrams_are_recorded_in_millimoles(begun):
    begun.go(7)
    rows = (("2026-01-20", "fasting", "110"), ("2026-01-20", "lunch", "600"))
    begun.do(RecordReadings(NAME, rows, "diary, page 1", "mg/dL"), begun.nurse)

    assert list(begun.who().diary.readings.values()) == ["6.1", "33.3"]


@pytest.mark.parametrize(
    ("shown", "unit", "said"),
    [
        ("6.1", "mg/dL", "'6.1' is no reading in mg/dL.*read in mmol/L. Then say unit=mmol/L"),
        ("110.0", "mg/dL", "is no reading in mg/dL, a whole number, 10 to 600"),
        ("9", "mg/dL", "is no reading in mg/dL"),
        ("601", "mg/dL", "is no reading in mg/dL"),
        ("110", "mmol/L", "was it read in mg/dL. Then say unit=mg/dL"),
        ("110", "mg", "the unit is 'mg'; it is mmol/L or mg/dL"),
    ],
)
def test_a_reading_in_another_unit_than_said_is_refused(begun, shown, unit, said):
    begun.go(7)
    rows = (("2026-01-20", "fasting", shown),)

    with pytest.raises(ConductError, match=said):
        begun.do(RecordReadings(NAME, rows, "diary, page 1", unit), begun.nurse)


def test_a_reading_is_recorded_once_and_then_corrected(begun):
    begun.go(7)
    begun.do(page(GOOD), begun.nurse)
    fix = CorrectReading(NAME, begun.on(1), "fasting", "7.1", "misread")

    with pytest.raises(
        ConductError,
        match=r"1 of 2 readings cannot be recorded, the first: 2026-01-20 fasting: recorded already",
    ):
        begun.do(page(GOOD, ("2026-01-21", "fasting", "6.1")), begun.nurse)
    with pytest.raises(ConductError, match="not recorded yet"):
        begun.do(CorrectReading(NAME, begun.on(2), "fasting", "7.1", "misread"), begun.nurse)
    begun.do(fix, begun.nurse)
    with pytest.raises(ConductError, match=r"is 7\.1 already"):
        begun.do(fix, begun.nurse)
    with pytest.raises(ConductError, match="give the reason"):
        begun.do(CorrectReading(NAME, begun.on(1), "fasting", "7.2", " "), begun.nurse)
    begun.do(CorrectReading(NAME, begun.on(1), "fasting", None, "was the wife's"), begun.nurse)

    assert begun.who().diary.readings == {("2026-01-20", "fasting"): None}


def test_a_participant_writes_the_own_diary_and_no_other(begun):
    begun.enrol(OTHER)
    begun.go(7)
    patient = begun.patient()
    begun.do(page(GOOD), patient)

    def refusal(name):
        with pytest.raises(ConductError) as refused:
            begun.do(page(GOOD, name=name), patient)
        return str(refused.value)

    assert (
        refusal(OTHER)
        == refusal("S1-404")
        == ("there is no such participant at this site; record the consent first")
    )
    with pytest.raises(NotPermittedError, match="is not participant here"):
        begun.do(page(GOOD, name=OTHER), Actor(OTHER, Role.PARTICIPANT))


def test_a_source_says_where_the_readings_stand(begun):
    begun.go(7)
    for source in ("", "  ", "x" * 201):
        with pytest.raises(ConductError, match="say where the readings stand"):
            begun.do(RecordReadings(NAME, (GOOD,), source), begun.nurse)


def week(day: int, profiles: tuple[int, ...] = (1, 4)):
    """Fifteen readings: fasting each day, every point on two of them."""
    for n in range(7):
        on = str(ZERO + timedelta(days=day + n))
        for point in POINTS if n in profiles else POINTS[:1]:
            yield on, point, "6.1"


def test_adherence_is_counted_by_the_week_of_the_study(begun):
    begun.go(15)
    begun.do(page(("2026-01-18", "fasting", "7.0"), *week(0), *list(week(7))[:-2]), begun.nurse)
    begun.do(CorrectReading(NAME, begun.on(8), "lunch", None, "was none"), begun.nurse)

    def found(day):
        weeks = adherence(begun.study, begun.who(), ZERO + timedelta(days=day))
        return [(w.number, w.readings, w.asked, w.profiles, w.profiles_asked) for w in weeks]

    assert found(6) == []
    assert found(13) == [(0, 15, 15, 2, 2)]
    assert found(20) == [(0, 15, 15, 2, 2), (1, 12, 15, 1, 2)]
    assert len(found(1000)) == 48


def test_readings_beyond_the_points_are_kept_and_count_for_no_adherence(begun):
    begun.go(14)
    begun.do(page(*week(1)), begun.nurse)
    before = adherence(begun.study, begun.who(), date(2026, 2, 2))
    assert before[0].readings == 14
    extra = (("2026-01-20", "03:10", "3.1"), ("2026-01-20", "23:50", "lo"))
    begun.do(page(*extra), begun.nurse)

    assert adherence(begun.study, begun.who(), date(2026, 2, 2)) == before
    (row,) = (one for one in _shown(begun) if one["day"] == "2026-01-20")
    assert row["other"] == "03:10 3.1, 23:50 LO"
    assert unreported_lows(begun.who().diary.values, ()) == [(date(2026, 1, 20), 2)]


def _shown(clinic):
    return follow_up(clinic.log, NAME, clinic.at.date(), by=clinic.nurse).readings


def test_without_a_first_dose_there_is_no_week(clinic):
    clinic.enrol()

    assert adherence(clinic.study, clinic.who(), ZERO) == ()


def test_a_meters_file_is_written_in_one_command_and_a_second_time_adds_nothing(begun):
    begun.go(7)
    rows = [f"{day} 07:10,{value}" for day, value in (("2026-01-20", "6.1"), ("2026-01-21", "8.0"))]
    content = "\n".join(["timestamp,glucose (mmol/L)", *rows, ""]).encode()
    found = read_export(content, POINTS)
    asked = RecordReadings(NAME, found.readings, found.source)
    begun.do(asked, begun.nurse)

    assert list(begun.who().diary.readings.values()) == ["6.1", "8.0"]
    now = begun.log.situation(asked, by=begun.nurse, at=begun.at)
    again = fresh(found, left_out(found.readings, now))
    assert again.readings == ()
    with pytest.raises(ConductError, match="there are 0 readings"):
        begun.do(RecordReadings(NAME, again.readings, again.source), begun.nurse)


def test_the_audit_trail_tells_what_a_reading_was_before(begun):
    begun.go(7)
    begun.do(page(GOOD), begun.nurse)
    begun.do(
        CorrectReading(NAME, PartialDate(2026, 1, 20), "fasting", None, "another"), begun.nurse
    )

    change = history(begun.log, NAME, by=begun.investigator)[-1]
    assert (change.before, change.reason) == ({"value": "6.1"}, "another")
