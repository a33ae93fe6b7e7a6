"""A trial from the command line: from the keys to the opened list, and back from a backup."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from equipoise.cli.commands import app
from equipoise.conduct import verifier
from equipoise.conduct.folder import log_of
from equipoise.errors import ConductError, EquipoiseError, LogError, SealError

from .typed import say

runner = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Keys, a sealed list and an opened trial."""
    tmp_path = tmp_path_factory.mktemp("made")
    for holder in ("preparer", "vault", "custodian", "log"):
        say("keys", holder, tmp_path / "keys")
    public = [f"--key={tmp_path}/keys/{who}.pub" for who in ("preparer", "vault", "custodian")]
    say("seal", "nct02302599", *public, "--out", tmp_path / "list.json")
    folder = tmp_path / "trial"
    say("open", "nct02302599", folder, "--by", "anna")
    for person, role in (("kai", "list custodian"), ("dan", "data manager")):
        say("do", folder, "appoint", f"person={person}", f"role={role}", "--by", "anna")
    say("do", folder, "appoint", "person=li", "role=investigator", "site=S1", "--by", "anna")
    say("do", folder, "deposit list", f"@{tmp_path}/list.json", "--by", "kai")
    return tmp_path


@pytest.fixture
def sealed(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "list.json"


@pytest.fixture
def trial(sealed):
    return sealed.parent / "trial"


def test_private_keys_and_lists_are_for_their_owner_alone_and_never_written_over(sealed):
    keys = sealed.parent / "keys"
    private = [sealed, *keys.glob("*.key"), *keys.glob("*.share")]

    assert len(private) == 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    before = (keys / "vault.key").read_text()
    with pytest.raises(SealError, match="never written over"):
        say("keys", "vault", keys)
    assert (keys / "vault.key").read_text() == before


def test_nobody_makes_keys_for_a_holder_that_does_not_exist(tmp_path):
    with pytest.raises(SealError, match="preparer, vault, custodian"):
        say("keys", "administrator", tmp_path)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["nonsense"], "holds no public key"),
        (["equipoise private key of vault: " + "0" * 64], "holds no public key"),
    ],
)
def test_a_file_that_is_no_public_key_is_refused(tmp_path, given, message):
    (tmp_path / "some.pub").write_text(given[0])
    with pytest.raises(SealError, match=message):
        say("seal", "nct02302599", f"--key={tmp_path}/some.pub", "--out", tmp_path / "list.json")
    assert not (tmp_path / "list.json").exists()


def test_a_seed_that_somebody_could_try_makes_no_list(made, tmp_path):
    """Whoever guesses it has the list: the protocol, which everybody reads, says the rest."""
    keys = [f"--key={made}/keys/{who}.pub" for who in ("preparer", "vault", "custodian")]
    asked = ["seal", "nct02302599", *keys, "--out", f"{tmp_path}/list.json", "--seed"]

    assert runner.invoke(app, [*asked, "20260105"]).exit_code == 2
    assert not (tmp_path / "list.json").exists()
    assert runner.invoke(app, [*asked, "9876543210123456789"]).exit_code == 0


def test_a_command_is_given_by_name_and_its_events_are_shown(trial):
    said = ["participant=S1-001", "language=zh", "on=2026-01-05"]
    shown = say("do", trial, "consent", *said, "form=icf-1", "--by", "li", "--id", "c1", "--json")
    again = say("do", trial, "consent", *said, "form=icf-1", "--by", "li", "--id", "c1", "--json")

    assert [event["event"] for event in json.loads(shown)] == ["Enrolled", "Consented"]
    assert shown == again
    assert say("show", trial, "--by", "li") == "S1-001\n"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["randomize", "participant=S1-001"], "Did you mean randomise"),
        (["randomise"], "randomise takes participant; participant is missing"),
        (["randomise", "person=x"], "is no part of it"),
        (["appoint", "person=x", "role=king"], "role is 'king'"),
        (["randomise", "@nowhere.json"], "cannot be read as JSON"),
        (["consent", "participant=x", "form=f", "language=zh", "on=2026-02-30"], "is no date"),
    ],
)
def test_a_command_that_cannot_be_understood_says_why_and_records_nothing(trial, asked, message):
    before = log_of(trial).tip("main")
    with pytest.raises(ConductError, match=message):
        say("do", trial, *asked, "--by", "li")
    assert log_of(trial).tip("main") == before


