"""What is found in very many trials is what the analysis finds in the records of each."""

from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from equipoise.analysis import analyse
from equipoise.errors import OutputError, StudyError
from equipoise.records import Origin, Records
from equipoise.simulate import simulate_trial
from equipoise.trials.finding import table
from equipoise.trials.packed import code_digest, pack
from equipoise.trials.shard import Shard, asked_of, findings, live_shard

ALL = (
    "miettinen-nurminen", "wald", "newcombe", "mee", "fisher", "chi-squared", "boschloo",
    "t-test", "wilcoxon", "hodges-lehmann",
)  # fmt: skip


@pytest.fixture(scope="module")
def found(chunk) -> pl.DataFrame:
    asked = asked_of(chunk.study, (), ALL)
    return table(findings(chunk, asked), chunk.trials)


@pytest.fixture(scope="module")
def results(reference) -> pl.DataFrame:
    tables = simulate_trial(reference, seed=3, trial=6)
    origin = Origin("simulated", reference.name, "1.0", "0", 3, 6)
    return analyse(Records(tables, origin), reference).results


def of_trial_6(found: pl.DataFrame, *, described: bool) -> pl.DataFrame:
    rows = found.filter(pl.col("trial") == 6, (pl.col("method") == "") == described)
    return rows.cast(dict.fromkeys(("quantity", "encounter", "group", "method"), pl.String))


def test_every_method_gives_what_the_analysis_of_the_records_gives(found, results):
    compared = 0
    for row in of_trial_6(found, described=False).iter_rows(named=True):
        rows = results.filter(
            pl.col("analysis") == row["quantity"],
            pl.col("encounter") == row["encounter"],
            pl.col("group") == row["group"],
            pl.col("method") == row["method"],
        )
        theirs = dict(rows.select("statistic", "value").iter_rows())
        for name in {"estimate", "lower", "upper", "p"} & theirs.keys():
            tolerance = 5e-5 if row["method"] == "boschloo" else 1e-9
            assert row[name] == pytest.approx(theirs[name], rel=1e-9, abs=tolerance), row
            compared += 1
    assert compared > 100


def test_percentages_and_means_by_arm_are_those_of_the_records(found, results):
    compared = 0
    for row in of_trial_6(found, described=True).iter_rows(named=True):
        theirs = results.filter(
            pl.col("analysis") == row["quantity"],
            pl.col("encounter") == row["encounter"],
            pl.col("group") == row["group"],
            pl.col("statistic").is_in(["percent", "mean"]),
        )
        if theirs.height:
            assert row["estimate"] == pytest.approx(theirs["value"].item(), rel=1e-9)
            compared += 1
    assert compared > 30


def test_people_screened_and_completers_are_those_of_the_records(found, results, reference):
    tables = simulate_trial(reference, seed=3, trial=6)
    rows = of_trial_6(found, described=True)

    screened = rows.filter(pl.col("quantity") == "screened")["estimate"].item()
    completed = rows.filter(pl.col("quantity") == "completed")
    events = tables["disposition"].filter(pl.col("event") == "completed").height

    assert screened == tables["participants"].height
    assert (completed["estimate"] * completed["n"]).sum() / 100 == pytest.approx(events)


def test_the_mean_titrated_dose_joins_the_recorded_doses(chunk):
    dose = chunk.titrated()

    assert np.isfinite(dose).mean() > 0.9
    assert 10 < np.nanmean(dose) < 80


def test_days_with_low_readings_are_those_of_the_records(found, reference):
    tables = simulate_trial(reference, seed=3, trial=6)
    people = tables["disposition"].filter(pl.col("event") == "randomised")
    readings = tables["glucose"].join(people.select("participant", start="date"), on="participant")
    low = readings.filter(pl.col("value") < 3.9, pl.col("date") >= pl.col("start"))
    days = low.select("participant", "date").unique().height

    rows = of_trial_6(found, described=True).filter(pl.col("quantity") == "low 3.9")

    n, rate = rows["n"], rows["estimate"]
    assert rate.min() > 0
    assert days / (n.sum() * 336 / 365.25) <= (n * rate).sum() / n.sum() <= days / n.sum() * 1.5


def test_of_two_limits_the_lower_is_met_less_often(chunk):
    low, very_low = chunk.low_days().values()

    assert list(chunk.low_days()) == [Decimal("3.9"), Decimal("3.0")]
    assert (very_low <= low).all()
    assert very_low.sum() > 0


def test_a_trial_is_the_same_in_any_shard(reference):
    packed, asked = pack(reference), asked_of(reference, ("PRIMARY", "HBA1C_CHANGE"), ())

    def lived(first, trials):
        return pl.read_parquet(
            live_shard(Shard(packed, asked, 9, range(first, first + trials), code_digest(), 0, {}))
        ).sort("quantity", "encounter", "group", "method", "trial")

    whole = lived(0, 5)
    parts = pl.concat([lived(0, 2), lived(2, 3)])

    assert whole.equals(parts.sort("quantity", "encounter", "group", "method", "trial"))


def test_a_worker_with_other_code_refuses(reference):
    shard = Shard(pack(reference), (), 1, range(1), "other", 0, {})

    with pytest.raises(OutputError, match="another version"):
        live_shard(shard)


def test_an_analysis_that_is_not_planned_is_refused(reference):
    with pytest.raises(StudyError, match="Did you mean PRIMARY"):
        asked_of(reference, ("PRIMAR",), ())


def test_if_no_method_is_named_the_quick_ones_of_the_plan_are_taken(reference):
    (asked,) = asked_of(reference, ("PRIMARY",), ())

    assert (asked.encounter, asked.methods) == (
        "WEEK48",
        ("miettinen-nurminen", "wald", "fisher", "chi-squared"),
    )
