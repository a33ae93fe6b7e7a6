"""Exports of meters: every row here is made up; the columns are those of the applications."""

from __future__ import annotations

from decimal import Decimal

import pytest

from equipoise.conduct.glucose import HIGHEST, LOWEST, counted
from equipoise.conduct.meters import fresh, read_export
from equipoise.errors import ConductError

POINTS = ("fasting", "breakfast", "lunch", "dinner", "bedtime")

LIBREVIEW = """Glucose Data,Created 16-02-2026 10:00 UTC,Created by,Somebody
Device,Serial Number,Device Timestamp,Record Type,Historic Glucose mmol/L,Scan Glucose mmol/L,\
Notes,Strip Glucose mmol/L,Ketone mmol/L
Libre,1,20-01-2026 07:00,0,5.4,,,,
Libre,1,20-01-2026 07:05,1,,5.5,,,
Libre,1,20-01-2026 07:10,2,,,,6.1,
Libre,1,20-01-2026 22:10,2,,,,9.0,
Libre,1,20-01-2026 22:11,6,,,walked,,
"""
MYSUGR = """Date,Time,Tags,Blood Sugar Measurement (mmol/L),Insulin Injection Units (Pen),Note
"Jan 20, 2026",7:10:00 AM,"Fasting,Breakfast",6.1,,
"Jan 20, 2026",9:30:00 AM,"After the meal,Breakfast",9.2,,
"Jan 20, 2026",9:00:00 PM,Bedtime,,12,basal only
"""
CONTOUR = """#,Date and Time,Readings [mg/dL],Meal Marker,Data Source,Notes
1,01/20/26 07:10,110,Fasting,Meter,
2,01/20/26 13:40,180,After Meal,Meter,
3,01/20/26 12:10,120,Before Meal,Meter,
"""
GERMAN = """#;Datum und Zeit;Messungen [mmol/L];Mahlzeit-Markierung;Datenquelle
1;20.01.26 07:10;6,1;Nüchtern;Gerät
2;20.01.26 19:10;9,25;Nach der Mahlzeit;Gerät
"""
GLOOKO = """Name:Somebody, Date Range:2026-01-01 - 2026-01-31
Timestamp,Glucose Value (mg/dL),Manual Reading,Serial Number
2026-01-20 7:10,110,,M-1
2026-01-20 22:10,162,,M-1
"""
GLOOKO_SENSOR = """Name:Somebody, Date Range:2026-01-01 - 2026-01-31
Timestamp,CGM Glucose Value (mmol/L),Serial Number
2026-01-20 07:10,6.1,S-1
"""
ONETOUCH = """OneTouch Reveal
Item Type,Date and Time,Value,Unit,Meal Tag
Blood Glucose,"Jan 20, 2026 7:10 AM",110,mg/dL,Before Meal
Insulin,"Jan 20, 2026 7:15 AM",12,U,
"""
CHINESE = """测量时间,血糖值(mmol/L),时段
2026年1月20日 07:10,6.1,空腹
2026/01/20 09:10,8.8,早餐后2小时
2026-01-20 17:30,7.7,晚餐前
2026-01-20 下午10:05,8.0,
"""

GOOD = {
    "LibreView": (LIBREVIEW, [("fasting", "6.1"), ("bedtime", "9.0")]),
    "mySugr": (MYSUGR, [("fasting", "6.1"), ("breakfast", "9.2")]),
    "Contour": (CONTOUR, [("fasting", "6.1"), ("lunch", "10.0"), ("12:10", "6.7")]),
    "Contour, German": (GERMAN, [("fasting", "6.1"), ("dinner", "9.3")]),
    "Glooko": (GLOOKO, [("fasting", "6.1"), ("bedtime", "9.0")]),
    "Glooko sensor": (GLOOKO_SENSOR, []),
    "OneTouch Reveal": (ONETOUCH, [("fasting", "6.1")]),
    "table": (
        CHINESE,
        [("fasting", "6.1"), ("breakfast", "8.8"), ("bedtime", "8.0"), ("17:30", "7.7")],
    ),
}


def read(text, **said):
    return read_export(text.encode() if isinstance(text, str) else text, POINTS, **said)


