"""What happens on which day, as simulated records tell it."""

from __future__ import annotations

from datetime import date

import pytest

from equipoise.rehearsal.forms import typed
from equipoise.rehearsal.people import ADMINISTRATOR, NEEDED, person
from equipoise.rehearsal.script import Person

TABLES = ("participants", "glucose", "titration", "visits", "adverse_events", "disposition")


def somebody(study, **rows):
    first = {"participant": "S1-001", "site": "S1", "consent_date": date(2016, 1, 1)}
    return Person(
        study, "S1-001", {table: [] for table in TABLES} | {"participants": [first]} | rows
    )


def reading(day):
    return {"date": date(2016, 1, day), "point": "fasting", "value": 6.5}


def test_readings_come_with_the_next_contact_or_at_the_end_of_the_week(reference):
    readings = [reading(day) for day in (1, 2, 5, 6, 9, 10)]
    who = somebody(reference, glucose=readings, titration=[{"date": date(2016, 1, 5)}])

    days = {day.day: [row["date"].day for row in rows] for day, rows in who.uploads.items()}
    assert days == {1: [1], 5: [2, 5], 8: [6], 10: [9, 10]}


def test_a_missed_visit_is_found_on_its_day_and_one_after_leaving_never(reference):
    day = date(2016, 2, 1)
    missed = {"encounter": "WEEK4", "planned_date": day, "date": None, "status": "missed"}
    gone = missed | {"encounter": "WEEK8", "status": "after withdrawal"}
    who = somebody(reference, visits=[missed, gone])

    assert list(who.visits(day)) == [missed]
    assert day in who.days


@pytest.mark.parametrize(
    ("row", "decimals", "text"),
    [
        ({"value": 7.0, "text": None}, 1, "7.0"),
        ({"value": 58.0, "text": None}, 0, "58"),
        ({"value": None, "text": "yes"}, 0, "yes"),
        (None, 1, None),
    ],
)
def test_a_value_is_typed_with_the_decimals_of_its_item(row, decimals, text):
    assert typed(row, decimals) == text


def test_the_staff_are_told_to_be_virtual_by_their_names():
    everybody = [ADMINISTRATOR, *(person(role, "S1") for role in NEEDED)]

    assert all(actor.person.startswith("virtual-") for actor in everybody)
    assert len({actor.person for actor in everybody}) == len(everybody)
