"""Laws of the analysis: the order of rows says nothing, and swapped labels swap the estimates."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis import analyse
from equipoise.protocol.load import load_study
from equipoise.protocol.whole import Study
from equipoise.records import Records, read_records

KNEE = Path(__file__).parents[1] / "data" / "knee"
ESTIMATES = ("RELIEF", "RELIEF_OBSERVED", "PAIN", "PAIN_CHANGE")


@pytest.fixture(scope="module")
def knee() -> Study:
    return load_study(KNEE / "study")


@pytest.fixture(scope="module")
def records() -> Records:
    return read_records(KNEE / "records")


def with_pain(records: Records, pains: list[int]) -> Records:
    """The records with other measurements of pain, in tenths."""
    frame = records["measurements"]
    rows = frame.with_row_index().filter(pl.col("item") == "PAIN")
    values = {index: pain / 10 for index, pain in zip(rows["index"], pains, strict=False)}
    new = frame.with_row_index().with_columns(
        value=pl.col("index").replace_strict(
            values, default=pl.col("value"), return_dtype=pl.Float64
        )
    )
    return Records({**records.tables, "measurements": new.drop("index")}, records.origin)


def swapped(records: Records) -> Records:
    other = {"HIGH": "PLACEBO", "PLACEBO": "HIGH"}
    people = records["participants"].with_columns(pl.col("arm").replace(other))
    return Records({**records.tables, "participants": people}, records.origin)


PAINS = st.lists(st.integers(0, 100), min_size=44, max_size=44)


@settings(deadline=None, max_examples=10)
@given(PAINS, st.integers(0, 1000))
def test_the_order_of_the_rows_changes_no_result(knee, records, pains, seed):
    trial = with_pain(records, pains)
    tables = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed)
        for name, frame in trial.tables.items()
    }

    first, second = analyse(trial, knee), analyse(Records(tables, trial.origin), knee)

    assert first.results.equals(second.results)
    assert first.flow.equals(second.flow)
    assert first.subjects.equals(second.subjects)
    assert first.values.equals(second.values)


@settings(deadline=None, max_examples=15)
@given(PAINS)
def test_swapped_labels_swap_the_sign_of_every_difference_and_keep_every_p(knee, records, pains):
    trial = with_pain(records, pains)
    before, after = (
        analyse(one, knee).results.filter(
            pl.col("analysis").is_in(ESTIMATES), pl.col("group") == "HIGH v PLACEBO"
        )
        for one in (trial, swapped(trial))
    )
    key = ["analysis", "encounter", "method"]
    wide = [
        one.filter(pl.col("statistic").is_in(["estimate", "lower", "upper", "p"])).pivot(
            "statistic", index=key, values="value"
        )
        for one in (before, after)
    ]
    both = wide[0].join(wide[1], on=key, how="full", suffix="_swapped", coalesce=True)

    for row in both.iter_rows(named=True):
        if row["estimate"] is not None:
            assert row["estimate"] == pytest.approx(-row["estimate_swapped"], abs=1e-6)
            assert row["lower"] == pytest.approx(-row["upper_swapped"], abs=1e-6)
            assert row["upper"] == pytest.approx(-row["lower_swapped"], abs=1e-6)
        if row["p"] is not None:
            assert row["p"] == pytest.approx(row["p_swapped"], abs=1e-9)


@settings(deadline=None, max_examples=15)
@given(PAINS)
def test_arms_add_up_to_the_total(knee, records, pains):
    results = analyse(with_pain(records, pains), knee).results
    counts = results.filter(
        pl.col("statistic").is_in(["n", "events", "missing", "unjudged", "occurrences"])
    )
    key = ["analysis", "endpoint", "encounter", "level", "statistic"]
    arms = counts.filter(pl.col("group").is_not_null()).group_by(key).agg(pl.col("value").sum())
    total = counts.filter(pl.col("group").is_null())
    both = total.join(arms, on=key, nulls_equal=True, suffix="_of_arms")

    assert both.height == total.height
    assert (both["value"] == both["value_of_arms"]).all()
