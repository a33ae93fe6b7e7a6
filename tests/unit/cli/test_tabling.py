"""Views as tables."""

from __future__ import annotations

from equipoise.cli.tabling import tables

ROWS = [
    {"participant": "S1-001", "verbatim": "Fell on the stairs and was found late", "serious": True},
    {"participant": "S1-002", "verbatim": None, "serious": False},
]


def shown(capsys, monkeypatch, value, width):
    monkeypatch.setenv("COLUMNS", str(width))
    tables(value)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]


def test_rows_are_a_table_where_there_is_room(capsys, monkeypatch):
    head, rule, first, second = shown(capsys, monkeypatch, ROWS, 100)

    assert head.split() == ["participant", "verbatim", "serious"]
    assert set(rule.strip()) == {"─"}
    assert first.split("  ")[0].strip() == "S1-001"
    assert first.endswith("yes")
    assert second.split() == ["S1-002", "–", "no"]


def test_no_column_is_lost_where_there_is_no_room(capsys, monkeypatch):
    lines = shown(capsys, monkeypatch, ROWS, 45)

    assert lines == [
        "participant S1-001, serious yes",
        "    verbatim: Fell on the stairs and was",
        "found late",
        "participant S1-002, serious no",
    ]


def test_values_are_a_table_of_items_and_encounters(capsys, monkeypatch):
    values = {"HBA1C[SCREENING]": "9.4", "AGE[SCREENING]": "52", "HBA1C[WEEK9]": None}
    lines = shown(capsys, monkeypatch, {"id": "S1-1", "values": values}, 80)

    assert [line.split() for line in lines if "─" not in line] == [
        ["id", "S1-1"],
        ["values"],
        ["item", "SCREENING", "WEEK9"],
        ["HBA1C", "9.4", "–"],
        ["AGE", "52"],
    ]


def test_what_is_empty_is_said(capsys, monkeypatch):
    assert shown(capsys, monkeypatch, [], 80) == ["Nothing."]


def test_values_are_a_line_an_item_where_there_is_no_room(capsys, monkeypatch):
    values = {"INSULIN_STABLE_MONTHS[SCREENING]": "14", "HBA1C[WEEK9]": "6.8"}

    assert shown(capsys, monkeypatch, values, 30) == [
        "item INSULIN_STABLE_MONTHS,",
        "SCREENING 14",
        "item HBA1C, WEEK9 6.8",
    ]
