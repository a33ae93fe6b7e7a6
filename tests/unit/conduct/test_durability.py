"""A trial's folder that was cut off, raced, locked or emptied: nothing passes that is not whole."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from hashlib import sha256
from threading import Thread

import pytest

from equipoise.conduct import backup, folder, keyfiles
from equipoise.conduct.canonical import canonical
from equipoise.conduct.commands.amendment import Amend
from equipoise.conduct.commands.trial import Appoint, OpenTrial
from equipoise.conduct.entry import EMPTY
from equipoise.conduct.heads import hold, signed_head
from equipoise.conduct.portable import export_log, import_log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.storage import turns
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.vault import unlogged
from equipoise.conduct.verification import set_back, verify
from equipoise.errors import ConductError, EquipoiseError, LogError
from equipoise.protocol.load import SHIPPED

from .amending import CHANGES, changed
from .conftest import NOON

ANNA = Actor("anna", Role.ADMINISTRATOR)
AMEND = Amend("2026-17", "longer follow-up")


@pytest.fixture
def trial(tmp_path):
    """A trial that was opened, in its folder."""
    made = tmp_path / "trial"
    log = folder.make(SHIPPED / "template", made)
    log.append(OpenTrial(), by=ANNA, at=NOON, command="open")
    log.append(Appoint("dan", Role.MONITOR), by=ANNA, at=NOON, command="dan")
    log.storage.close()
    return made


@pytest.fixture
def newer(tmp_path):
    """Version 1.1 of its study."""
    return changed(tmp_path / "newer", *CHANGES).folder


def amend(place, study, command="amend"):
    return folder.amend(place, study, AMEND, by=ANNA, at=NOON, command=command)


@pytest.mark.parametrize("harm", ["missing", "empty"])
def test_a_database_that_is_gone_is_no_empty_log(trial, harm):
    """A new one would be made in its place, verified, backed up and signed."""
    path = trial / "trial.sqlite"
    for part in trial.glob("trial.sqlite*"):
        part.unlink()
    if harm == "empty":
        path.touch()

    with pytest.raises(LogError, match=r"trial.sqlite is missing or empty: restore the trial"):
        folder.log_of(trial)
    assert not path.exists() or not path.stat().st_size


def test_a_backup_made_while_the_protocol_is_amended_is_whole(trial, newer, tmp_path, monkeypatch):
    def amended_meanwhile(log, place):
        amend(trial, newer)
        return export_log(log, place)

    monkeypatch.setattr(backup, "export_log", amended_meanwhile)
    backup.back_up(folder.log_of(trial), tmp_path / "backup", of=trial)
    backup.restore(tmp_path / "backup", tmp_path / "again")

    again = folder.log_of(tmp_path / "again")
    assert again.study.protocol.version == "1.1"
    again.append(Appoint("mo", Role.MONITOR), by=ANNA, at=NOON, command="mo")


@pytest.mark.parametrize("harm", ["gone", "edited", "first edited"])
def test_a_backup_without_the_files_that_were_in_force_is_refused(trial, newer, tmp_path, harm):
    amend(trial, newer)
    made = tmp_path / "backup"
    backup.back_up(folder.log_of(trial), made, of=trial)
    if harm == "gone":
        shutil.rmtree(made / "versions")
    else:
        study = made / ("versions/1.1" if harm == "edited" else "study")
        form = study / "forms" / "vitals.yaml"
        form.write_text(form.read_text() + "# note\n")

    with pytest.raises(LogError, match="as it came into force"):
        backup.restore(made, tmp_path / "again")
    assert not list(tmp_path.glob("*again*"))


def test_a_version_whose_files_are_gone_is_not_replaced_by_another(trial, newer):
    amend(trial, newer)
    shutil.rmtree(trial / "versions")

    with pytest.raises(EquipoiseError):
        folder.log_of(trial)


def test_a_refused_amendment_leaves_the_accepted_files_alone(trial, newer, tmp_path):
    """Two at once with different files under one number: the second waits, and is refused."""
    other = changed(tmp_path / "other", *CHANGES, forms=[("low: 60", "low: 100")]).folder
    said = []

    def try_(study, command):
        try:
            amend(trial, study, command)
            said.append(study)
        except ConductError as error:
            said.append(str(error))

    both = [Thread(target=try_, args=(s, s.name)) for s in (newer, other)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    (won,) = (one for one in said if not isinstance(one, str))
    kept = trial / "versions" / "1.1" / "forms" / "vitals.yaml"
    assert kept.read_bytes() == (won / "forms" / "vitals.yaml").read_bytes()
    folder.log_of(trial).append(Appoint("mo", Role.MONITOR), by=ANNA, at=NOON, command="mo")


def test_a_restore_that_is_cut_off_can_be_done_again(trial, tmp_path, monkeypatch):
    backup.back_up(folder.log_of(trial), tmp_path / "backup", of=trial)
    monkeypatch.setattr(backup, "verify", interrupted)
    with pytest.raises(KeyboardInterrupt):
        backup.restore(tmp_path / "backup", tmp_path / "again")
    monkeypatch.undo()

    assert not (tmp_path / "again").exists()
    backup.restore(tmp_path / "backup", tmp_path / "again")


def interrupted(*_):
    raise KeyboardInterrupt


def test_a_writer_that_never_ends_does_not_hold_the_others_for_ever(trial, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    log = folder.log_of(trial)
    with (
        turns.turn(trial / "trial.sqlite.turn"),
        pytest.raises(LogError, match="another process has been writing"),
    ):
        log.append(Appoint("mo", Role.MONITOR), by=ANNA, at=NOON, command="mo")
    log.append(Appoint("mo", Role.MONITOR), by=ANNA, at=NOON, command="mo")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_turn_that_may_not_be_written_is_told(trial):
    (trial / "trial.sqlite.turn").chmod(0o400)

    with pytest.raises(LogError, match="cannot be opened for writing"):
        folder.log_of(trial).append(OpenTrial(), by=ANNA, at=NOON, command="x")


def rechained(place, change):
    """The export with one line changed and every hash after it right."""
    lines, before = [], bytes(32)
    for line in (place / "main.jsonl").read_text().splitlines():
        said = change(json.loads(line)["line"])
        text = canonical(said)
        before = sha256(before + text).digest()
        lines.append(f'{{"hash":"{before.hex()}","line":{text.decode()}}}\n')
    (place / "main.jsonl").write_text("".join(lines))


@pytest.mark.parametrize(
    "said",
    [{"at": "yesterday"}, {"after": 9999}, {"role": "king"}, {"zone": "Mars/North"}],
    ids=str,
)
def test_a_line_that_no_log_would_write_is_refused(trial, tmp_path, said):
    export_log(folder.log_of(trial), tmp_path / "out")
    rechained(tmp_path / "out", lambda line: {**line, **said} if line["sequence"] == 2 else line)
    storage = SQLite(tmp_path / "again.sqlite")

    with pytest.raises(LogError):
        import_log(storage, tmp_path / "out")
    with storage.reading() as session:
        assert not list(session.rows("SELECT * FROM main"))
    storage.close()


@pytest.mark.parametrize("chain", ["main", "vault"])
def test_a_line_that_was_edited_and_is_well_formed_is_not_imported(scene, tmp_path, chain):
    """Its hash is the old one, or that of a line that the next does not follow."""
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE")
    for number, hashes in enumerate((False, True)):
        out = tmp_path / f"out{number}"
        export_log(scene.log, out)
        path = out / f"{chain}.jsonl"
        first, *rest = path.read_text().splitlines(keepends=True)
        said = json.loads(first)["line"]
        edited = canonical({**said, "reason": "edited"})
        before = sha256(bytes(32) + edited).hexdigest() if hashes else json.loads(first)["hash"]
        path.write_text(f'{{"hash":"{before}","line":{edited.decode()}}}\n' + "".join(rest))
        storage = SQLite(tmp_path / f"again{number}.sqlite")
        with pytest.raises(LogError, match=f"{chain}: line {2 if hashes else 1} or the one before"):
            import_log(storage, out)
        with storage.reading() as session:
            assert not list(session.rows("SELECT * FROM main"))
        storage.close()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 0)])
def test_a_commit_is_on_disk_before_it_returns_but_in_a_rehearsal(tmp_path, durable, level):
    """No test here cuts the power; that SQLite is told to wait for the disk is what can be asked."""
    storage = SQLite(tmp_path / "trial.sqlite", durable=durable)
    with storage.reading() as session:
        assert list(session.rows("PRAGMA synchronous")) == [(level,)]
        assert list(session.rows("PRAGMA journal_mode")) == [("wal",)]
        assert list(session.rows("PRAGMA foreign_keys")) == [(1,)]
    storage.close()


def test_a_commit_to_postgresql_is_on_disk_whatever_the_servers_default(server, postgresql):
    import psycopg

    name = dict(one.split("=") for one in postgresql.address.split())["dbname"]
    with psycopg.connect(server.address("postgres", "postgres"), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
    with postgresql.reading() as session:
        assert list(session.rows("SHOW synchronous_commit")) == [("on",)]


@pytest.mark.parametrize("line", ['{"command":5}', '{"command":null}', "[" * 100_000])
def test_a_line_that_is_no_entry_is_told_not_thrown(trial, tmp_path, line):
    export_log(folder.log_of(trial), tmp_path / "out")
    (tmp_path / "out" / "main.jsonl").write_text(f'{{"hash":"{"0" * 64}","line":{line}}}\n')
    storage = SQLite(tmp_path / "again.sqlite")

    with pytest.raises(LogError, match="is not a line of an exported log"):
        import_log(storage, tmp_path / "out")
    storage.close()


def test_a_trial_brought_back_to_an_older_state_is_found_with_the_last_head(trial, tmp_path):
    old = shutil.copytree(trial, tmp_path / "old")
    log, key = folder.log_of(trial), keyfiles.signing_key()
    log.append(Appoint("mo", Role.MONITOR), by=ANNA, at=NOON, command="mo")
    head = signed_head(log, "main", at=NOON, private=key.private)

    hold(log, head, public=key.public)
    with pytest.raises(LogError, match="not the log that was signed: the log ends at"):
        hold(folder.log_of(old), head, public=key.public)
    with pytest.raises(LogError, match="not signed with this key"):
        hold(log, head, public=keyfiles.signing_key().public)


def test_what_the_vault_answered_beside_the_log_is_found(trial, tmp_path):
    log, register = folder.log_of(trial), tmp_path / "register"
    register.mkdir()
    (register / f"{log.tip('main').hash.hex()}.json").touch()
    assert unlogged(register, log.lines("main")) == []
    (register / f"{'ab' * 32}.json").touch()

    assert unlogged(register, log.lines("main")) == ["ab" * 32]
    assert log.tip("main") != EMPTY


def test_a_clock_that_was_set_back_is_told_and_is_no_break_of_the_chain(trial):
    log = folder.log_of(trial)
    assert not list(set_back(log.entries("main")))
    earlier = NOON - timedelta(days=30)
    log.append(Appoint("mo", Role.MONITOR), by=ANNA, at=earlier, command="mo")
    log.append(Appoint("may", Role.MONITOR), by=ANNA, at=NOON, command="may")

    assert list(set_back(log.entries("main"))) == [
        "main: line 3 has an earlier time than one before it"
    ]
    assert verify(log)["main"].sequence == 4
