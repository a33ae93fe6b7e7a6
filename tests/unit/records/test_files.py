from pathlib import Path

import polars as pl
import pytest

from equipoise.errors import OutputError, RecordsError
from equipoise.protocol.load import load_study
from equipoise.records import Records, read_records, write_records
from equipoise.records.schemas import TABLES

KNEE = Path(__file__).parents[2] / "data" / "knee"


@pytest.fixture(scope="module")
def records() -> Records:
    return read_records(KNEE / "records", load_study(KNEE / "study"))


@pytest.fixture
def folder(records, tmp_path) -> Path:
    return write_records(records, tmp_path / "records")


def test_what_is_written_is_what_is_read(records, folder):
    assert read_records(folder) == records


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_one_kind_of_file_is_enough(records, folder, kind):
    for path in folder.glob(f"*.{kind}"):
        path.unlink()

    assert read_records(folder) == records


def test_equal_records_give_equal_bytes(records, folder, tmp_path):
    shuffled = {name: frame.reverse() for name, frame in records.tables.items()}

    again = write_records(Records(shuffled, records.origin), tmp_path / "again")

    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {path.name: path.read_bytes() for path in again.iterdir()} == written
    assert set(written) == {
        "origin.json",
        *(f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")),
    }


def test_a_folder_that_is_there_is_never_written_over(records, folder):
    with pytest.raises(OutputError, match="there is something already"):
        write_records(records, folder)


def test_a_write_that_fails_leaves_nothing(records, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)

    with pytest.raises(OutputError, match="No space left"):
        write_records(records, tmp_path / "records")
    assert list(tmp_path.iterdir()) == []


def test_files_that_disagree_are_refused(folder):
    path = folder / "glucose.csv"
    path.write_text(path.read_text().replace("5.0", "5.1"))

    with pytest.raises(RecordsError, match=r"glucose.parquet and glucose.csv differ"):
        read_records(folder)


def test_every_file_that_cannot_be_read_is_told_at_once(folder):
    (folder / "visits.parquet").write_bytes(b"PAR1 no")
    (folder / "doses.csv").write_text("participant,volume\nP01,much\n")
    (folder / "titration.csv").unlink()
    (folder / "titration.parquet").unlink()
    (folder / "origin.json").write_text('{"kind": "guessed"}')

    with pytest.raises(RecordsError) as caught:
        read_records(folder)

    told = [line.split(":")[0] for line in str(caught.value).splitlines()]
    assert told == ["visits", "doses", "titration", "origin.json"]


def test_a_table_separated_by_semicolons_is_told(folder):
    path = folder / "disposition.csv"
    (folder / "disposition.parquet").unlink()
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")

    with pytest.raises(RecordsError, match=r"disposition.csv is separated by semicolons"):
        read_records(folder)


def test_records_of_another_study_are_refused(folder, reference):
    with pytest.raises(RecordsError, match="records of KNEE, not of NCT02302599"):
        read_records(folder, reference)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(RecordsError, match="there is no folder of this name"):
        read_records(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "written", ["05/01/2026", "2026/01/05", "5 Jan 2026", "2026-1-5x", "20260105"]
)
def test_a_date_is_never_guessed(folder, written):
    for path in folder.glob("*.parquet"):
        path.unlink()
    path = folder / "participants.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = lines[1].split(",")
    place = lines[0].split(",").index("consent_date")
    fields[place] = written
    path.write_text("\n".join([lines[0], ",".join(fields), *lines[2:]]) + "\n", encoding="utf-8")

    with pytest.raises(
        RecordsError, match=r"participants.csv, line 2: consent_date is '.*'; write"
    ):
        read_records(folder)
