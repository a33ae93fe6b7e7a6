from __future__ import annotations

import ast
import doctest
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

from equipoise import conduct

MODULES = [
    module.name
    for module in walk_packages(conduct.__path__, "equipoise.conduct.")
    if not module.name.endswith("postgresql")  # its driver is an extra
]
FOLDER = Path(conduct.__file__).parent
PURE = ["entry", "clocks", "committee", "judgement", "projections", "roles", "canonical"]
PURE += [
    f"{area}/{path.stem}"
    for area in ("commands", "events", "state")
    for path in (FOLDER / area).glob("*.py")
]
WORLD = {"sqlite3", "psycopg", "pathlib", "os", "time", "random", "secrets", "threading"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_conduct_come_out_as_written(name):
    assert doctest.testmod(import_module(name)).failed == 0


def test_only_the_log_and_the_import_of_a_log_write():
    writers = {
        path.relative_to(FOLDER).as_posix()
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"insert", "writing"}
    }

    assert writers == {"log.py", "portable.py"}


@pytest.mark.parametrize("name", PURE)
def test_what_decides_knows_no_file_clock_database_or_random_generator(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    imported = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert not imported & WORLD
