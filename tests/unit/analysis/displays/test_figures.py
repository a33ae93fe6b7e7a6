import re

import pytest

from equipoise.analysis.displays import FIGURES, Figure, show
from equipoise.protocol import plan

SHOWN = {
    "over-time": ["PAIN"],
    "proportion": ["RELIEF_OBSERVED"],
    "diary": ["GLUCOSE"],
    "forest": ["RELIEF", "RELIEF_OBSERVED"],
    "flow": [],
}


def display(kind: str, **more: object) -> plan.Figure:
    fields = {"display": "figure", "name": kind.upper(), "title": kind, "section": "primary"}
    given = {**fields, "kind": kind, "analyses": SHOWN[kind], **more}
    return plan.Figure.model_validate(given)


def texts(figure: Figure) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.svg)


def test_every_kind_of_figure_of_the_plan_can_be_drawn():
    assert set(FIGURES) == set(plan.Figure.model_fields["kind"].annotation.__args__)
    assert set(FIGURES) == set(SHOWN)


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_a_figure_is_described_and_the_same_every_time(knee, kind):
    first, again = show(display(kind), knee), show(display(kind), knee)

    assert first == again
    for figure in first:
        assert figure.description
        assert f">{figure.description.split('.')[0]}" in figure.svg


@pytest.mark.parametrize("centre", ["mean", "median"])
@pytest.mark.parametrize("spread", ["sd", "se", "interval", "quartiles", "none"])
def test_a_course_says_what_its_points_and_bars_are(knee, centre, spread):
    (figure,) = show(display("over-time", centre=centre, spread=spread), knee)

    axis = " ".join(texts(figure))
    assert centre in axis
    assert {"sd": "SD", "se": "standard error", "interval": "CI", "quartiles": "quartiles"}.get(
        spread, ""
    ) in axis


def test_a_course_shows_its_unit_how_many_were_observed_and_each_arm(knee):
    (figure,) = show(display("over-time"), knee)

    words = texts(figure)
    n = knee.value("PAIN", "n", group="HIGH", encounter="WEEK6")
    assert "Participants observed" in words
    assert f"{n:.0f}" in words
    for arm in knee.arms:
        assert words.count(knee.arm(arm)) == 2  # at the line and beside the numbers


def test_bars_show_the_counts_behind_the_percentages(knee):
    (figure,) = show(display("proportion"), knee)

    assert "2/3" in texts(figure)  # RELIEF_OBSERVED, HIGH, week 6


def test_a_forest_has_a_drawing_for_each_comparison_with_the_reference(knee):
    figures = show(display("forest"), knee)

    assert [figure.name for figure in figures] == ["FOREST-HIGH v PLACEBO", "FOREST-LOW v PLACEBO"]
    assert "25.0 (−41.5 to 74.2)" in texts(figures[0])  # 2/4 v 1/4, Miettinen-Nurminen


def test_figures_of_several_analyses_are_told_apart(knee):
    figures = show(display("over-time", analyses=["PAIN", "PAIN_CHANGE"]), knee)

    assert len({figure.name for figure in figures}) == 2
    assert [figure.title for figure in figures] == ["Pain", "Change"]


def test_a_notebook_is_given_the_drawing_and_its_caption(knee):
    (figure,) = show(display("over-time"), knee)

    assert "<svg" in figure._repr_html_()
    assert "<b>over-time</b>" in figure._repr_html_()
