"""Records on disk: a folder with a Parquet and a CSV file a table, the same rows in both.

Parquet is for machines, CSV for people and other programs. Text is UTF-8, lines end with LF, dates
are written 2015-10-08, a missing value is an empty field and an empty text is ``""``.
``origin.json`` says what made them.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError
from pydantic import TypeAdapter, ValidationError

from equipoise.errors import OutputError, RecordsError
from equipoise.protocol.whole import Study
from equipoise.records.check import check_records
from equipoise.records.origin import Origin
from equipoise.records.schemas import TABLES
from equipoise.records.tables import Records

ORIGIN = "origin.json"


def write_records(records: Records, folder: str | Path) -> Path:
    """Write records to a new folder, whole or not at all; equal records give equal bytes.

    Raises:
        OutputError: There is something at ``folder`` already, or it cannot be written.
    """
    folder = Path(folder)
    if folder.exists():
        raise OutputError(f"{folder}: there is something already. Give another name or remove it.")
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    try:
        partial.mkdir(parents=True)
        for name, frame in records.tables.items():
            frame.write_parquet(partial / f"{name}.parquet", compression="zstd")
            frame.write_csv(partial / f"{name}.csv")
        origin = json.dumps(asdict(records.origin), indent=2, sort_keys=True, ensure_ascii=False)
        (partial / ORIGIN).write_text(origin + "\n", encoding="utf-8", newline="\n")
        partial.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def read_records(folder: str | Path, study: Study | None = None) -> Records:
    """Read records and check them.

    Each table is read from its Parquet file, its CSV file, or both, which must then agree.

    Args:
        folder: Where they are.
        study: The study they belong to; without it only the tables themselves are checked.

    Raises:
        RecordsError: All problems found, one a line: the table, the row, what is wrong, what to do.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise RecordsError(f"{folder}: there is no folder of this name. Give one with records.")
    problems: list[str] = []
    tables: dict[str, pl.DataFrame] = {}
    for name in TABLES:
        frame = _read_table(folder, name, problems)
        if frame is not None:
            tables[name] = frame
    origin = _read_origin(folder / ORIGIN, problems)
    if origin is not None and study is not None and origin.study != study.name:
        problems.append(f"{ORIGIN}: records of {origin.study}, not of {study.name}")
    problems = problems or check_records(tables, study)
    if problems or origin is None:
        raise RecordsError("\n".join(problems))
    return Records(tables, origin)


def _read_origin(path: Path, problems: list[str]) -> Origin | None:
    try:
        return TypeAdapter(Origin).validate_json(path.read_bytes())
    except OSError:
        problems.append(f"{path.name}: missing; it says what made the records, write it again")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        problems.append(f"{path.name}: {where}: {first['msg']}; write it again")
    return None


def _read_table(folder: Path, name: str, problems: list[str]) -> pl.DataFrame | None:
    """One table, or None and its problems."""
    parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
    found: list[pl.DataFrame] = []
    try:
        if parquet.exists():
            found.append(pl.read_parquet(parquet, glob=False))
        if csv.exists():
            found.append(_read_csv(csv, name, problems))
    except (PolarsError, OSError) as error:
        problems.append(f"{name}: cannot be read: {str(error).splitlines()[0]}")
        return None
    if not found:
        problems.append(f"{name}: there is neither {parquet.name} nor {csv.name} in {folder}")
        return None
    if len(found) == 2 and not found[0].equals(found[1]):
        problems.append(
            f"{name}: {parquet.name} and {csv.name} differ; remove the one that is wrong"
        )
        return None
    return found[0]


def _read_csv(path: Path, name: str, problems: list[str]) -> pl.DataFrame:
    """A table; dates are read only as they are written here, so that none is guessed."""
    columns = TABLES[name].columns
    header = pl.read_csv(path, n_rows=0, glob=False).columns
    if len(header) == 1 and ";" in header[0]:
        problems.append(f"{name}: {path.name} is separated by semicolons; save it with commas")
    types = {column: columns.get(column, pl.String()) for column in header}
    dates = [column for column in header if columns.get(column) == pl.Date()]
    read = pl.read_csv(path, schema=types | dict.fromkeys(dates, pl.String()), glob=False)
    for column in dates:
        parsed = read[column].str.to_date("%Y-%m-%d", strict=False)
        wrong = read.with_row_index("row", offset=2).filter(
            parsed.is_null() & read[column].is_not_null()
        )
        if not wrong.is_empty():
            line, given = wrong.select("row", column).row(0)
            problems.append(
                f"{name}: {path.name}, line {line}: {column} is {given!r}; "
                "write dates as 2015-10-08"
            )
        read = read.with_columns(parsed.alias(column))
    return read
