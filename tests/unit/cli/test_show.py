import json

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from equipoise import api
from equipoise.cli.commands import app
from equipoise.cli.show import findings, wrapped

ORDER = {
    "en": ("Does not hold", "Holds only under a condition", "Holds", "Cannot be checked"),
    "zh": ("不成立", "仅在特定条件下成立", "成立", "无法核对"),
}


@pytest.fixture(scope="module")
def found():
    return api.reproduce()


@pytest.fixture
def shown(monkeypatch, capsys, found):
    """What the terminal shows of the reference study's findings."""

    def show(lang, columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        findings(found, lang)
        return capsys.readouterr().out

    return show


@pytest.mark.parametrize("columns", [60, 80, 140])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_fit_the_terminal_and_lose_nothing(shown, lang, columns):
    output = shown(lang, columns)

    assert max(map(cell_len, output.splitlines())) <= columns
    assert "…" not in output


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_does_not_hold_comes_first_and_all_are_counted(shown, found, lang, columns):
    output = shown(lang, columns)
    headings = [line.split(" · ") for line in output.splitlines() if line.endswith("──")]
    counts = {
        words: int(rest.split()[0]) for words, rest in (pair for pair in headings if len(pair) == 2)
    }

    assert tuple(counts) == ORDER[lang]
    assert output.rstrip().endswith(str(sum(counts.values())))
    assert sum(counts.values()) == len(found)


@pytest.mark.parametrize("columns", [80, 140])
def test_chinese_output_has_no_english_heads_and_no_ids(shown, columns):
    output = shown("zh", columns)

    for words in (
        "Published",
        "Recomputed",
        "Why",
        "PLACEBO",
        "WEEK48",
        "Placebo",
        "week",
        "values",
    ):
        assert words not in output


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("降幅为27.78 %，因此", ["降幅为", "27.78 %，", "因此"]),
        ("完成者（45）：有", ["完成者", "（45）：", "有"]),
        ("a ± 1.25 (2)", ["a ± 1.25", "(2)"]),
        ("χ², p = 0.02; no", ["χ²,", "p = 0.02;", "no"]),
        ("37.2 %; no 3", ["37.2 %;", "no 3"]),
        ("one\ntwo", ["one", "two"]),
        ("", [""]),
    ],
)
def test_lines_end_at_spaces_or_between_chinese_characters(text, lines):
    assert wrapped(text, 9).split("\n") == lines


def test_json_findings_are_complete_and_unrounded(found):
    told = json.loads(CliRunner().invoke(app, ["reproduce", "--json"]).output)
    rows = {row["id"]: row for row in told}
    [wald] = [one for one in rows["responders-interval"]["recomputed"] if one["agrees"]]

    assert len(told) == len(found)
    assert wald["events"] == [9, 2]
    assert wald["lower"] == pytest.approx(2.2460, abs=5e-5)
    assert len(str(wald["lower"])) > 10
    assert rows["responders-p"]["label"] == {
        "en": "Primary endpoint, week 48, between arms",
        "zh": "主要终点，第48周，组间比较",
    }
