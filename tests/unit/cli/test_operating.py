import json

import polars as pl
import pytest

from equipoise.cli.operating import Wanted, characteristics_to, summary
from equipoise.cli.show_trials import show
from equipoise.errors import OutputError, StudyError
from equipoise.protocol.load import TEMPLATE, load_study


@pytest.fixture(scope="module")
def study():
    return load_study(TEMPLATE)


def wanted(tmp_path, **more):
    return Wanted(trials=40, workers=1, work=tmp_path / "work", **more)


def test_a_run_writes_measures_trials_report_and_manifest(study, tmp_path):
    found, folder = characteristics_to(study, wanted(tmp_path), out=tmp_path / "out")

    assert {path.name for path in folder.iterdir()} == {
        "performance.parquet", "performance.csv", "trials", "report.html", "report.pdf",
        "figures", "manifest.json", "courses.csv",
    }  # fmt: skip
    measures = pl.read_parquet(folder / "performance.parquet")
    assert set(measures["scenario"]) == {"PLANNED"}
    assert {"power", "bias", "coverage", "empirical SE", "model SE"} <= set(measures["measure"])
    trials = pl.read_parquet(folder / "trials" / "PLANNED" / "*.parquet")
    assert set(trials["trial"]) == set(range(40))
    told = json.loads(json.dumps(summary(found, folder)))
    assert told["kind"] == told["courses"][0]["kind"] == "simulated"
    assert set(pl.read_csv(folder / "courses.csv")["quantity"]) == {"AGE", "SBP"}
    assert 0 <= told["scenarios"][0]["power"]["value"] <= 1


def test_the_same_command_gives_the_same_measures(study, tmp_path):
    _, first = characteristics_to(study, wanted(tmp_path), out=tmp_path / "a")
    _, second = characteristics_to(study, wanted(tmp_path / "new"), out=tmp_path / "b")

    name = "performance.parquet"
    assert (first / name).read_bytes() == (second / name).read_bytes()


def test_the_terminal_is_shown_the_power_and_the_report(study, tmp_path, capsys):
    found, folder = characteristics_to(study, wanted(tmp_path), out=tmp_path / "out")

    show(found, folder, "en")

    said = capsys.readouterr().out
    assert "Simulated" in said
    assert "As planned" in said
    assert "report.html" in said


def test_a_wrong_sweep_is_told(study, tmp_path):
    with pytest.raises(StudyError, match="--sweep participants: give name=value,value"):
        characteristics_to(study, wanted(tmp_path, sweep=("participants",)), out=tmp_path / "out")


def test_results_are_not_written_over_something_else(study, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")

    with pytest.raises(OutputError):
        characteristics_to(study, wanted(tmp_path), out=tmp_path / "out")


def test_the_reference_study_is_spread_over_its_parameter_sets(tmp_path, capsys):
    asked = Wanted(trials=80, settings=("analyses=[PRIMARY]",), workers=1, work=tmp_path / "work")
    found, folder = characteristics_to(load_study("nct02302599"), asked, out=tmp_path / "out")

    show(found, folder, "en")

    assert found.sets == 40
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "ensemble.yaml" in json.dumps(manifest)
    assert "too few to tell by how much the sets differ" in " ".join(
        capsys.readouterr().out.split()
    )


def test_the_fitted_parameters_alone_can_be_asked_for(tmp_path):
    asked = Wanted(
        trials=2,
        settings=("analyses=[PRIMARY]",),
        workers=1,
        work=tmp_path / "work",
        parameters="fitted",
    )
    found, _ = characteristics_to(load_study("nct02302599"), asked, out=tmp_path / "out")

    assert found.sets == 1


def test_an_ensemble_that_the_study_does_not_have_is_told(study, tmp_path):
    with pytest.raises(StudyError, match="has no ensemble"):
        characteristics_to(study, wanted(tmp_path, parameters="ensemble"), out=tmp_path / "out")


def test_what_a_program_is_told_is_json_without_numbers_that_are_none(study, tmp_path):
    found, folder = characteristics_to(study, wanted(tmp_path), out=tmp_path / "out")

    told = json.loads(json.dumps(summary(found, folder), allow_nan=False))

    assert told["scenarios"][0]["power"]["lower"] is None
