"""The main job, from the protocol to the report."""

import json
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import equipoise
from equipoise import api
from equipoise.cli.commands import app
from equipoise.errors import EquipoiseError, OutputError
from equipoise.protocol.load import load_study


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return equipoise.run(seed=7, out=tmp_path_factory.mktemp("run") / "out")


def records_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "records").iterdir())}


def test_everything_that_is_promised_is_written(trial):
    written = {path.name for path in trial.folder.iterdir()}

    assert written == {
        "records",
        "results",
        "trial",
        "figures",
        "report.html",
        "report.pdf",
        "manifest.json",
    }
    assert len(list((trial.folder / "figures").glob("*.svg"))) >= 10


def test_the_manifest_names_every_file_with_its_hash(trial):
    manifest = json.loads((trial.folder / "manifest.json").read_text(encoding="utf-8"))
    files = {
        path.relative_to(trial.folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in trial.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == files
    assert (manifest["kind"], manifest["seed"]) == ("simulated", 7)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(trial, tmp_path):
    again = api.simulate_to(seed=7, out=tmp_path / "again")
    other = api.simulate_to(seed=8, out=tmp_path / "other")

    assert records_of(again.parent) == records_of(trial.folder)
    assert (
        records_of(other.parent)["measurements.csv"] != records_of(trial.folder)["measurements.csv"]
    )


def test_analysing_the_written_records_gives_the_same_results_and_report(trial, tmp_path):
    again = api.analyse_to(trial.folder / "records", out=tmp_path / "out")

    assert again.results.results.equals(trial.results.results)
    assert again.report.read_bytes() == trial.report.read_bytes()


def test_participants_are_those_of_the_protocol(trial):
    participants = trial.records["participants"]
    randomised = participants.filter(pl.col("randomised_date").is_not_null())

    assert randomised.height == 91
    assert participants.height > 120  # screening failures arise from the criteria
    assert sorted(randomised["arm"].value_counts()["count"]) in ([45, 46], [44, 47], [43, 48])


def test_nobody_who_is_not_eligible_is_randomised(trial):
    study = load_study("nct02302599")
    kinds = {criterion.id: criterion.kind for criterion in study.protocol.eligibility}
    randomised = trial.records["participants"].filter(pl.col("randomised_date").is_not_null())
    answers = trial.records["eligibility"].filter(
        pl.col("participant").is_in(randomised["participant"].to_list())
    )

    wanted = {"inclusion": "yes", "exclusion": "no"}
    assert answers.height == 91 * len(kinds)
    assert all(
        row["answer"] == wanted[kinds[row["criterion"]]] for row in answers.iter_rows(named=True)
    )


def test_a_notebook_shows_tables_and_figures_called_simulated(trial):
    shown = trial._repr_html_()

    assert "<table" in shown
    assert "<svg" in shown
    assert "Simulated" in shown


def test_an_existing_folder_is_refused_before_any_work(trial):
    with pytest.raises(OutputError, match="exists already"):
        equipoise.run(out=trial.folder)


def test_an_interrupted_run_leaves_nothing_that_looks_whole(tmp_path):
    def interrupt(stage, done):
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        equipoise.run(out=tmp_path / "out", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_new_study_is_checked_and_run_without_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    assert runner.invoke(app, ["new", "blood-pressure"]).exit_code == 0
    assert runner.invoke(app, ["check", "blood-pressure"]).exit_code == 0
    done = runner.invoke(app, ["run", "blood-pressure", "--json", "--lang", "zh"])

    assert done.exit_code == 0, done.output
    assert Path(json.loads(done.stdout)["report"]).is_file()
    assert "模拟" in (tmp_path / "equipoise-output" / "report.html").read_text(encoding="utf-8")


def test_records_of_another_study_are_refused(trial, tmp_path):
    api.new("other", tmp_path)

    with pytest.raises(EquipoiseError, match="records of NCT02302599, not of other"):
        api.analyse_to(trial.folder / "records", tmp_path / "other", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
