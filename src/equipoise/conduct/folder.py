"""A trial's folder: the study's files as the trial was opened under them, and where its log is.

trial/study/          protocol, forms and the rest, as they were
trial/versions/1.1/   the same of each later version of the protocol; sites may follow one by one
trial/trial.sqlite    the log; or
trial/postgresql.txt  the connection string of the database that holds it
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from equipoise.conduct import reading
from equipoise.conduct.commands.amendment import Amend
from equipoise.conduct.entry import Entry
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.state.trial import Trial
from equipoise.conduct.storage.session import Storage
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.storage.turns import turn
from equipoise.errors import ConductError, LogError
from equipoise.protocol.load import find_study, load_study
from equipoise.protocol.whole import Study

STUDY: Final = "study"
VERSIONS: Final = "versions"
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
    with unfinished(folder) as place:
        fill(study, place, address=address)
    return log_of(folder)


def fill(study: str | Path, place: Path, *, address: str | None) -> None:
    """Put what a new trial needs into a folder that is there."""
    shutil.copytree(find_study(study), place / STUDY)
    if address is not None:
        (place / _ADDRESS).write_text(f"{address}\n", encoding="utf-8")
    else:
        SQLite(place / FILE).make()


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A place that becomes the folder once all is done in it; what goes wrong leaves nothing.

    Raises:
        LogError: The folder is there already, or cannot be made.
    """
    if folder.exists():
        raise LogError(f"{folder} is there already; give a new folder")
    place = folder.with_name(f".{folder.name}.{uuid4().hex[:8]}.unfinished")
    try:
        place.mkdir(mode=0o700, parents=True)
        yield place
        place.rename(folder)
    except OSError as error:
        raise LogError(f"{folder} cannot be made: {error}") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def log_of(folder: Path, site: str | None = None) -> Log:
    """The log of the trial in a folder, with the study as it is in force.

    Args:
        folder: The trial's.
        site: Of whoever uses it; None for a role of the whole trial, which works with the newest.

    Raises:
        LogError: There is no trial.
        StudyError: Its study has problems.
    """
    storage, own = storage_of(folder), folder / STUDY
    with storage.reading() as session:
        trial = reading.trial(session)
    if len(trial.versions) > 1:
        in_force = trial.version_at(site)
        own = own if in_force == trial.versions[0] else folder / VERSIONS / in_force.version
    return Log(load_study(own), storage)


def complete(folder: Path, trial: Trial) -> None:
    """Demand the files of every version of the protocol, as they were when it came into force.

    Raises:
        LogError: Some are missing, or were changed.
    """
    for number, version in enumerate(trial.versions):
        own = folder / VERSIONS / version.version if number else folder / STUDY
        if not own.is_dir() or not version.same(load_study(own)):
            raise LogError(f"{own} does not hold version {version.version} as it came into force")


def amend(
    folder: Path, study: str | Path, asked: Amend, *, by: Actor, at: datetime, command: str
) -> tuple[Entry, ...]:
    """Bring a new version of the protocol into force, and keep its files in the trial's folder.

    Raises:
        StudyError: The new version has problems.
        ConductError: It is of another study, or the trial does not allow it now.
        LogError: Its files cannot be written.
    """
    new, storage = load_study(study), storage_of(folder)
    if new.name != (name := load_study(folder / STUDY).name):
        raise ConductError(f"{study} is study {new.name}; this trial is of {name}")
    place = folder / VERSIONS / new.protocol.version
    with turn(folder / "amend.turn"):  # or another amendment could write over these files
        try:
            if not _in_force(storage, new):
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(find_study(study), place)
            return Log(new, storage).append(asked, by=by, at=at, command=command)
        except OSError as error:
            raise LogError(f"{place} cannot be written: {error}") from error
        finally:
            if not _in_force(storage, new):
                shutil.rmtree(place, ignore_errors=True)


def _in_force(storage: Storage, study: Study) -> bool:
    """Whether a version is in force anywhere."""
    with storage.reading() as session:
        known = reading.trial(session).versions
    return any(one.version == study.protocol.version for one in known)


def storage_of(folder: Path) -> Storage:
    """The database of the trial in a folder.

    Raises:
        LogError: There is no trial.
    """
    if not (folder / STUDY).is_dir():
        made = f"equipoise open STUDY {folder}"
        raise LogError(f"{folder} is no folder of a trial; make one with: {made}")
    address = folder / _ADDRESS
    if not address.is_file():
        if not (folder / FILE).is_file() or not (folder / FILE).stat().st_size:
            raise LogError(f"{folder / FILE} is missing or empty: restore the trial from a backup")
        return SQLite(folder / FILE)
    try:
        from equipoise.conduct.storage.postgresql import PostgreSQL
    except ImportError as error:
        raise LogError("PostgreSQL needs its driver: pip install equipoise[postgresql]") from error
    return PostgreSQL(address.read_text(encoding="utf-8").strip())
