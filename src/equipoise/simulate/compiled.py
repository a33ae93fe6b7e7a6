"""How the simulator compiles: same arithmetic on every processor, cached between runs.

No fast-math and no contraction, so that every processor rounds alike. Numba looks only at a
function's own file when it decides whether cached code is still good; here the cache has one folder
for each state of all files that are compiled, so that a changed rule never meets an old kernel.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config as numba_config

config: Any = numba_config  # its settings are made when it is imported
njit: Any = numba.njit  # its stub does not know options in a dictionary
F = TypeVar("F", bound=Callable[..., Any])


def _cache_folder() -> str | None:
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in ("rules", "simulate"):
        for file in sorted((package / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    home = config.CACHE_DIR or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    own = Path(home) / "equipoise" / digest.hexdigest()[:16]
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home: every run compiles
        return None
    return str(own)


_FOLDER = _cache_folder()


def _compile(function: F, **options: bool) -> F:
    cache = _FOLDER is not None
    before, config.CACHE_DIR = config.CACHE_DIR, _FOLDER or config.CACHE_DIR
    try:
        return cast("F", njit(error_model="numpy", cache=cache, **options)(function))
    finally:
        config.CACHE_DIR = before


# Without wrappers a function can be called from compiled code only, and compiles twice as fast.
_INSIDE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: F) -> F:
    """Compile a function that compiled functions call."""
    return _compile(function, **_INSIDE)


def inlined(function: F) -> F:
    """Compile a small function into its callers, so that a loop over lanes stays SIMD."""
    return _compile(function, forceinline=True, **_INSIDE)


def unlocked(function: F) -> F:
    """Compile a function that Python calls, and that lets other threads run beside it."""
    return _compile(function, nogil=True)
