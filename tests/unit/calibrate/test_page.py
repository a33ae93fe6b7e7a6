import json

import numpy as np
import pytest

from equipoise.calibrate import plain
from equipoise.calibrate.elsewhere import adag
from equipoise.calibrate.fit import Free, judge
from equipoise.calibrate.page import page, tornado_of
from equipoise.calibrate.sensitivity import Effect
from equipoise.calibrate.sets import Sets
from equipoise.calibrate.unfitted import printed_p_values
from equipoise.calibrate.world import World


def silent(*_):
    """Show no progress."""


@pytest.fixture(scope="module")
def parts(aim, reference):
    names = Free.of(reference).names
    free = Free.of(reference, tuple(set(names) - {"lost"}))
    known = reference.populated().parameters
    fit = judge(aim, free, free.at({"lost": known["lost"].value}), silent)
    size = len(aim.targets)
    sets = Sets(aim, free, ({"lost": 0.1}, {"lost": 0.3}), np.ones((2, size)), 36)
    effects = [
        Effect("lost", "± 0.05 1/year", np.full(size, -1.0), np.full(size, 2.0), np.ones(size)),
        Effect("depot", "± 0.04", np.zeros(size), np.full(size, np.nan), np.ones(size)),
    ]
    found = {
        "fit": plain.plain_fit(fit, reference),
        "ensemble": plain.plain_sets(sets, reference),
        "sensitivity": plain.plain_sensitivity(fit, effects, reference),
        "without": {"parts": [{"what": "without `x`", "sum_of_squares": 50.0, "worst": 2.5}]},
        "predictions": plain.plain_predictions(
            [adag(World(reference, 2, 1))], printed_p_values(aim.crowd.live())
        ),
    }
    return json.loads(json.dumps(found))


@pytest.fixture(scope="module")
def text(reference, parts):
    return page(reference, parts, "figure.svg")


def section(text, heading):
    return text.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]


def test_fitted_and_predicted_stand_apart(text):
    fitted, predicted = (
        section(text, "## Fitted: the published numbers"),
        section(text, "## Predicted: what others measured"),
    )

    assert "Primary" not in predicted
    assert "| HbA1c, Week 48, UC-MSC | 37 | 7.52 |" in fitted
    assert "ADAG" in predicted


def test_every_target_is_shown_once(text, parts):
    shown = [line for line in text.splitlines() if line.count("|") == 7 and "Published" not in line]

    assert len([line for line in shown if not line.startswith("|---")]) >= len(
        parts["fit"]["targets"]
    )


def test_errors_that_are_not_printed_are_marked(text):
    rows = [line for line in text.splitlines() if line.startswith("| Glucose infusion rate")]

    assert all(r"\*" in row for row in rows[:6])


def test_numbers_that_contradict_each_other_are_told(text):
    part = section(text, "### Targets that contradict each other")

    assert "Fall of HbA1c" in part
    assert "% reduction" not in part  # two printed numbers that only an expectation joins


def test_the_page_says_what_is_put_in_where_another_trial_is_forecast(text):
    part = section(text, "## What the model cannot say")

    assert "The course on placebo" in part
    assert "described in a study folder" in part


def test_only_p_values_that_were_not_fitted_are_predictions(text):
    part = section(text, "## Predicted: printed p values")

    assert "| HbA1c, Week 48, between arms | p < 0.01 |" in part
    assert "| HbA1c, Week 9, between arms |" not in part


def test_what_moves_most_comes_first_and_has_its_figure(text, parts):
    part = section(text, "## What moves the results")

    assert part.index("| lost |") < part.index("| depot |")
    assert "(figure.svg)" in part
    assert "lost, ± 0.05 1/year" in tornado_of(parts["sensitivity"], 0)


def test_the_page_says_what_the_model_cannot(text):
    assert "**Whether the treatment works.**" in section(text, "## What the model cannot say")


def test_no_row_of_a_table_breaks(text):
    for line in text.splitlines():
        if line.startswith("|"):
            assert line.endswith("|")
            assert "\n" not in line
