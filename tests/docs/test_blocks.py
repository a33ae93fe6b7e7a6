"""Every code block of the documentation runs, in order, in an empty folder for each page.

* ``python``: run, or compared with what ``>>>`` shows.
* ``console``: ``$ equipoise …`` is run and the lines below it are compared, ``...`` standing for
  anything.
* ``yaml``: its first line says where it goes: ``# my-trial/forms/blood.yaml``, a new file, or
  ``# my-trial/protocol-1.0.yaml, under eligibility``, the end of that list.
* ``diff``: lines with ``-`` are replaced by those with ``+`` in the file named after ``---``.
* ``r``: run by Rscript where there is R.
* ``text``: a drawing of folders, a formula; nothing to run.
"""

import doctest
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from sybil.document import Document
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if not path.is_relative_to(ROOT / "docs" / "_build")
)
RUN_BY_CI = ("git", "cd", "python3", "pytest")  # set up and tested by bootstrap.py, not here
LANGUAGES = {"python", "console", "yaml", "diff", "r", "text"}


def ids(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_block_does_what_the_page_says(page, desk, command_line):
    parsers = (
        PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE),
        CodeBlockParser("console", lambda block: console(block.parsed, command_line)),
        CodeBlockParser("yaml", lambda block: add(block.parsed)),
        CodeBlockParser("diff", lambda block: change(block.parsed)),
        CodeBlockParser("r", lambda block: in_r(block.parsed)),
    )

    for block in Document.parse(str(page), *parsers):
        block.evaluate()


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "README.md"], ids=ids)
def test_every_block_is_of_a_kind_that_is_tested(page):
    fences = re.findall(r"^ *```+(.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)

    opening = fences[::2]

    assert len(fences) % 2 == 0
    assert {fence for fence in opening if not fence.startswith("{")} <= LANGUAGES


def console(block, command_line):
    """Run the commands of a block and compare what they print."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, wanted = part.partition("\n")
        words = shlex.split(command)
        if words[0] in RUN_BY_CI:
            continue
        assert words[0] == "equipoise", f"$ {command}: only equipoise is run here"
        status, printed = command_line(words)
        if not wanted.strip():
            assert status == 0, printed
            continue
        told = f"$ {command}\nThe page says:\n{wanted}\nIt printed:\n{printed}"
        assert same(wanted, printed), told


def same(wanted, printed):
    """Whether a page tells what was printed, however wide the gaps in tables are.

    A line ``...`` may also stand for nothing.
    """
    lines = (narrow(line.rstrip()) for line in wanted.strip("\n").splitlines())
    parts = (
        "(?:.*\n)?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n"
        for line in lines
    )
    return re.fullmatch("".join(parts), narrow(printed), re.DOTALL)


def narrow(text):
    """The text with one space for many and one line-drawing character for many."""
    return re.sub(r"([ ─])\1+", r"\1", text)


def add(block):
    """Write a new file, or add lines to the end of a top-level list of a file."""
    first, _, lines = block.partition("\n")
    path, _, key = first.removeprefix("# ").partition(", under ")
    file = Path(path)
    if not key:
        file.write_text(block, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    (part,) = re.findall(rf"^{key}:.*\n(?:[ #].*\n|\n)*", text, re.MULTILINE)
    file.write_text(text.replace(part, part.rstrip() + "\n" + lines + "\n"), encoding="utf-8")


def change(block):
    """Replace lines of a file."""
    first, *lines = block.splitlines()
    file = Path(first.removeprefix("--- "))
    text = file.read_text(encoding="utf-8")
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    assert text.count(old) == 1, f"{file}: {old!r} is there {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")


def in_r(block):
    """Run a block in R."""
    if program := shutil.which("Rscript"):
        subprocess.run([program, "-"], input=block, text=True, check=True, capture_output=True)
