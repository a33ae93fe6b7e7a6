import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from equipoise import api
from equipoise.cli.commands import app, language
from equipoise.protocol.load import load_study

runner = CliRunner()

HEAVY = ("numba", "numpy", "polars", "matplotlib", "scipy", "pydantic", "typst", "yaml", "jinja2")


def test_help_loads_nothing_heavy():
    code = f"import sys; import equipoise.cli; print([m for m in {HEAVY} if m in sys.modules])"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "command",
    [own.name or own.callback.__name__.replace("_", "-") for own in app.registered_commands],
)
def test_every_command_explains_itself(command):
    shown = runner.invoke(app, [command, "--help"])

    assert shown.exit_code == 0
    assert "Usage" in shown.output


def test_check_says_that_the_reference_study_has_no_problems():
    shown = runner.invoke(app, ["check", "nct02302599"])

    assert shown.exit_code == 0
    assert "has no problems" in shown.output


def test_check_lists_problems_and_fails(template):
    path = template / "protocol-1.0.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("140 <= SBP", "140 <= SPB"))

    shown = runner.invoke(app, ["check", str(template)])
    told = runner.invoke(app, ["check", str(template), "--json"])

    assert shown.exit_code == told.exit_code == 1
    assert "protocol-1.0.yaml:" in shown.output
    assert "Did you mean SBP?" in shown.output
    assert len(json.loads(told.output)["problems"]) == 1


def test_studies_lists_the_reference_study():
    listed = json.loads(runner.invoke(app, ["studies", "--json"]).output)

    assert "nct02302599" in [row["name"] for row in listed]


def test_new_makes_a_study_that_has_no_problems(tmp_path):
    shown = runner.invoke(app, ["new", "blood-pressure", "--in", str(tmp_path)])

    assert shown.exit_code == 0
    assert load_study(tmp_path / "blood-pressure").name == "blood-pressure"
    assert (tmp_path / "blood-pressure" / "schemas" / "protocol.schema.json").is_file()


def test_new_copies_a_study_under_its_own_name(tmp_path):
    api.new("held-out", tmp_path, like="background-insulin")
    made, copied = load_study(tmp_path / "held-out"), load_study("background-insulin")

    assert made.name == "held-out"
    assert made.population == copied.population
    assert made.protocol == copied.protocol.model_copy(update={"study": "held-out"})


def test_simulate_tells_each_arm_visit_by_visit_in_both_languages(tmp_path):
    out = str(tmp_path / "records")
    asked = ["simulate", "background-insulin", "--out", out, "--replace"]

    english = runner.invoke(app, [*asked, "--lang", "en"]).output
    chinese = runner.invoke(app, [*asked, "--lang", "zh"]).output
    told = json.loads(runner.invoke(app, [*asked, "--json"]).output)

    assert "Week 24   Tablet" in english
    assert "< 7.0 %" in english
    assert "第24周   药片组" in chinese
    last = [
        one
        for one in told["courses"]["moments"]
        if (one["quantity"], one["encounter"]) == ("HBA1C", "WEEK24")
    ]
    assert [one["arm"] for one in last] == ["TABLET", "PLACEBO"]
    assert all(f"{one['mean']:.2f} ({one['sd']:.2f})" in english for one in last)


def test_a_study_without_a_plan_of_analysis_is_simulated_many_times(tmp_path):
    folder = api.new("planless", tmp_path, like="background-insulin")
    (folder / "analysis.yaml").unlink()

    told = json.loads(
        runner.invoke(app, ["simulate", str(folder), "--trials", "3", "--json"]).output
    )

    assert told["trials"] == 3
    assert any(one["change_mcse"] for one in told["moments"])


@pytest.mark.parametrize("name", ["", "1st", "a b", "../up", "a" * 41, "糖"])
def test_new_refuses_what_cannot_name_a_study(tmp_path, name):
    with pytest.raises(api.OutputError, match="cannot name a study"):
        api.new(name, tmp_path)


def test_new_does_not_touch_a_folder_that_exists(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("keep")

    with pytest.raises(api.OutputError, match="exists already"):
        api.new("mine", tmp_path)
    assert (tmp_path / "mine" / "note.txt").read_text() == "keep"


@pytest.mark.parametrize(
    ("chosen", "locale", "expected"),
    [("zh", "en_GB.UTF-8", "zh"), (None, "zh_CN.UTF-8", "zh"), (None, "en_GB.UTF-8", "en"), ("en", "zh_CN", "en")],
)  # fmt: skip
def test_the_language_is_the_chosen_one_or_the_locales(monkeypatch, chosen, locale, expected):
    for name in ("LANGUAGE", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)

    assert language(chosen) == expected


def test_an_interrupted_command_says_that_nothing_is_left(monkeypatch, capsys):
    from equipoise import api, cli

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "studies", interrupted)
    monkeypatch.setattr(sys, "argv", ["equipoise", "studies"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()

    assert stopped.value.code == 130
    assert "nothing is left half-written" in capsys.readouterr().err
