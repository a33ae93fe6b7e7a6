"""A trial's folder: the study's files as the trial was opened under them, and where its log is.

trial/study/          protocol, forms and the rest, as they were
trial/trial.sqlite    the log; or
trial/postgresql.txt  the connection string of the database that holds it
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from equipoise.conduct.log import Log
from equipoise.conduct.storage.session import Storage
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.errors import LogError
from equipoise.protocol.load import find_study, load_study

STUDY: Final = "study"
FILE: Final = "trial.sqlite"
_ADDRESS: Final = "postgresql.txt"


def make(study: str | Path, folder: Path, *, address: str | None = None) -> Log:
    """Make the folder of a new trial, or nothing at all.

    Args:
        study: A study folder, or the name of one that is shipped.
        folder: Where; it is not there yet.
        address: Connection string of a PostgreSQL database; SQLite in the folder if not given.

    Raises:
        StudyError: The study has problems.
        LogError: The folder is there already.
    """
    load_study(study)
    if folder.exists():
        raise LogError(f"{folder} is there already; give a new folder for a new trial")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        shutil.copytree(find_study(study), unfinished / STUDY)
        if address is not None:
            (unfinished / _ADDRESS).write_text(f"{address}\n", encoding="utf-8")
        unfinished.rename(folder)
    except OSError as error:
        raise LogError(f"{folder} cannot be made: {error}") from error
    return log_of(folder)


def log_of(folder: Path) -> Log:
    """The log of the trial in a folder.

    Raises:
        LogError: There is no trial.
        StudyError: Its study has problems.
    """
    if not (folder / STUDY).is_dir():
        made = f"equipoise open STUDY {folder}"
        raise LogError(f"{folder} is no folder of a trial; make one with: {made}")
    return Log(load_study(folder / STUDY), storage_of(folder))


def storage_of(folder: Path) -> Storage:
    """The database of the trial in a folder."""
    address = folder / _ADDRESS
    if not address.is_file():
        return SQLite(folder / FILE)
    try:
        from equipoise.conduct.storage.postgresql import PostgreSQL
    except ImportError as error:
        raise LogError("PostgreSQL needs its driver: pip install equipoise[postgresql]") from error
    return PostgreSQL(address.read_text(encoding="utf-8").strip())
