"""Laws of the diary: files of meters, in any order, once or twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from equipoise.conduct.commands.diary import OTHER
from equipoise.conduct.meters import fresh, read_export
from equipoise.errors import ConductError

POINTS = ("fasting", "breakfast", "lunch", "dinner", "bedtime")
START = datetime(2026, 1, 20, tzinfo=UTC)
TAGS = ("", "Fasting", "After Meal", "Before Meal", "Bedtime", "Snack", "before lunch")

rows = st.lists(
    st.tuples(
        st.integers(0, 30 * 24 * 12),  # five minutes since the start
        st.integers(6, 333),  # 0.1 mmol/L
        st.sampled_from(TAGS),
    ),
    max_size=40,
)


def export(some) -> bytes:
    lines = ["timestamp,glucose (mmol/L),tag"]
    for steps, tenths, tag in some:
        at = START + timedelta(minutes=5 * steps)
        lines.append(f"{at:%Y-%m-%d %H:%M},{Decimal(tenths) / 10},{tag}")
    return "\n".join(lines).encode()


def imported(diary, content):
    """The diary, once the new readings of a file are written into it."""
    found = fresh(read_export(content, POINTS), diary)
    assert not any((day, point) in diary for day, point, _ in found.readings)
    return {**diary, **{(day, point): value for day, point, value in found.readings}}


@given(rows, st.randoms())
def test_the_order_of_the_rows_of_a_file_does_not_matter(some, random):
    mixed = list(some)
    random.shuffle(mixed)

    assert read_export(export(some), POINTS).readings == read_export(export(mixed), POINTS).readings


@given(rows)
def test_the_same_file_twice_adds_nothing(some):
    once = imported({}, export(some))

    assert imported(once, export(some)) == once
    assert fresh(read_export(export(some), POINTS), once).readings == ()


@given(rows, st.integers(0, 30), st.integers(0, 30))
def test_files_of_overlapping_days_can_come_in_any_order(some, first, second):
    """Each file holds whole days, as an export of a span of dates does."""
    low, high = sorted((first, second))
    one = export([row for row in some if row[0] // 288 < high])
    other = export([row for row in some if row[0] // 288 >= low])

    whole = imported({}, export(some))
    assert imported(imported({}, one), other) == imported(imported({}, other), one) == whole


@given(rows)
def test_every_row_is_a_reading_or_is_reported(some):
    found = read_export(export(some), POINTS)

    assert len(found.readings) + len(found.skipped) == len(some)
    assert all(Decimal(value) >= Decimal("0.6") for _, _, value in found.readings)
    others = {point for _, point, _ in found.readings} - set(POINTS)
    assert all(OTHER.fullmatch(point) for point in others)
    assert len({row[:2] for row in found.readings}) == len(found.readings)


def refusal(content: bytes) -> str:
    try:
        read_export(content, POINTS)
    except ConductError as refused:
        return str(refused)
    return "it was read"


@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_any_bytes_are_read_or_refused_with_words(content):
    assert 10 < len(refusal(content)) < 500


@given(rows, st.data())
def test_a_spoiled_export_is_read_or_refused_with_words(some, data):
    content = bytearray(export(some))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    assert 10 < len(refusal(bytes(content[:cut]))) < 500
