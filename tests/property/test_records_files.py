"""Records survive the way to disk and back, whatever is in them."""

from datetime import date
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.records import Origin, Records, read_records, write_records
from equipoise.records.schemas import TABLES

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@st.composite
def trials(draw: st.DrawFn) -> Records:
    """Records of people with any names, measurements with any values, events of any terms."""
    people = draw(st.lists(TEXTS, min_size=1, max_size=5, unique=True))
    day = draw(DAYS)
    rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
    for person in people:
        stratum = draw(st.none() | TEXTS)
        ever = (day, day, day)
        rows["participants"].append(
            (person, draw(TEXTS), ever[0], 50, "F", stratum, day, day, None)
        )
        for item in draw(st.lists(TEXTS, max_size=4, unique=True)):
            value = draw(NUMBERS)
            text = draw(st.none() | TEXTS) if value is None else None
            rows["measurements"].append((person, "W0", item, draw(DAYS), value, text))
        for number in range(draw(st.integers(0, 2))):
            words = ("mild", draw(st.booleans()), "related", "unknown", "none")
            rows["adverse_events"].append((person, number, draw(TEXTS), day, None, *words))
    tables = {
        name: pl.DataFrame(rows[name], schema=table.columns, orient="row")
        for name, table in TABLES.items()
    }
    seed = draw(st.integers(0, 2**63 - 1))
    return Records(tables, Origin("simulated", "S", "1.0", "0.1.0", seed, 0, {"a": draw(TEXTS)}))


@settings(deadline=None, max_examples=40)
@given(trials())
def test_records_come_back_from_disk_as_they_were_and_are_written_to_the_same_bytes(records):
    with TemporaryDirectory() as folder:
        first = write_records(records, f"{folder}/first")
        found = read_records(first)
        second = write_records(found, f"{folder}/second")

        assert found == records
        for path in first.iterdir():
            assert (second / path.name).read_bytes() == path.read_bytes()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 6), st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=50))
def test_a_value_on_the_recorded_step_is_kept_as_it_is(decimals, counts):
    values = pl.Series([count / 10**decimals for count in counts], dtype=pl.Float64)

    assert values.round(decimals).equals(values)
