import pytest

from equipoise.analysis.displays import TABLES, Table, rounding, show
from equipoise.analysis.displays.scene import pretty
from equipoise.analysis.displays.tables import protocol
from equipoise.protocol import plan

SHOWN = {
    "characteristics": ["BASELINE"],
    "primary": ["RELIEF", "RELIEF_OBSERVED"],
    "proportion": ["RELIEF_OBSERVED"],
    "tipping-point": ["RELIEF_TIPPING"],
    "number": ["PAIN", "PAIN_CHANGE"],
    "adverse-events": ["EVENTS"],
    "hypoglycaemia": ["LOW_GLUCOSE"],
    "disposition": ["ENDS"],
    "exposure": ["DOSES"],
}


def table(scene, kind: str, **more: object) -> Table:
    fields = {"display": "table", "name": kind.upper(), "title": kind, "section": "primary"}
    given = {**fields, "kind": kind, "analyses": SHOWN[kind], **more}
    (shown,) = show(plan.Table.model_validate(given), scene)
    assert isinstance(shown, Table)
    return shown


def cells(shown: Table, label: str) -> tuple[str, ...]:
    return next(tuple(map(str, row.cells)) for row in shown.rows if row.label == label)


def test_every_kind_of_table_of_the_plan_can_be_made():
    assert set(TABLES) == set(plan.Table.model_fields["kind"].annotation.__args__)
    assert set(TABLES) == {*SHOWN, "titration"}  # nothing is titrated in this trial


@pytest.mark.parametrize("kind", sorted(SHOWN))
@pytest.mark.parametrize("show", [["mean-sd"], ["mean-sd", "median-quartiles"]])
def test_every_row_has_a_cell_for_every_column(knee, kind, show):
    shown = table(knee, kind, show=show)

    for row in shown.rows:
        assert not row.cells or len(row.cells) == len(shown.columns) - 1
    if shown.spans:
        assert sum(width for _, width in shown.spans) == len(shown.columns) - 1


def test_the_primary_endpoint_is_shown_by_every_method(knee):
    shown = table(knee, "primary")

    assert cells(shown, "Miettinen–Nurminen")[3] == "25.0 (−41.5 to 74.2)"
    assert cells(shown, "Wald")[:3] == ("2/4 (50.0)", "1/3 (33.3)", "1/4 (25.0)")
    assert shown.spans[1:] == (("High dose minus Placebo", 2), ("Low dose minus Placebo", 2))


def test_means_are_shown_with_their_sd_and_difference(knee):
    shown = table(knee, "number", analyses=["PAIN_CHANGE"])
    value = {
        name: knee.value("PAIN_CHANGE", name, group="HIGH", encounter="WEEK6")
        for name in ("n", "mean", "sd")
    }
    row = next(row for row in shown.rows if row.cells)

    assert row.cells[0] == f"{value['n']:.0f}"
    assert row.cells[1] == f"{value['mean']:.2f} ± {value['sd']:.2f}".replace("-", "−")


def test_the_grid_of_missing_responders_starts_with_the_main_analysis(knee):
    shown = table(knee, "tipping-point")
    where = {"group": "HIGH v PLACEBO", "encounter": "WEEK6", "method": "fisher"}

    assert [row.label for row in shown.rows if not row.cells] == [
        "Missing counted as responders, High dose",
        "Missing counted as responders, Low dose",
    ]
    assert shown.columns == ("", "0")  # nobody of the placebo arm is missing
    assert cells(shown, "0") == (rounding.p_value(knee.value("RELIEF", "p", **where)),)


def test_no_difference_is_estimated_at_baseline(knee):
    shown = table(knee, "number", analyses=["PAIN"])

    assert cells(shown, "Day 0")[-4:] == ("", "", "", "")


def test_a_row_of_no_events_says_with_which_share_it_is_compatible(knee):
    notes = " ".join(table(knee, "adverse-events").notes)

    assert "compatible with a true share of up to" in notes


def test_adverse_events_are_counted_by_arm_and_in_total(knee):
    shown = table(knee, "adverse-events")
    any_event = cells(shown, "Any event")

    for group, cell in zip((*knee.arms, None), any_event, strict=True):
        events = knee.value("EVENTS", "events", endpoint="any", group=group)
        assert cell.startswith(f"{events:.0f} (")


def test_participants_without_a_value_are_counted(knee):
    shown = table(knee, "characteristics")

    for row in shown.rows:
        if row.label == "Missing, n":
            assert any(cell != "0" for cell in row.cells)


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("kg/m2", "kg/m²"),
        ("umol/L", "µmol/L"),
        ("ng.min/mL", "ng·min/mL"),
        ("U/kg/d", "U/kg/d"),
        ("mU/L", "mU/L"),
        ("1", ""),
    ],
)
def test_units_are_written_as_people_write_them(unit, shown):
    assert pretty(unit) == shown


def test_a_notebook_is_given_a_table_with_headed_rows_and_columns(knee):
    html = table(knee, "primary")._repr_html_()

    assert html.count("<caption>") == 1
    assert 'scope="col"' in html
    assert 'scope="row"' in html
    assert 'colspan="2"' in html


def test_another_day_of_a_visit_stands_in_its_remark(reference):
    shown = protocol.visits(reference, "en")
    week9 = next(row for row in shown.rows if row.label == "Week 9")

    assert week9.cells[-1].endswith("Conflict: day 84 (Chinese account, Methods, every 12 weeks).")
