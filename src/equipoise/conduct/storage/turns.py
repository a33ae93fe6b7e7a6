"""One writer at a time, in the order they came: a lock on a file, across processes.

SQLite alone would keep writers apart as well, but makes each of them sleep and try again. The lock
ends with its process, however that ends. Where the system has no such lock, SQLite's own remains.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module that is not there


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for the turn, and give it back at the end."""
    if fcntl is None:
        yield
        return
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o660)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