def test_who_has_no_role_does_nothing(trial):
    with pytest.raises(ConductError, match="'nobody' has no role in this trial"):
        say("do", trial, "randomise", "participant=x", "--by", "nobody")
    with pytest.raises(ConductError, match="li is investigator here, not data manager"):
        say("do", trial, "lock", "--by", "li", "--as", "data manager")


def test_a_release_test_that_does_not_pass_is_told_at_once_and_can_be_recorded_again(trial):
    say("do", trial, "appoint", "person=quin", "role=qualified person", "--by", "anna")
    lot = ("lot=C-1", "product=UC-MSC", "place=S1", "units=10", "expiry=2099-12-31", "passage=5")
    said = (*lot, "content=6e7", "volume=10", "storage=nitrogen", "--by", "quin")
    say("do", trial, "receive lot", *said)
    asked = ("do", trial, "test lot", "lot=C-1", "test=CD73", "on=2026-01-05", "--by", "quin")

    failing = "This does not pass: CD73 is 'positve', expected positive."
    assert say(*asked, "result=positve").splitlines() == [
        "Recorded where the blinded do not read.",
        f"{failing} If that is a slip, record the test again with reason=…",
    ]
    corrected = say(*asked, "result=positive", "reason=misspelt")
    assert corrected == "Recorded where the blinded do not read.\n"


def test_every_command_is_listed_with_who_may_give_it():
    listed = say("commands")

    assert "\nrandomise: Give the participant the next sealed slot" in listed
    assert "by: investigator, sub-investigator" in listed


def test_a_backup_comes_back_elsewhere_as_it_was(trial, tmp_path):
    say("backup", trial, tmp_path / "backup")
    say("restore", tmp_path / "backup", tmp_path / "again")

    assert say("verify", trial) == say("verify", tmp_path / "again")
    assert log_of(tmp_path / "again").entries("main") == log_of(trial).entries("main")


@pytest.mark.parametrize("harm", ["cut", "edited", "missing", "no ends"])
def test_a_harmed_backup_is_refused_and_leaves_nothing(trial, tmp_path, harm):
    say("backup", trial, tmp_path / "backup")
    path = tmp_path / "backup" / "log" / "main.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    if harm == "cut":
        path.write_bytes(b"".join(lines[:-1]))
    elif harm == "edited":
        path.write_bytes(b"".join(lines).replace(b"anna", b"anne"))
    elif harm == "missing":
        path.unlink()
    else:
        (tmp_path / "backup" / "ends.json").write_text("[]")
    with pytest.raises(LogError):
        say("restore", tmp_path / "backup", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_nothing_is_written_over(trial, tmp_path):
    say("backup", trial, tmp_path / "backup")
    for command in (
        ["backup", trial, tmp_path / "backup"],
        ["restore", tmp_path / "backup", trial],
        ["open", "nct02302599", trial, "--by", "x"],
    ):
        with pytest.raises(EquipoiseError, match="is there already"):
            say(*command)


def test_a_signed_head_and_the_one_file_verifier_tell_that_a_backup_holds(trial, tmp_path):
    say("head", trial, "--key", tmp_path / "keys" / "log.key", "--out", tmp_path / "heads")
    say("backup", trial, tmp_path / "backup")
    (head,) = (tmp_path / "heads").glob("main-*")
    public = (tmp_path / "keys" / "log.pub").read_text().split()[-1]
    log = tmp_path / "backup" / "log" / "main.jsonl"
    asked = [sys.executable, verifier.__file__, str(log), str(head), public]

    held = subprocess.run(asked, capture_output=True, text=True, check=False)
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    cut = subprocess.run(asked, capture_output=True, text=True, check=False)

    assert held.returncode == 0
    assert held.stdout.startswith("Verified: ")
    assert cut.returncode == 1
    assert "entries were signed" in cut.stderr


def test_two_shares_open_the_list_and_one_or_a_wrong_pair_does_not(sealed, tmp_path):
    def unseal(*shares: str) -> str:
        given = [f"--share={tmp_path}/keys/{share}" for share in shares]
        out = tmp_path / "openings.json"
        return say("unseal", sealed, "--study", "nct02302599", *given, "--out", out)

    for shares in (["custodian-1.share"], ["custodian-1.share"] * 2, ["vault.key", "vault.key"]):
        with pytest.raises(SealError):
            unseal(*shares)
    assert not Path(tmp_path / "openings.json").exists()
    assert "91 slots" in unseal("custodian-1.share", "custodian-3.share")


def test_a_folder_that_is_no_trial_is_refused(tmp_path):
    with pytest.raises(LogError, match="is no folder of a trial"):
        say("verify", tmp_path)
