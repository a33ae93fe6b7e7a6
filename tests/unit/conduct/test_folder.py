"""A trial's folder with its log in PostgreSQL: installed, opened, backed up and brought back."""

from __future__ import annotations

import subprocess
import sys

import pytest

from equipoise.conduct.folder import log_of
from equipoise.conduct.log import Log
from equipoise.errors import LogError
from equipoise.protocol.load import SHIPPED, load_study


@pytest.fixture
def database(server):
    """Makes an empty database with the application's role; addresses of owner and role."""
    import psycopg

    def database(name):
        with psycopg.connect(server.address("postgres", "postgres"), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}".encode())
            if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = 'equipoise'").fetchone():
                db.execute("CREATE ROLE equipoise LOGIN")
        return server.address("postgres", name), server.address("equipoise", name)

    return database


def say(*arguments: object) -> str:
    """What a command prints, in a process of its own, as at a site."""
    asked = [sys.executable, "-m", "equipoise", *map(str, arguments)]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_a_trial_lives_in_postgresql_and_comes_back_from_its_backup(database, tmp_path):
    trial, again = tmp_path / "trial", tmp_path / "again"
    for name, folder in (("one_trial", trial), ("brought_back", again)):
        owner, address = database(name)
        say("install", owner, "--role", "equipoise")
        if folder == trial:
            say("open", SHIPPED / "template", trial, "--by", "anna", "--postgresql", address)
            say("do", trial, "appoint", "person=dan", "role=data manager", "--by", "anna")
            say("backup", trial, tmp_path / "backup")
        else:
            say("restore", tmp_path / "backup", again, "--postgresql", address)

    assert not (trial / "trial.sqlite").exists()
    assert say("verify", trial) == say("verify", again)
    logs = [log_of(folder) for folder in (trial, again)]
    assert logs[0].entries("main") == logs[1].entries("main")
    for log in logs:
        log.storage.close()


def test_a_database_that_cannot_be_reached_is_told_in_words():
    pytest.importorskip("psycopg")
    from equipoise.conduct.storage.postgresql import PostgreSQL, install

    nowhere = "host=nowhere.invalid user=a dbname=b"
    with pytest.raises(LogError, match=r"nowhere\.invalid"):
        install(nowhere, role="equipoise")
    with pytest.raises(LogError, match=r"nowhere\.invalid"):
        Log(load_study(SHIPPED / "template"), PostgreSQL(nowhere)).trial()
