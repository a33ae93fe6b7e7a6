"""What was changed inside the database is found by reading it again."""

from __future__ import annotations

import sqlite3

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent
from equipoise.conduct.entry import key
from equipoise.conduct.packing import packed, unpacked
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import chained, verify
from equipoise.errors import LogError

TAMPERED = {
    "edited": "UPDATE main SET line = (SELECT line FROM main WHERE sequence = 23) "
    "WHERE sequence = 24",
    "deleted": "DELETE FROM main WHERE sequence = 24",
    "filed under another participant": "UPDATE main SET participant = 'S1-002' WHERE sequence = 24",
    "filed under another command": "UPDATE main SET command = 1 WHERE sequence = 24",
    "value edited in the table": "UPDATE recorded SET value = '9' WHERE item = 'SBP' "
    "AND participant = 'S1-003'",
    "row added to a table": "INSERT INTO withdrawals VALUES ('S1-003', 9, 'death')",
    "row deleted from a table": "DELETE FROM bags",
    "commitment exchanged": "UPDATE slots SET commitment = 'x' WHERE slot = 'R0007'",
    "vault edited": "UPDATE vault SET line = (SELECT line FROM main WHERE sequence = 1) "
    "WHERE sequence = 1",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_changed_inside_the_database_is_found(any_scene, how):
    any_scene.randomise("S1-001")
    any_scene.prepare("S1-001", "BASELINE")
    any_scene.enrol("S1-003")
    verify(any_scene.log)
    if isinstance(any_scene.log.storage, SQLite):
        with sqlite3.connect(any_scene.log.storage.path) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                db.execute(f"DROP TRIGGER {name}")
            changed = db.execute(TAMPERED[how]).rowcount
        db.close()
    else:
        import psycopg

        address = any_scene.log.storage.address.replace("user=equipoise", "user=postgres")
        with psycopg.connect(address) as db:
            changed = db.execute(TAMPERED[how].encode()).rowcount

    assert changed == 1
    with pytest.raises(LogError):
        verify(any_scene.log)


@pytest.mark.parametrize("harm", [lambda kept: kept[:-1], lambda kept: kept + b"x", lambda _: b""])
def test_a_line_that_was_harmed_in_the_database_is_found(scene, harm):
    scene.enrol("S1-001")
    _rewrite(scene, lambda line, first: harm(packed(line, first)))

    with pytest.raises(LogError):
        verify(scene.log)


def test_a_value_edited_within_its_line_is_found(scene):
    scene.enrol("S1-001")
    _rewrite(scene, lambda line, first: packed(line.replace('"150"', '"151"'), first))

    with pytest.raises(LogError, match="altered"):
        verify(scene.log)


def _rewrite(scene, change):
    """Change the last line with a value, as one who can write to the file may."""
    with sqlite3.connect(scene.log.storage.path) as db:
        db.execute("DROP TRIGGER main_no_update")
        lines = db.execute("SELECT sequence, line FROM main ORDER BY sequence").fetchall()
        first = lines[0][1]
        read = [(number, unpacked(kept, first)) for number, kept in lines[1:]]
        number, line = next((n, line) for n, line in reversed(read) if '"150"' in line)
        changed = change(line, first)
        assert changed != packed(line, first)
        db.execute("UPDATE main SET line = ? WHERE sequence = ?", (changed, number))
    db.close()


def test_two_commands_that_share_a_key_are_told_apart(scene):
    """Their keys are half of a hash; here one is given the other's by hand."""
    scene.enrol("S1-001")
    with sqlite3.connect(scene.log.storage.path) as db:
        db.execute("DROP TRIGGER main_no_update")
        db.execute("UPDATE main SET command = ? WHERE participant = 'S1-001'", (key("new"),))
    db.close()

    (_, said) = scene.do(
        Consent("S1-002", "icf-1", "zh", PartialDate(2026, 1, 5)), scene.nurse, named="new"
    )
    assert said.envelope.participant == "S1-002"


def test_a_worksheet_cut_off_the_end_of_the_vault_is_found(scene):
    scene.randomise("S1-001")
    scene.prepare("S1-001", "BASELINE", bag="B-22222222")
    with sqlite3.connect(scene.log.storage.path) as db:
        db.execute("DROP TRIGGER vault_no_delete")
        db.execute("DELETE FROM vault WHERE sequence = (SELECT MAX(sequence) FROM vault)")
    db.close()

    with pytest.raises(LogError, match="bag B-22222222 and its worksheet"):
        verify(scene.log)


def test_a_line_that_is_not_the_next_is_found_though_its_hash_is_right(scene):
    first, second, *_ = scene.log.lines("main")

    with pytest.raises(LogError, match="after line 1 comes line 3"):
        list(chained("main", [first, second._replace(sequence=3)]))
