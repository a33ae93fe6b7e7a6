"""The plan of the reference study gives the known answers when as many respond as were printed."""

from datetime import date, timedelta

import polars as pl
import pytest

from equipoise.analysis import Results, analyse
from equipoise.analysis.displays import Scene, show
from equipoise.analysis.displays.beside import directions, further
from equipoise.records import Origin, Records, check_records
from equipoise.records.schemas import TABLES

START = date(2016, 1, 4)
LAST = START + timedelta(days=336)
WEEKS = {"BASELINE": 0, "WEEK4": 28, "WEEK8": 56}
ARMS = {"UC-MSC": (45, 9, 37), "PLACEBO": (46, 2, 36)}  # randomised, responders, completers


def row(**values: object) -> dict[str, object]:
    return values


CONTACTS = (
    row(dose_before=60.0, proposed=62.0, dose_after=60.0, decision="rejected"),
    row(dose_before=60.0, proposed=66.0, dose_after=62.0, decision="changed"),
    row(dose_before=62.0, proposed=62.0, dose_after=62.0, decision="accepted"),
    row(dose_before=62.0, proposed=54.0, dose_after=54.0, decision="accepted"),
)


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
        stopped = arm == "UC-MSC" and number <= 3
        at["WEEK48"] = (LAST, 6.9 if halved else 7.0, 0.0 if stopped else 30.0)
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
        "titration": [
            {
                **who,
                "date": START + timedelta(days=7 * week),
                "readings": 7,
                "fasting": 8.0,
                "lows": 0,
                **contact,
            }
            for week, contact in enumerate(CONTACTS if number == 1 else (), start=1)
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


def test_whoever_stopped_insulin_and_got_new_drugs_is_no_strict_responder(found):
    where = {"statistic": "events", "encounter": "WEEK48"}

    assert found.value("PRIMARY", group="UC-MSC", **where) == 9
    assert found.value("PRIMARY_STRICT", group="UC-MSC", **where) == 6
    assert found.value("PRIMARY_STRICT", group="PLACEBO", **where) == 2


def test_the_tipping_grid_counts_each_of_the_missing_as_a_responder(found):
    where = {"group": "UC-MSC v PLACEBO", "method": "fisher"}

    assert found.value("PRIMARY_TIPPING", "unjudged", group="UC-MSC") == 8
    assert found.value("PRIMARY_TIPPING", "p", level="0 v 0", **where) == pytest.approx(
        found.value("PRIMARY", "p", **where)
    )
    one_more = found.value("PRIMARY_TIPPING", "p", level="0 v 1", **where)
    assert one_more == pytest.approx(0.069, abs=5e-4)  # 9/45 v 3/46 in R
    assert found.value("PRIMARY_TIPPING", "p", level="8 v 10", **where) <= 1


def test_nothing_is_compared_between_arms_at_baseline(found):
    at_baseline = found.results.filter(encounter="BASELINE", group="UC-MSC v PLACEBO")

    assert at_baseline.height == 0


def test_titration_tells_what_was_proposed_and_what_was_carried_out(found):
    rises = {"group": "UC-MSC", "endpoint": "rise"}

    assert found.value("TITRATION", "occurrences", group=None, endpoint="contacts") == 8
    assert found.value("TITRATION", "occurrences", level=None, **rises) == 2
    assert found.value("TITRATION", "occurrences", level="carried out", **rises) == 1
    assert found.value("TITRATION", "percent", level="rejected", **rises) == 50
    assert found.value("TITRATION", "max", group="UC-MSC") == 4


@pytest.fixture(scope="module")
def scene(found, reference) -> Scene:
    return Scene(reference, found)


def test_the_table_of_the_titration_shows_every_decision(scene, reference):
    display = next(one for one in reference.planned().displays if one.name == "TITRATION")
    (table,) = show(display, scene)
    rows = {row.label: row.cells for row in table.rows}

    assert rows["Contacts, n"] == ("4", "4", "8")
    assert rows["Proposed: a rise, n (%)"] == ("2 (50.0)", "2 (50.0)", "4 (50.0)")
    assert rows["changed"] == ("1 (50.0)", "1 (50.0)", "2 (50.0)")


def test_published_numbers_without_a_visit_stand_beside_the_results_named_for_them(scene):
    rows = {row.label: row.cells for row in further(scene).rows}

    assert rows["Completed the trial"] == ("37", "37", "36", "36", "73", "73")
    assert rows["Lost to follow-up"][:4] == ("6", "6", "6", "8")
    assert rows["HbA1c < 7.0 % after week 9, Week 48"][:2] == ("≈ 40 %", "9/45 (20.0 %)")


def test_published_directions_stand_beside_means_and_invent_no_number(scene):
    table = directions(scene)
    fasting = table.rows[[row.label for row in table.rows].index("Fasting C-peptide (ng/mL)") + 1]

    assert fasting.cells[::2] == ("unchanged", "down")
    assert table.rows[1].cells == ("down", "9.00 → –", "down", "9.00 → –")
