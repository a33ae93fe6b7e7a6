"""One writer at a time, in the order they came: a lock on a file, across processes.

SQLite alone would keep writers apart as well, but makes each of them sleep and try again. The lock
ends with its process, however that ends. Where the system has no such lock, SQLite's own remains.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final

from equipoise.errors import LogError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module that is not there


PATIENCE: Final = 30.0  # seconds to wait for a turn


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for the turn, and give it back at the end.

    Raises:
        LogError: Another process did not give its turn back in time, or the file is not ours.
    """
    if fcntl is None:
        yield
        return
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o660)
    except OSError as error:
        raise LogError(f"{path} cannot be opened for writing: {error.strerror}") from error
    try:
        if not _taken(file):
            raise LogError(f"{path}: another process has been writing for {PATIENCE} seconds")
        yield
    finally:
        os.close(file)


def _taken(file: int) -> bool:
    """Wait in the order of those who came, at most so long.

    The system's lock keeps the order, but waits for ever: a thread waits instead, on a copy of the
    file that lives as long as it does.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        copy = os.dup(file)
        got = Event()
        Thread(target=_wait, args=(copy, got), daemon=True).start()
        return got.wait(PATIENCE)
    return True


def _wait(copy: int, got: Event) -> None:
    fcntl.flock(copy, fcntl.LOCK_EX)
    got.set()
    os.close(copy)
