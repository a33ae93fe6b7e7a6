"""The plan of the reference study gives the known answers when as many respond as were printed."""

from datetime import date, timedelta

import polars as pl
import pytest

from equipoise.analysis import Results, analyse
from equipoise.records import Origin, Records, check_records
from equipoise.records.schemas import TABLES

START = date(2016, 1, 4)
LAST = START + timedelta(days=336)
WEEKS = {"BASELINE": 0, "WEEK4": 28, "WEEK8": 56}
ARMS = {"UC-MSC": (45, 9, 37), "PLACEBO": (46, 2, 36)}  # randomised, responders, completers


def row(**values: object) -> dict[str, object]:
    return values


def rows_of(number: int, arm: str) -> dict[str, list[dict[str, object]]]:
    """One participant; in each arm the responders come first and those who leave last."""
    n, responders, completers = ARMS[arm]
    who = {"participant": f"{arm}-{number:02}"}
    stays = number <= completers
    short = arm == "PLACEBO" and number > n - 2  # two do not get the third infusion
    person = row(site="S1", consent_date=START, age=50, sex="F", randomised_date=START)
    ends = row(date=LAST, event="completed") if stays else row(date=LAST, event="withdrawn")
    reason = None if stays else "adverse event" if number > n - 2 else "lost to follow-up"
    at = {"BASELINE": (START, 9.0, 60.0)}
    if stays:
        halved = number <= responders
        at["WEEK48"] = (LAST, 6.9 if halved else 7.0, 30.0)
    return {
        "participants": [{**who, **person, "first_dose_date": START, "arm": arm}],
        "doses": [
            {**who, "encounter": name, "status": "not given"}
            if short and name == "WEEK8"
            else {
                **who,
                **row(encounter=name, date=START + timedelta(days=days), status="given"),
                **row(amount=7e7, volume=100.0),
            }
            for name, days in WEEKS.items()
        ],
        "measurements": [
            {**who, "encounter": name, "item": item, "date": day, "value": value}
            for name, (day, hba1c, insulin) in at.items()
            for item, value in (("HBA1C", hba1c), ("INSULIN", insulin))
        ],
        "disposition": [
            {**who, "date": START, "event": "randomised"},
            {**who, **ends, "reason": reason},
        ],
    }


@pytest.fixture(scope="module")
def records() -> Records:
    people = [rows_of(number, arm) for arm, (n, _, _) in ARMS.items() for number in range(1, n + 1)]
    tables = {
        name: pl.DataFrame(
            [
                {**dict.fromkeys(table.columns), **one}
                for who in people
                for one in who.get(name, [])
            ],
            schema=table.columns,
        )
        for name, table in TABLES.items()
    }
    return Records(tables, Origin("simulated", "NCT02302599", "1.0", "0.1.0"))


@pytest.fixture(scope="module")
def found(records, reference) -> Results:
    return analyse(records, reference)


def test_these_are_records_of_the_study(records, reference):
    assert check_records(records.tables, reference) == []


@pytest.mark.parametrize(
    ("analysis", "method", "lower", "upper"),
    [
        ("PRIMARY_PUBLISHED", "wald", 2.25, 28.66),  # as printed
        ("PRIMARY_PUBLISHED", "miettinen-nurminen", 1.95, 30.13),
        ("PRIMARY", "miettinen-nurminen", 2.48, 30.28),
        ("PRIMARY", "newcombe", 1.99, 29.83),
    ],
)
def test_the_primary_endpoint_has_the_intervals_known_for_its_counts(
    found, analysis, method, lower, upper
):
    limits = [found.value(analysis, name, method=method) for name in ("lower", "upper")]

    assert [round(limit, 2) for limit in limits] == [lower, upper]


@pytest.mark.parametrize(
    ("analysis", "method", "p"),
    [
        ("PRIMARY_PUBLISHED", "chi-squared", 0.02677),
        ("PRIMARY_PUBLISHED", "fisher", 0.04956),
        ("PRIMARY", "chi-squared", 0.0220),
        ("PRIMARY", "fisher", 0.0269),
        ("PRIMARY", "boschloo", 0.0303),
    ],
)
def test_the_primary_endpoint_has_the_p_values_known_for_its_counts(found, analysis, method, p):
    assert found.value(analysis, "p", method=method) == pytest.approx(p, rel=3e-3)


def test_everybody_randomised_is_analysed_and_who_is_missing_does_not_respond(found):
    counts = [
        (found.value("PRIMARY", "n", group=arm), found.value("PRIMARY", "unjudged", group=arm))
        for arm in ARMS
    ]

    assert counts == [(45, 8), (46, 10)]


def test_the_published_denominators_are_those_with_all_infusions_and_the_completers(found):
    analyses = ("PRIMARY_PUBLISHED", "PRIMARY_COMPLETERS")
    n = [found.value(name, "n", group=arm) for name in analyses for arm in ARMS]

    assert n == [45, 44, 37, 36]


def test_an_item_that_nobody_has_is_empty_and_no_error(found):
    assert found.value("GIR_RATE", "n", group="UC-MSC", encounter="WEEK48") == 0
    assert found.value("GIR_RATE", "missing", group="UC-MSC", encounter="WEEK48") == 45