@pytest.mark.parametrize(("name", "text", "readings"), [(n, *of) for n, of in GOOD.items()])
def test_the_readings_of_each_format_are_found(name, text, readings):
    found = read(text)

    assert found.format == name.partition(",")[0]
    assert found.readings == tuple(("2026-01-20", *one) for one in readings)
    assert found.source.startswith(f"{found.format} export, SHA-256 ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [LIBREVIEW, GERMAN, CHINESE])
def test_the_encoding_is_told_from_the_file(text, encoding):
    assert read(text.encode(encoding)).readings == read(text).readings


def test_a_chinese_table_may_be_in_gb_18030():
    assert read(CHINESE.encode("gb18030")).readings == read(CHINESE).readings
    with pytest.raises(ConductError, match="no text in UTF-8, UTF-16 or GB 18030"):
        read(GERMAN.encode("latin-1"))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_separator_is_told_from_the_header(separator):
    assert read(GLOOKO.replace(",", separator)).readings == read(GLOOKO).readings


def test_rows_of_a_sensor_stand_apart_and_what_is_left_out_says_why():
    found = read(LIBREVIEW)

    assert found.sensor == 2
    assert [(one.line, one.why) for one in found.skipped] == [(7, "no glucose value")]
    assert read(GLOOKO_SENSOR).sensor == 1
    control = CONTOUR.replace("110,Fasting", "110,Control")
    assert [one.why for one in read(control).skipped] == [
        "01/20/26 07:10 (Control) 6.1: a test of the meter, and nobody's blood"
    ]


def table(*values, header="timestamp,glucose", day="2026-01-20"):
    hours = ("07:10", "10:00", "13:30", "19:00", "22:00")
    rows = [f"{day} {hour},{value}" for hour, value in zip(hours, values, strict=False)]
    return "\n".join([header, *rows, ""])


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (("110", "25"), "mg/dL"),
        (("6.1", "12"), "mmol/L"),
        (("6", "12"), "mmol/L"),
        (("12.0", "11.5"), "mmol/L"),
    ],
)
def test_a_unit_that_the_header_does_not_name_is_told_by_the_values(values, unit):
    assert read(table(*values)).unit == unit


