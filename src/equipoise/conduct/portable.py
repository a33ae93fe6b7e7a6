"""The whole log as JSON lines, out and in again: for backup, for inspection, for another database.

A line is ``{"hash":"…","line":…}`` with the entry's own bytes, so that whoever holds the file can
verify it (``verifier``) without knowing how JSON is made canonical.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from equipoise.conduct import reading
from equipoise.conduct.canonical import canonical
from equipoise.conduct.entry import EMPTY, Line, key
from equipoise.conduct.events.event import CHAINS, Chain
from equipoise.conduct.log import Log
from equipoise.conduct.projections import rows
from equipoise.conduct.storage.session import Session, Storage
from equipoise.conduct.verification import chained, understood
from equipoise.errors import ConductError, LogError

_OPENS: Final = b'{"hash":"'
_MIDDLE: Final = b'","line":'
_CLOSES: Final = b"}\n"


def exported(lines: Iterable[Line]) -> Iterator[bytes]:
    """Lines of a chain, as they stand in a file."""
    for line in lines:
        yield b"".join((_OPENS, line.hash.hex().encode(), _MIDDLE, line.line.encode(), _CLOSES))


def imported(lines: Iterable[bytes]) -> Iterator[Line]:
    """Lines of a file, as a database holds them.

    Raises:
        LogError: One is not a line of an exported log.
    """
    for number, raw in enumerate(lines, start=1):
        framed = raw[:9] == _OPENS and raw[73:82] == _MIDDLE and raw[-2:] == _CLOSES
        try:
            said = json.loads(raw[82:-2]) if framed else None
            if not isinstance(said, dict) or canonical(said) != raw[82:-2]:
                raise LogError(f"line {number} is not a line of an exported log")
            line = raw[82:-2].decode()
            hashed = bytes.fromhex(raw[9:73].decode())
            yield Line(said["sequence"], hashed, key(said["command"]), said["participant"], line)
        except (ValueError, KeyError, AttributeError, RecursionError, ConductError) as error:
            raise LogError(f"line {number} is not a line of an exported log: {error}") from error


def export_log(log: Log, folder: Path, chains: Iterable[Chain] = CHAINS) -> list[Path]:
    """Write chains of one state of the log to ``<chain>.jsonl``; a file appears when it is whole.

    Raises:
        LogError: A file is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with log.storage.reading() as session:
        for chain in chains:
            path = folder / f"{chain}.jsonl"
            if path.exists():
                raise LogError(f"{path} is there already; give another folder")
            unfinished = path.with_suffix(".unfinished")
            with unfinished.open("wb") as file:
                file.writelines(exported(reading.lines(session, chain)))
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
            paths.append(path)
    return paths


def import_log(storage: Storage, folder: Path) -> None:
    """Fill an empty database from an exported log: lines and tables, verified, all or nothing.

    Raises:
        LogError: The database is not empty, a file is missing, or the log is broken.
    """
    with storage.writing() as session:
        for chain in CHAINS:
            if reading.tip(session, chain) != EMPTY:
                raise LogError(f"the database holds a log already ({chain}); give an empty one")
            path = folder / f"{chain}.jsonl"
            if not path.is_file():
                raise LogError(f"{path}: there is no such file; export all chains")
            with path.open("rb") as file:
                _fill(session, chain, file)


def _fill(session: Session, chain: Chain, file: Iterable[bytes]) -> None:
    first = reading.first(session)
    for line in chained(chain, imported(file)):
        (entry,) = understood(chain, [line])
        session.insert(chain, [row := line.row(first)])
        first = first or row[-1]
        for table, added in rows(entry):
            session.insert(table, [added])
