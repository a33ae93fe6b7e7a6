"""The trial of tests/data/knee, worked out by hand: see its README."""

from math import sqrt
from pathlib import Path

import polars as pl
import pytest

from equipoise.analysis import Results, analyse
from equipoise.analysis.results import COLUMNS
from equipoise.errors import RecordsError
from equipoise.protocol.load import load_study
from equipoise.protocol.whole import Study
from equipoise.records import Records, read_records

KNEE = Path(__file__).parents[2] / "data" / "knee"


@pytest.fixture(scope="module")
def knee() -> Study:
    return load_study(KNEE / "study")


@pytest.fixture(scope="module")
def records(knee) -> Records:
    return read_records(KNEE / "records", knee)


@pytest.fixture(scope="module")
def found(knee, records) -> Results:
    return analyse(records, knee)


def changed(records: Records, table: str, **columns: pl.Expr) -> Records:
    return Records(
        {**records.tables, table: records[table].with_columns(**columns)}, records.origin
    )


def test_every_analysis_of_the_plan_has_results_in_one_table(found, knee):
    assert found.results.columns == list(COLUMNS)
    assert found.results["analysis"].unique(maintain_order=True).to_list() == [
        analysis.name for analysis in knee.planned().analyses
    ]


def test_every_statistic_has_one_row(found):
    names = [name for name in COLUMNS if name not in {"value", "unit", "note"}]

    assert found.results.select(names).is_duplicated().sum() == 0


@pytest.mark.parametrize(
    ("analysis", "group", "events", "n"),
    [
        ("RELIEF", "HIGH", 2, 4),
        ("RELIEF", "LOW", 1, 3),
        ("RELIEF", "PLACEBO", 1, 4),
        ("RELIEF", None, 4, 11),
        ("RELIEF_OBSERVED", "HIGH", 2, 3),  # P03 withdrew for an adverse event: a no, and judged
        ("RELIEF_OBSERVED", "LOW", 1, 2),
        ("RELIEF_OBSERVED", "PLACEBO", 1, 4),
        ("RELIEF_ALL_DOSES", "HIGH", 2, 3),
        ("RELIEF_ALL_DOSES", "LOW", 1, 2),
        ("RELIEF_ALL_DOSES", "PLACEBO", 1, 3),  # P11 did not get the second dose
    ],
)
def test_responders_are_counted_among_the_right_participants(found, analysis, group, events, n):
    where = {"group": group, "encounter": "WEEK6"}

    assert found.value(analysis, "events", **where) == events
    assert found.value(analysis, "n", **where) == n
    assert found.value(analysis, "percent", **where) == pytest.approx(100 * events / n)


def test_a_withdrawal_does_not_undo_an_answer_given_before_it(found):
    where = {
        "group": "HIGH",
        "encounter": "WEEK2",
    }  # P01 yes; P02 3.1 > 3.0 no; P03 no; P04 unknown

    assert found.value("RELIEF_OBSERVED", "events", **where) == 1
    assert found.value("RELIEF_OBSERVED", "n", **where) == 3
    assert found.value("RELIEF_OBSERVED", "unjudged", **where) == 1


def test_differences_of_percentages_are_those_of_each_arm_from_the_reference(found):
    half = 1.959963984540054 * sqrt(0.25 / 4 + 0.1875 / 4)
    wald = {"group": "HIGH v PLACEBO", "method": "wald"}

    assert found.value("RELIEF", "estimate", **wald) == pytest.approx(25)
    assert found.value("RELIEF", "lower", **wald) == pytest.approx(100 * (0.25 - half))
    assert found.value("RELIEF", "p", group="HIGH v PLACEBO", method="fisher") == pytest.approx(1)
    groups = set(found.results.filter(pl.col("method") == "wald")["group"])
    assert groups == {"HIGH v PLACEBO", "LOW v PLACEBO"}


