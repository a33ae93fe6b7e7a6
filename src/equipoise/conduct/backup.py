"""Backup of a running trial, and its way back to an empty machine.

A backup is the study's files and every chain of one state of the log as JSON lines, the same from
SQLite and PostgreSQL, with the place where each chain ends. The keys of personal details are not in
it: they are kept, and destroyed, apart (``personal``).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from equipoise.conduct import folder as trial_folder
from equipoise.conduct.entry import EMPTY, Tip, read
from equipoise.conduct.events.event import CHAINS, Chain
from equipoise.conduct.log import Log
from equipoise.conduct.portable import export_log, import_log, imported
from equipoise.conduct.state.trial import Trial, recall_trial
from equipoise.conduct.verification import chained, verify
from equipoise.errors import LogError

ENDS: Final = "ends.json"
_LOG: Final = "log"
_STUDY: Final = trial_folder.STUDY


def back_up(log: Log, folder: Path, *, of: Path | None = None) -> Mapping[Chain, Tip]:
    """Write a backup while others write to the trial; it appears when it is whole and verified.

    Args:
        log: The trial's.
        folder: For the backup; not there yet.
        of: The trial's folder, with the files of every version; the log's study if not given.

    Returns:
        Where each chain of the backup ends.

    Raises:
        LogError: The folder is there already, or the log is broken.
    """
    with trial_folder.unfinished(folder) as place:
        export_log(log, place / _LOG)  # first: the files of what it says are there by then
        shutil.copytree(of / _STUDY if of else log.study.folder, place / _STUDY)
        if of and (of / trial_folder.VERSIONS).is_dir():
            shutil.copytree(of / trial_folder.VERSIONS, place / trial_folder.VERSIONS)
        ends = _ends(place)
        if of:
            trial_folder.complete(place, _trial(place))
        said = {chain: [tip.sequence, tip.hash.hex()] for chain, tip in ends.items()}
        (place / ENDS).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
        _to_disk(place, *place.rglob("*"))
    _to_disk(folder.parent)
    return ends


def restore(backup: Path, folder: Path, *, address: str | None = None) -> Mapping[Chain, Tip]:
    """Make the trial of a backup anew: chains verified, tables rebuilt and compared.

    Args:
        backup: What ``back_up`` wrote.
        folder: Where the trial is to be; not there yet.
        address: Connection string of an empty PostgreSQL database; SQLite if not given.

    Returns:
        Where each chain ends: that of the backup.

    Raises:
        LogError: It is no backup, it was altered or cut short, or the place is not empty.
    """
    if not (backup / ENDS).is_file():
        raise LogError(f"{backup} is no backup: it has no {ENDS}")
    if (found := _ends(backup)) != _said(backup / ENDS):
        raise LogError(f"{backup} does not end where {ENDS} says: it was cut short or altered")
    trial_folder.complete(backup, _trial(backup))
    with trial_folder.unfinished(folder) as place:
        trial_folder.fill(backup / _STUDY, place, address=address)
        if (backup / trial_folder.VERSIONS).is_dir():
            shutil.copytree(backup / trial_folder.VERSIONS, place / trial_folder.VERSIONS)
        log = trial_folder.log_of(place)
        import_log(log.storage, backup / _LOG)
        ends = verify(log)
        log.storage.close()
        if ends != found:
            raise LogError(f"{folder} does not end where the backup does")
    return ends


def _to_disk(*paths: Path) -> None:
    """Return once these files and folders are on disk."""
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _trial(backup: Path) -> Trial:
    """The trial, as the main chain of a backup tells."""
    with (backup / _LOG / "main.jsonl").open("rb") as file:
        entries = map(read, imported(file))
        return recall_trial(entry for entry in entries if entry.envelope.participant is None)


def _ends(backup: Path) -> dict[Chain, Tip]:
    ends: dict[Chain, Tip] = {}
    for chain in CHAINS:
        path = backup / _LOG / f"{chain}.jsonl"
        if not path.is_file():
            raise LogError(f"{path} is missing from the backup")
        with path.open("rb") as file:
            ends[chain] = EMPTY
            for line in chained(chain, imported(file)):
                ends[chain] = Tip(line.sequence, line.hash)
    return ends


def _said(path: Path) -> dict[str, Tip]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return {chain: Tip(number, bytes.fromhex(last)) for chain, (number, last) in said.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise LogError(f"{path} cannot be read: {error}") from error