AMBIGUOUS = [
    (table("12", "20"), {}, "its values fit mmol/L and mg/dL"),
    (table("6.1", "110"), {}, "line 3 has 110, as in mg/dL, and line 2 has 6.1, as in mmol/L"),
    (table("6.1", "110"), {"unit": "mmol/L"}, "line 3: 110 mmol/L is no reading of a meter"),
    (table("6.1", header="timestamp,glucose (mg/dL)"), {}, r"line 2: 6.1 mg/dL is no reading"),
    (table("110", header="timestamp,glucose mmol/L"), {}, "line 2: 110 mmol/L is no reading"),
    (table("6.1", header="timestamp,glucose mmol/L"), {"unit": "mg/dL"}, "is in mmol/L, not mg/dL"),
    (table("6.1"), {"unit": "mmol"}, "unit: 'mmol' is no unit"),
    (table("6.1", day="02/03/2026"), {}, "line 2: '02/03/2026 07:10' can be day first or month"),
    (table("6.1", day="20/01/2026"), {"dates": "month first"}, "line 2 says day first, not month"),
    (table("6.1", day="20/01/2026") + "01/20/2026 08:00,7\n", {}, "do not agree: line 2 says day"),
    (table("6.1", day="32/01/2026"), {}, "line 2: '32/01/2026 07:10' is no date and time"),
    (table("6.1", day="2026-02-30"), {}, "line 2: '2026-02-30 07:10' is no date and time"),
    (table("6.1", day="yesterday"), {}, "line 2: 'yesterday 07:10' is no date that is known"),
    (table("6.1").replace("07:10", "07:10Z"), {}, "give a local time of day"),
    (table("6.1").replace("07:10", "25:10"), {}, "is no date and time"),
    (table("six"), {}, "line 2: 'six' is no glucose value"),
    (table("1" * 100_000), {}, "is no glucose value"),
    (table("1" * 200_000), {}, "line 2 is broken: field larger than"),
    (table('"6.1'), {}, "line 2 is broken: unexpected end of data"),
    (table("6.1", "7.1") + "2026-01-20", {}, "line 4, the last, has 1 columns.*cut off"),
    ("", {}, "no known columns are in the first 30 lines"),
    ("hello\nworld\n", {}, "the file begins 'hello'"),
    ("x" * 7_000_000, {}, "no known columns"),
    ("x" * 10_000_000, {}, "the file has 10,000,000 bytes; 8,000,000 at most"),
    (b"PK\x03\x04rest", {}, "a packed file or a workbook"),
    (b"%PDF-1.7", {}, "is a PDF"),
    (b"\x00\x01\x02\xff\xfe", {}, "is no text"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", {}, "is no text"),
    (GLOOKO.encode("utf-16")[:-1], {}, "is no text"),
]


@pytest.mark.parametrize(("text", "said", "why"), AMBIGUOUS)
def test_what_a_file_does_not_tell_is_refused_and_says_what_to_do(text, said, why):
    with pytest.raises(ConductError, match=why) as refused:
        read(text, **said)
    assert len(str(refused.value)) < 400


def test_what_to_say_is_said_as_it_is_typed():
    with pytest.raises(ConductError, match='--unit "mmol/L" or --unit "mg/dL"'):
        read(table("12", "20"))
    with pytest.raises(ConductError, match='--dates "day first" or --dates "month first"'):
        read(table("6.1", day="02/03/2026"))


def test_what_a_person_says_decides_where_the_file_does_not():
    assert read(table("12", "20"), unit="mmol/L").readings[0][2] == "12.0"
    assert read(table("180", "20"), unit="mg/dL").readings[0][2] == "10.0"
    march = table("6.1", day="02/03/2026")
    assert read(march, dates="day first").readings[0][0] == "2026-03-02"
    assert read(march, dates="month first").readings[0][0] == "2026-02-03"


def test_one_date_tells_the_order_of_all():
    text = table("6.1", day="02/03/2026") + "20/03/2026 07:10,6.2\n"

    assert [day for day, _, _ in read(text).readings] == ["2026-03-02", "2026-03-20"]


def test_a_value_beyond_the_meter_is_recorded_as_it_is_shown():
    found = read(table("HI", "6.1", "LO"))

    assert [value for _, _, value in found.readings] == ["HI", "6.1", "LO"]
    assert found.skipped == ()
    assert (counted("HI"), counted("LO"), counted("6.1")) == (HIGHEST, LOWEST, Decimal("6.1"))
    only = read("timestamp,glucose\n2026-01-20 07:10,lo\n")
    assert only.readings == (("2026-01-20", "fasting", "LO"),)


def test_of_two_readings_at_one_point_the_later_keeps_its_time():
    found = read(table("6.1") + "2026-01-20 06:10,7.0\n2026-01-20 06:10,3.1\n")

    assert found.readings == (
        ("2026-01-20", "fasting", "3.1"),
        ("2026-01-20", "06:10", "7.0"),
        ("2026-01-20", "07:10", "6.1"),
    )
    assert found.skipped == ()
    again = read(table("6.1") + "2026-01-20 07:10,7.0\n2026-01-20 07:10,8.0\n")
    assert again.skipped[0].why == "2026-01-20 07:10 8.0: a reading of 07:10 is kept already, 7.0"


def test_a_reading_without_a_time_and_a_point_is_left_out_with_its_value():
    found = read("date,glucose,tag\n2026-01-20,3.2,before lunch\n")

    assert found.readings == ()
    assert [one.why for one in found.skipped] == [
        "2026-01-20 (before lunch) 3.2: no point of the diary, and no time of day"
    ]


@pytest.mark.parametrize(
    ("hour", "point"),
    [
        ("03:59", None), ("04:00", "fasting"), ("08:59", "fasting"), ("09:00", "breakfast"),
        ("11:30", None), ("12:30", "lunch"), ("16:00", None), ("18:00", "dinner"),
        ("21:00", "bedtime"), ("23:59", "bedtime"), ("00:10", None),
    ],
)  # fmt: skip
def test_without_a_tag_the_hour_tells_the_point(hour, point):
    found = read(f"timestamp,glucose\n2026-01-20 {hour},6.1\n").readings

    assert [of for _, of, _ in found] == [point or hour]


@pytest.mark.parametrize(
    ("tag", "hour", "point"),
    [
        ("After lunch", "17:30", "lunch"), ("before lunch", "13:00", None), ("餐后", "13:00", "lunch"),
        ("Before the meal,Breakfast", "10:00", "fasting"), ("Before the meal,Dinner", "19:00", None),
        ("after the meal;dinner", "22:00", "dinner"), ("Snack", "13:00", "lunch"),
        ("fasting,after dinner", "07:00", None), ("before meal", "07:00", "fasting"),
        ("before meal", "13:00", None),
    ],
)  # fmt: skip
def test_a_tag_tells_the_point_before_the_hour_does(tag, hour, point):
    text = f'timestamp,glucose,tag\n2026-01-20 {hour},6.1,"{tag}"\n'

    assert [of for _, of, _ in read(text).readings] == [point or hour]


def test_what_cannot_be_recorded_is_left_out_and_why_is_told():
    found = read(table("6.1", "9.0", "8.0"))
    new = fresh(found, {("2026-01-20", "breakfast"): "recorded as 8.9; correct it if wrong"})

    assert new.readings == (("2026-01-20", "fasting", "6.1"), ("2026-01-20", "lunch", "8.0"))
    assert [one.why for one in new.skipped] == [
        "2026-01-20 breakfast 9.0: recorded as 8.9; correct it if wrong"
    ]
