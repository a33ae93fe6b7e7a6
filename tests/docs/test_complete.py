"""What the documentation must mention is mentioned."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from equipoise.cli.commands import app

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(typer.main.get_command(app).commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_with_its_options(command):
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")

    assert f"## equipoise {command}\n" in page
    assert f"```{{command-options}} {command}\n" in page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_that_help_shows_is_in_the_table(command, command_line, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs" / "_ext")
    import pieces

    _, shown = command_line(["equipoise", command, "--help"])
    options = set(re.findall(r"--[a-z][a-z-]*", shown)) - {"--help"}

    assert options == set(re.findall(r"--[a-z][a-z-]*", pieces.options(command)))
    sys.modules.pop("pieces")


def test_every_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    page = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))

    assert rows == {re.split(r"[\[<>=]", name)[0] for name in wanted}


def test_the_citation_has_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    assert f"version: {project['project']['version']}\n" in citation
