from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from equipoise.errors import RecordsError
from equipoise.protocol.load import load_study
from equipoise.protocol.whole import Study
from equipoise.records import Records, check_records, read_records

KNEE = Path(__file__).parents[2] / "data" / "knee"
Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def knee() -> Study:
    return load_study(KNEE / "study")


@pytest.fixture(scope="module")
def records() -> Records:
    return read_records(KNEE / "records")


@pytest.fixture
def spoilt(records, knee) -> Callable[..., list[str]]:
    """Problems after the first row of a table that matches is given other values."""

    def spoil(table: str, where: dict[str, object], **new: object) -> list[str]:
        frame = records[table].with_row_index()
        first = frame.filter(**where)["index"][0]
        here = pl.col("index") == first
        columns = {
            name: pl.when(here).then(pl.lit(value, frame.schema[name])).otherwise(name)
            for name, value in new.items()
        }
        changed = frame.with_columns(**columns).drop("index")
        return check_records({**records.tables, table: changed}, knee)

    return spoil


def test_records_of_the_study_have_no_problems(records, knee):
    assert check_records(records.tables, knee) == []


@pytest.mark.parametrize(
    ("table", "where", "new", "said"),
    [
        ("participants", {"participant": "P01"}, {"site": "S9"}, "the protocol has no site S9"),
        ("participants", {"participant": "P01"}, {"arm": "MIDDLE"}, "has no arm MIDDLE"),
        ("participants", {"participant": "P14"}, {"arm": "HIGH"}, "only the randomised have"),
        ("participants", {"participant": "P01"}, {"age": 190}, "age is 190"),
        ("participants", {"participant": "P01"}, {"age": None}, "for everybody who was randomised"),
        ("participants", {"participant": "P01"}, {"sex": "f"}, "sex is f; it can be F, M"),
        ("participants", {"participant": "P01"}, {"site": None}, "site is missing"),
        ("participants", {"participant": "P01"}, {"consent_date": "0020-01-01"}, "the year"),
        ("participants", {"participant": "P01"}, {"consent_date": "2020-03-01"}, "before the"),
        ("participants", {"participant": "P01"}, {"first_dose_date": "2020-01-02"}, "no dose"),
        ("eligibility", {"participant": "P01"}, {"criterion": "I9"}, "has no criterion I9"),
        ("eligibility", {"participant": "P01"}, {"answer": "maybe"}, "it can be no, unknown"),
        ("visits", {"participant": "P01"}, {"encounter": "WEEK7"}, "has no encounter WEEK7"),
        ("visits", {"participant": "P01"}, {"date": None}, "exactly when it was done"),
        ("visits", {"participant": "P01"}, {"participant": "P14"}, "was not randomised"),
        ("visits", {"participant": "P01"}, {"participant": "P99"}, "no participant of this name"),
        ("doses", {"participant": "P01"}, {"encounter": "SCREEN"}, "has no encounter SCREEN"),
        ("doses", {"participant": "P01"}, {"amount": None}, "both are recorded"),
        ("doses", {"participant": "P01"}, {"amount": float("nan")}, "amount is nan"),
        ("doses", {"participant": "P01"}, {"volume": None}, "the product is a fluid"),
        ("doses", {"participant": "P07"}, {"volume": 2.0}, "not given, and yet"),
        ("measurements", {"item": "PAIN"}, {"item": "PIAN"}, "has no item PIAN"),
        ("measurements", {"item": "PAIN"}, {"value": 10.1}, "it runs from 0 to 10"),
        ("measurements", {"item": "PAIN"}, {"value": 6.25}, "recorded to 1 decimal"),
        ("measurements", {"item": "PAIN"}, {"value": 0.1 + 0.2}, "recorded to 1 decimal"),
        ("measurements", {"item": "PAIN"}, {"text": "6"}, "an item has one of them"),
        ("measurements", {"item": "PAIN"}, {"value": None, "text": "6"}, "put it into value"),
        ("measurements", {"item": "SEX"}, {"text": "X"}, "SEX is X; it can be F, M"),
        ("measurements", {"item": "REPLACED"}, {"text": "true"}, "it can be yes, no"),
        ("measurements", {"item": "REPLACED"}, {"value": 1.0, "text": None}, "put it into text"),
        ("measurements", {"item": "SINCE"}, {"text": "3/2015"}, "a date is written 2015-10-08"),
        ("measurements", {"item": "SEX"}, {"encounter": "WEEK2"}, "is not collected at WEEK2"),
        ("glucose", {"participant": "P01"}, {"value": 99.0}, "mg/dL divided by 18.016"),
        ("glucose", {"participant": "P01"}, {"point": "lunch"}, "has no point lunch"),
        ("adverse_events", {"participant": "P01"}, {"end_date": "2020-01-09"}, "before it starts"),
        ("adverse_events", {"participant": "P01"}, {"severity": "bad"}, "severity is bad"),
        ("disposition", {"event": "withdrawn"}, {"reason": "moved"}, "the reason is moved"),
        ("disposition", {"participant": "P01"}, {"event": "left"}, "event is left"),
    ],
)
def test_a_wrong_value_is_told_with_its_row(spoilt, table, where, new, said):
    new = {
        name: pl.Series([value]).str.to_date()[0] if name.endswith("_date") and value else value
        for name, value in new.items()
    }

    problems = spoilt(table, where, **new)

    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith(f"{table}: P") for problem in problems)


def test_a_row_that_is_there_twice_is_told_once(records):
    twice = pl.concat([records["glucose"], records["glucose"].head(1)])

    (problem,) = check_records({**records.tables, "glucose": twice})

    assert problem.startswith("glucose: P01 2020-01-08 fasting: participant, date, point name")


def test_two_ends_of_the_study_are_told(records):
    ends = records["disposition"]
    second = ends.filter(pl.col("event") == "completed").head(1)
    second = second.with_columns(event=pl.lit("withdrawn"), reason=pl.lit("other"))

    problems = check_records({**records.tables, "disposition": pl.concat([ends, second])})

    assert len(problems) == 2
    assert "the participant has another end of the study" in problems[0]


def test_many_rows_with_the_same_problem_are_told_in_few_lines(records):
    far = records["glucose"].with_columns(value=pl.lit(-1.0))
    years = [pl.col("date").dt.offset_by(f"{year}y") for year in range(9)]
    many = pl.concat([far.with_columns(date=date) for date in years])

    problems = check_records({**records.tables, "glucose": many})

    assert len(problems) == 21
    assert problems[-1] == "glucose: and 34 more rows like the one above"


def test_tables_of_another_shape_are_no_records(records):
    tables: Tables = {**records.tables, "notes": records["glucose"]}
    tables["glucose"] = records["glucose"].with_columns(value=pl.lit("5.0")).drop("point")
    tables["visits"] = records["visits"].with_columns(by=pl.lit("me"))
    del tables["doses"]

    with pytest.raises(RecordsError) as caught:
        Records(tables, records.origin)

    assert str(caught.value).splitlines() == [
        "notes: there is no table of this name; leave it out",
        "visits: there is no column by; leave it out",
        "doses: the table is missing; give it, with no rows if nothing happened",
        "glucose: the column point is missing; it holds String",
        "glucose: the column value holds String; it must hold Float64",
    ]
