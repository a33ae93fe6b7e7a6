import json

import pytest

from equipoise.errors import OutputError
from equipoise.output import free_folder, whole_folder, write_manifest
from equipoise.records import Origin

ORIGIN = Origin("simulated", "S", "1.0", "0.1.0", seed=1, trial=0)


def test_a_folder_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "results"
    with whole_folder(target) as folder:
        (folder / "a.txt").write_text("a")
        assert not target.exists()

    assert (target / "a.txt").read_text() == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_an_interrupted_run_leaves_nothing(tmp_path):
    def interrupted():
        with whole_folder(tmp_path / "results") as folder:
            (folder / "a.txt").write_text("a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_never_overwritten_unasked(tmp_path):
    (tmp_path / "results").mkdir()

    with pytest.raises(OutputError, match=r"exists already.*--out.*--replace"):
        whole_folder(tmp_path / "results").__enter__()


def test_only_a_folder_of_results_is_replaced(tmp_path):
    target = tmp_path / "results"
    target.mkdir()
    (target / "thesis.doc").write_text("dear")

    with pytest.raises(OutputError, match="holds something else than results"):
        whole_folder(target, replace=True).__enter__()

    (target / "thesis.doc").rename(target / "manifest.json")
    with whole_folder(target, replace=True) as folder:
        (folder / "new.txt").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.txt"]


def test_the_next_free_name_is_found(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out-2").mkdir()

    assert free_folder(tmp_path / "out") == tmp_path / "out-3"
    assert free_folder(tmp_path / "other") == tmp_path / "other"


def test_the_manifest_has_the_hash_of_every_file(tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "a.csv").write_text("abc")

    write_manifest(tmp_path, ORIGIN)
    manifest = json.loads((tmp_path / "manifest.json").read_text())

    assert manifest["kind"] == "simulated"
    assert manifest["seed"] == 1
    assert manifest["files"]["records/a.csv"] == {
        "bytes": 3,
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }
