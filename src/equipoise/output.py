"""Folders of results: written whole or not at all, never over something that is already there."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Final

from equipoise.errors import OutputError
from equipoise.records import Origin

DEFAULT: Final = Path("equipoise-output")
MANIFEST: Final = "manifest.json"


def free_folder(wanted: Path = DEFAULT) -> Path:
    """``wanted``, or the first of ``wanted-2``, ``wanted-3`` … that does not exist."""
    folder, number = wanted, 1
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    return folder


@contextmanager
def whole_folder(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a hidden folder to write in; it becomes ``target`` when the block ends without an error.

    Args:
        target: Where the results will be.
        replace: Whether an earlier folder of results may be replaced.

    Raises:
        OutputError: ``target`` exists and may not be replaced, or cannot be made.
    """
    if target.exists() and not replace:
        raise OutputError(
            f"{target} exists already. Choose another folder with --out, or give --replace."
        )
    if target.exists() and not (target / MANIFEST).is_file() and any(target.iterdir()):
        raise OutputError(f"{target} holds something else than results; it is not replaced.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{target} cannot be made: {error.strerror}.") from error
    try:
        yield partial
        partial.chmod(0o755)
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_manifest(folder: Path, origin: Origin) -> None:
    """Write ``manifest.json``: what made these results, and the size and SHA-256 of every file."""
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = asdict(origin) | {"files": files}
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
