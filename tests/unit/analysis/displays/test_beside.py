"""Published numbers beside results that are made up here, row by row."""

from dataclasses import replace

import polars as pl
import pytest

from equipoise.analysis.displays import Scene
from equipoise.analysis.displays.beside import (
    agreement,
    holding,
    primary_three_ways,
    side_by_side,
)
from equipoise.analysis.reproduce import reproduce
from equipoise.analysis.results import COLUMNS, Results

ARMS = ("UC-MSC", "PLACEBO")
BOTH = "UC-MSC v PLACEBO"


def row(analysis, encounter, group, statistic, value, method=None):
    return {
        "analysis": analysis,
        "encounter": encounter,
        "group": group,
        "statistic": statistic,
        "value": value,
        "method": method,
    }


MADE_UP = [
    *(
        row("PRIMARY", "WEEK48", arm, name, value)
        for arm, values in zip(ARMS, [(8, 45, 17.78), (3, 46, 6.52)], strict=True)
        for name, value in zip(("events", "n", "percent"), values, strict=True)
    ),
    *(
        row("PRIMARY", "WEEK48", BOTH, name, value, "miettinen-nurminen")
        for name, value in (("estimate", 11.256), ("lower", -2.51), ("upper", 25.94))
    ),
    row("PRIMARY", "WEEK48", BOTH, "p", 0.1172, "fisher"),
    *(
        row("HBA1C_LEVEL", "WEEK48", arm, name, value, method)
        for arm, mean in zip(ARMS, (7.4444, 8.2222), strict=True)
        for name, value, method in (
            ("mean", mean, None),
            ("sd", 1.0149, None),
            ("lower", mean - 0.3, "t-interval"),
            ("upper", mean + 0.3, "t-interval"),
        )
    ),
    row("HBA1C_LEVEL", "WEEK48", BOTH, "p", 0.00123, "t-test"),
]


@pytest.fixture(scope="module")
def scene(reference) -> Scene:
    frame = pl.DataFrame(MADE_UP)
    rows = frame.with_columns(
        **{name: pl.lit(None, kind) for name, kind in COLUMNS.items() if name not in frame.columns}
    ).select(*COLUMNS)
    empty = pl.DataFrame()
    findings = reproduce(reference.published)
    return Scene(reference, Results(rows, empty, empty, empty), findings)


def cells(table, label, nth=0):
    found = [row for row in table.rows if row.label.startswith(label) and row.cells]
    return tuple(map(str, found[nth].cells))


def test_the_primary_endpoint_is_told_three_ways(scene):
    table = primary_three_ways(scene)

    assert cells(table, "Simulated") == ("8/45 (17.8)", "3/46 (6.5)", "11.3 (−2.5 to 25.9)", "0.12")
    assert cells(table, "Published") == ("20 %", "4.55 %", "2.25 to 28.66", "<0.05")
    assert cells(table, "Recomputed", 0) == (
        "9/45 (20.0)",
        "2/44 (4.5)",
        "15.5 (2.2 to 28.7)",
        "0.0496",
    )
    assert cells(table, "Recomputed", 1) == (
        "9/45 (20.0)",
        "2/46 (4.3)",
        "15.7 (2.5 to 30.3)",
        "0.027",
    )


def test_published_values_stand_beside_ours_with_printed_recomputed_and_our_p(scene):
    table = side_by_side(scene)
    hba1c = next(index for index, row in enumerate(table.rows) if row.label.startswith("HbA1c (%)"))
    week48 = next(row for row in table.rows[hba1c + 1 :] if row.label == "Week 48")

    assert week48.cells == (
        "7.52 ± 1.07",
        "7.44 ± 1.01",
        "8.19 ± 1.02",
        "8.22 ± 1.01",
        "0.0081",
        "0.003–0.008",
        "0.001",
    )


def test_a_printed_fall_is_shown_as_a_negative_change(scene):
    shown = [cell for row in side_by_side(scene).rows for cell in row.cells]

    assert "−1.31" in shown
    assert "−0.63" in shown


def test_every_finding_has_a_row_and_contradictions_in_print_come_first(scene):
    table = holding(scene)
    tones = [cell.tone for row in table.rows for cell in row.cells if not isinstance(cell, str)]
    printed = tones[: sum(finding.about == "print" for finding in scene.findings)]

    assert len(tones) == len(scene.findings)
    assert printed == sorted(printed, key=["bad", "partly", "good", "plain"].index)
    assert table.rows[0].label.startswith("Does not hold")


def test_the_drawing_shows_each_quantity_and_says_how_many_values(scene):
    figure = agreement(scene)

    assert "Glucose infusion rate in the clamp" in figure.svg
    assert figure.description.startswith("Dot plot of ")


def test_results_of_real_participants_are_not_called_simulated(scene):
    real = Scene(scene.study, scene.results, scene.findings, simulated=False)

    assert cells(primary_three_ways(real), "This trial")[0] == "8/45 (17.8)"
    assert "Simulated" not in agreement(real).svg


def test_without_published_results_there_is_nothing_beside(knee):
    assert side_by_side(knee) is None
    assert agreement(knee) is None
    assert holding(knee) is None


def test_a_primary_endpoint_that_is_a_number_is_told_with_means(knee):
    plan = knee.study.planned()
    estimand = plan.estimands[0].model_copy(
        update={"analysis": "PAIN_CHANGE", "endpoint": "PAIN_CHANGE"}
    )
    study = replace(knee.study, plan=plan.model_copy(update={"estimands": (estimand,)}))

    (row,) = primary_three_ways(Scene(study, knee.results)).rows

    assert row.label == "Simulated (t test)"
    assert " ± " in row.cells[0]
    assert " to " in row.cells[2]
