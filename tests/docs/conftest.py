import contextlib
import dataclasses
import io
import shutil

import pytest

from equipoise import api
from equipoise.cli import main
from equipoise.output import free_folder


@pytest.fixture(scope="session")
def reference_trial(tmp_path_factory):
    """The reference study lived through once for all pages that run it, by language."""
    trials = {}

    def trial(run, lang):
        if lang not in trials:
            folder = tmp_path_factory.mktemp("reference") / "equipoise-output"
            trials[lang] = run(lang=lang, out=folder)
        return trials[lang]

    return trial


@pytest.fixture
def desk(tmp_path, monkeypatch, reference_trial):
    """An empty folder to work in, as a reader of one page has it."""
    run = api.run

    def run_reference_once(study=api.REFERENCE, *, seed=1, out=None, lang="en", **options):
        if (study, seed) != (api.REFERENCE, 1) or (out and out.exists()):
            return run(study, seed=seed, out=out, lang=lang, **options)
        trial = reference_trial(run, lang)
        target = out or free_folder()
        shutil.copytree(trial.folder, target)
        return dataclasses.replace(trial, folder=target)

    monkeypatch.setattr(api, "run", run_reference_once)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("LANGUAGE", "LC_ALL", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def command_line(desk, monkeypatch):
    """Run a command; its exit status and what it printed, with its errors if it failed.

    Progress goes to the error stream; on a terminal it is a bar that vanishes.
    """

    def command(words):
        monkeypatch.setattr("sys.argv", words)
        printed, told = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
            try:
                main()
                status = 0
            except SystemExit as stop:
                status = stop.code or 0
        shown = printed.getvalue() + (told.getvalue() if status else "")
        text = shown.replace("\N{NO-BREAK SPACE}", " ")
        lines = (line.rstrip() for line in text.splitlines())
        return status, "\n".join(lines).strip("\n") + "\n"

    return command