def test_changes_are_compared_between_arms_and_within_them(found):
    between = {"group": "HIGH v PLACEBO", "method": "t-test"}  # -5, -4 v -0.5, -1, -2.5, 0
    within = {"group": "HIGH", "method": "paired-t-test"}

    assert found.value("PAIN_CHANGE", "estimate", **between) == pytest.approx(-3.5)
    assert found.value("PAIN_CHANGE", "statistic", **between) == pytest.approx(-3.5 / sqrt(0.75))
    assert found.value("PAIN_CHANGE", "df", **between) == 4
    assert found.value("PAIN_CHANGE", "estimate", **within) == pytest.approx(-4.5)
    assert found.value("PAIN_CHANGE", "statistic", **within) == pytest.approx(-9)


def test_ranks_are_compared_between_arms(found):
    group = "HIGH v PLACEBO"

    assert found.value("PAIN_CHANGE", "p", group=group, method="wilcoxon") == pytest.approx(2 / 15)
    assert found.value("PAIN_CHANGE", "estimate", group=group, method="hodges-lehmann") == -3.75


def test_values_within_an_arm_are_compared_with_the_baseline(found):
    paired = {"group": "HIGH", "encounter": "WEEK2", "method": "paired-t-test"}
    rows = found.results.filter(pl.col("analysis") == "PAIN", pl.col("encounter") == "DAY0")

    assert found.value("PAIN", "estimate", **paired) == pytest.approx((-4 - 2.9 - 2) / 3)
    assert "paired-t-test" not in rows["method"]


def test_medians_and_means_of_a_percentage_reduction(found):
    where = {"group": "PLACEBO", "encounter": "WEEK6"}  # 0.5/7, 1/6, 2.5/5, 0

    assert found.value("PAIN_REDUCTION", "median", **where) == pytest.approx(50 * (0.5 / 7 + 1 / 6))
    assert found.value("PAIN_REDUCTION", "max", **where) == 50
    assert found.value("PAIN_REDUCTION", "n", **where) == 4
    assert found.value("PAIN_REDUCTION", "missing", group="HIGH") == 2


def test_the_baseline_is_the_last_value_up_to_the_encounter(found):
    where = {"group": "LOW", "endpoint": "PAIN"}  # P07 has only the 7.5 of screening

    assert found.value("BASELINE", "mean", **where) == pytest.approx((6 + 8 + 7.5) / 3)
    assert found.value("BASELINE", "events", group="LOW", endpoint="SEX", level="F") == 2
    assert found.value("BASELINE", "percent", group=None, endpoint="SEX", level="M") == (
        pytest.approx(500 / 11)
    )
    assert found.value("BASELINE", "events", group=None, endpoint="REPLACED", level="yes") == 0


def test_adverse_events_count_from_the_first_dose(found):
    high = {"group": "HIGH", "endpoint": "any"}
    years = (42 + 42 + 30 + 20) / 365.25

    assert found.value("EVENTS", "events", **high) == 2
    assert found.value("EVENTS", "occurrences", **high) == 3
    assert found.value("EVENTS", "rate", **high) == pytest.approx(100 * 3 / years)
    assert found.value("EVENTS", "n", group="LOW", endpoint="any") == 2  # P07 had no dose
    assert found.value("EVENTS", "events", group="PLACEBO", endpoint="any") == 1
    assert found.value("EVENTS", "events", group="HIGH", endpoint="led to withdrawal") == 1
    terms = found.results.filter(pl.col("endpoint") == "term")["level"]
    assert terms.unique(maintain_order=True).to_list() == ["HEADACHE", "STROKE"]


def test_no_event_among_two_is_compatible_with_a_share_of_up_to_84_percent(found):
    serious = {"group": "LOW", "endpoint": "serious", "method": "clopper-pearson"}

    assert found.value("EVENTS", "upper", **serious) == pytest.approx(100 * (1 - sqrt(0.025)))


def test_home_readings_are_averaged_by_participant_and_week(found):
    assert found.value("GLUCOSE", "mean", group="HIGH", level="0") == 6.25  # (5 + 6) / 2 and 7
    assert found.value("GLUCOSE", "mean", group="HIGH", level="1") == 3.5
    assert found.value("GLUCOSE", "n", group="PLACEBO", level="-1") == 1


def test_low_readings_count_from_the_first_dose(found):
    assert found.value("LOW_GLUCOSE", "occurrences", group=None, level="< 3.9") == 2
    assert found.value("LOW_GLUCOSE", "occurrences", group="PLACEBO", level="< 3.0") == 1
    assert found.value("LOW_GLUCOSE", "events", group="HIGH", level="< 3.0") == 0


