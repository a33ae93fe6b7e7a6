"""What is said of two sets of records that should be the same."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from equipoise.errors import RehearsalError
from equipoise.records import Origin, Records
from equipoise.records.schemas import TABLES
from equipoise.rehearsal.comparison import demand_equal, difference

NAME = "titration"
ROW = ("S1-001", date(2016, 1, 8), 7, 6.5, 0, 40.0, 40.0, 40.0, "accepted")


def titration(*rows):
    return pl.DataFrame(list(rows), schema=TABLES[NAME].columns, orient="row")


def changed(**columns):
    return tuple((dict(zip(TABLES[NAME].columns, ROW, strict=True)) | columns).values())


def test_equal_tables_have_no_difference():
    assert difference(NAME, titration(ROW), titration(ROW)) is None


def test_the_first_row_that_differs_is_told_as_both_have_it():
    other = changed(date=date(2016, 1, 15), proposed=42.0)
    told = difference(NAME, titration(ROW, changed(date=date(2016, 1, 15))), titration(ROW, other))

    assert told.startswith("clinic has {'participant': 'S1-001', 'date': '2016-01-15'")
    assert "'proposed': '40.0'" in told.split("; simulator has")[0]
    assert "'proposed': '42.0'" in told.split("; simulator has")[1]


@pytest.mark.parametrize(
    ("clinic", "simulated", "told"),
    [((), (ROW,), "clinic has no such row"), ((ROW,), (), "simulator has no such row")],
)
def test_a_row_that_one_of_them_lacks_is_told(clinic, simulated, told):
    assert told in difference(NAME, titration(*clinic), titration(*simulated))


def test_a_row_that_is_there_twice_is_told():
    told = difference(NAME, titration(ROW, ROW), titration(ROW))

    assert told == "the same rows, some of them more than once"


def test_a_missing_value_equals_a_missing_value_and_nothing_else():
    empty = changed(fasting=None)

    assert difference(NAME, titration(empty), titration(empty)) is None
    assert "'fasting': 'None'" in difference(NAME, titration(empty), titration(ROW))


def test_every_table_that_differs_is_named():
    nothing = {name: pl.DataFrame(schema=table.columns) for name, table in TABLES.items()}
    origin = Origin("simulated", "S", "1.0", "0")
    simulated = Records(nothing | {NAME: titration(ROW)}, origin)

    with pytest.raises(RehearsalError, match="titration: clinic has no such row; simulator has"):
        demand_equal(Records(nothing, origin), simulated)
