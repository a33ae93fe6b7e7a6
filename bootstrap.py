"""Set Equipoise up on a machine that has Python 3.11 and git, and run it or its tests.

    python3 bootstrap.py run [options]    set up, then `equipoise run`
    python3 bootstrap.py test [options]   set up, then every check and test; options go to pytest

The environment is the folder .venv; its packages are those of requirements/*.txt, checked by hash.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports",)),
    ("documentation", ("sphinx-build", "-q", "-W", "--keep-going", "docs", "docs/_build/html")),
)


def call(*command: str | Path) -> int:
    """Run a program in the repository with the environment's programs first; its exit status."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    environ = os.environ | {"PATH": path, "VIRTUAL_ENV": str(ENVIRONMENT)}
    words = [str(part) for part in command]
    return subprocess.run(words, cwd=ROOT, env=environ, check=False).returncode


def set_up(requirements: str) -> None:
    """Make the environment hold exactly what a requirement file lists, and this package."""
    wanted, project = ROOT / "requirements" / f"{requirements}.txt", ROOT / "pyproject.toml"
    digest = hashlib.sha256(wanted.read_bytes() + project.read_bytes()).hexdigest()
    done = ENVIRONMENT / f"equipoise-{requirements}"
    if done.exists() and done.read_text() == digest:
        return
    print(f"Setting up {ENVIRONMENT.name} from {wanted.relative_to(ROOT)} ...", flush=True)
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    uv = (PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON)
    steps = (
        (*pip, "--require-hashes", "--requirement", ROOT / "requirements" / "uv.txt"),
        (*uv, "--require-hashes", "--requirement", wanted),
        (*uv, "--no-deps", "--no-build-isolation", "--editable", ROOT),
    )
    for step in steps:
        if status := call(*step):
            sys.exit(status)
    done.write_text(digest)


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    if sys.version_info < (3, 11):  # noqa: UP036 - somebody may start it with an older Python
        print(f"Equipoise needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
        return 2
    if not arguments or arguments[0] not in ("run", "test"):
        print(__doc__)
        return 2
    what, options = arguments[0], arguments[1:]
    if what == "run":
        set_up("run")
        return call(BIN / "equipoise", "run", *options)
    set_up("test")
    failed = []
    for name, command in (*CHECKS, ("tests", ("pytest", "-n", "auto", *options))):
        print(f"== {name}: {' '.join(command)}", flush=True)
        if call(BIN / command[0], *command[1:]):
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "All checks and tests passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