def test_completion_and_doses_are_told_by_arm(found):
    assert found.value("ENDS", "events", group="HIGH", endpoint="completed", level=None) == 2
    reason = {"endpoint": "withdrawn", "level": "lost to follow-up"}
    assert found.value("ENDS", "events", group="HIGH", **reason) == 1
    doses = {"endpoint": "doses given"}
    assert found.value("DOSES", "events", group="PLACEBO", level="2", **doses) == 3
    assert found.value("DOSES", "events", group="LOW", level="0", **doses) == 1
    assert found.value("DOSES", "max", group="HIGH", endpoint="total amount") == 20


def test_subjects_are_the_randomised_with_their_populations(found):
    subjects = found.subjects

    assert subjects.height == 11
    members = {
        name: subjects.filter(pl.col(f"in_{name}"))["participant"].to_list()
        for name in ("TREATED", "COMPLETERS")
    }
    assert members["TREATED"] == [f"P{n:02}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)]
    assert members["COMPLETERS"] == [f"P{n:02}" for n in (1, 2, 5, 6, 8, 9, 10)]


def test_the_flow_counts_everybody_once(found):
    flow = {(stage, group, reason): n for stage, group, reason, n in found.flow.iter_rows()}

    assert flow["screened", None, None] == 14
    assert flow["excluded", None, None] == 2
    assert flow["excluded", None, "I1"] == flow["excluded", None, "E1"] == 1
    assert flow["in screening", None, None] == 1
    assert flow["randomised", None, None] == 11
    assert [flow[stage, "PLACEBO", None] for stage in ("all doses", "some doses", "no dose")] == [
        3,
        1,
        0,
    ]
    assert flow["withdrawn", "LOW", "withdrawal by participant"] == 1
    assert flow["analysed", "HIGH", None] == 4


def test_a_participant_who_ends_the_study_twice_is_refused(knee, records):
    ends = records["disposition"]
    withdrawn = ends.filter(pl.col("participant") == "P03", pl.col("event") == "withdrawn")
    completed = withdrawn.with_columns(event=pl.lit("completed"), reason=pl.lit(None, pl.String))
    twice = Records({**records.tables, "disposition": pl.concat([ends, completed])}, records.origin)

    with pytest.raises(RecordsError, match=r"4 randomised \(HIGH\), but 3 completed \+ 2 with"):
        analyse(twice, knee)


def test_a_participant_who_failed_the_screening_and_was_randomised_is_refused(knee, records):
    failed = pl.when(pl.col("participant") == "P12").then(pl.lit("P01"))
    twice = changed(records, "disposition", participant=failed.otherwise("participant"))

    with pytest.raises(RecordsError, match=r"14 screened, but 2 excluded .* 11 randomised make 15"):
        analyse(twice, knee)


def test_a_blinded_trial_is_not_analysed_by_arm(knee, records):
    blinded = changed(records, "participants", arm=pl.lit(None, pl.String))

    with pytest.raises(RecordsError, match="needs the opened blind"):
        analyse(blinded, knee)


def test_an_empty_trial_has_results_that_say_why_nothing_is_estimated(knee, records):
    nobody = Records(
        {name: frame.clear() for name, frame in records.tables.items()}, records.origin
    )

    found = analyse(nobody, knee).results.filter(pl.col("statistic") == "not estimable")

    assert "an arm without participants has no proportion" in str(found["note"].to_list())
    assert found["value"].null_count() == found.height > 0


def test_progress_is_told_from_nothing_to_all(knee, records):
    told: list[float] = []

    analyse(records, knee, lambda _, share: told.append(share))

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


def test_asking_for_a_value_that_is_not_one_is_an_error(found):
    with pytest.raises(LookupError, match="name columns until 1 is left"):
        found.value("RELIEF", "percent")


def test_the_week_of_the_first_event_is_told(found):
    withdrawn = {"endpoint": "withdrawn", "group": "HIGH"}  # days 30 and 20

    assert found.value("ENDS", "mean", **withdrawn) == pytest.approx(25 / 7)
    assert found.value("ENDS", "min", **withdrawn) == pytest.approx(20 / 7)
