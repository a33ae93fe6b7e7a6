"""Everything that can be done to a stored or exported log, and that each is found."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from equipoise.conduct import heads, verifier
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, Randomise
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.log import Log
from equipoise.conduct.portable import export_log, exported, import_log
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.errors import LogError

AT = datetime(2026, 1, 5, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = PartialDate(2026, 1, 5)
SIGNER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = SIGNER.public_key().public_bytes_raw().hex()


def head_of(log, chain="main"):
    return heads.signed_head(log, chain, at=AT, private=SIGNER.private_bytes_raw())


@pytest.fixture
def signed(scene):
    """Lines of a log as exported, and the head that was signed over them."""
    scene.randomise("S1-001")
    scene.randomise("S1-002")
    return list(exported(scene.log.lines("main"))), head_of(scene.log)


def check(lines, head, public=PUBLIC):
    return verifier.verify(lines, verifier.verified_head(head, public))


def framed(entry: bytes, hashed: bytes) -> bytes:
    return b'{"hash":"' + hashed.hex().encode() + b'","line":' + entry + b"}\n"


def written_anew(lines):
    """The same log with every hash computed again, as a careful forger would."""
    before, anew = bytes(32), []
    for number, line in enumerate(lines, start=1):
        said = json.loads(line)["line"] | {"sequence": number}
        entry = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        before = sha256(before + entry).digest()
        anew.append(framed(entry, before))
    return anew


def test_an_untouched_log_is_verified_and_so_is_one_that_went_on(scene, signed):
    lines, head = signed
    scene.enrol("S1-003")
    longer = list(exported(scene.log.lines("main")))

    assert check(lines, head) == len(lines)
    assert check(longer, head) == len(longer) > len(lines)


def test_an_edited_entry_is_found(signed):
    lines, head = signed
    place = next(n for n, line in enumerate(lines) if b'"value":"150"' in line)
    lines[place] = lines[place].replace(b'"value":"150"', b'"value":"151"')

    with pytest.raises(verifier.Broken, match=f"line {place + 1} was altered"):
        check(lines, head)


def test_a_deleted_entry_is_found_also_with_new_hashes(signed):
    lines, head = signed
    del lines[7]

    with pytest.raises(verifier.Broken, match="line 8 was altered"):
        check(lines, head)
    with pytest.raises(verifier.Broken):
        check(written_anew(lines), head)


def test_reordered_entries_are_found_also_with_new_hashes(signed):
    lines, head = signed
    lines[7], lines[8] = lines[8], lines[7]

    with pytest.raises(verifier.Broken, match="line 8 was altered"):
        check(lines, head)
    with pytest.raises(verifier.Broken, match="written anew"):
        check(written_anew(lines), head)


def test_a_log_cut_short_is_found(signed):
    lines, head = signed

    for kept in (0, 1, len(lines) - 1):
        with pytest.raises(verifier.Broken, match=f"the log ends at {kept}"):
            check(lines[:kept], head)


def test_a_log_written_anew_from_an_edited_entry_on_is_found(signed):
    lines, head = signed
    place = next(n for n, line in enumerate(lines) if b'"value":"150"' in line)
    lines[place] = lines[place].replace(b'"value":"150"', b'"value":"151"')

    with pytest.raises(verifier.Broken, match="written anew"):
        check(written_anew(lines), head)


def test_a_head_signed_by_another_key_or_altered_is_refused(signed):
    lines, head = signed
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()

    with pytest.raises(verifier.Broken, match="not signed with this key"):
        check(lines, head, other)
    with pytest.raises(verifier.Broken, match="not signed with this key"):
        check(lines, head.replace(b'"main"', b'"vault"'))


def test_the_head_of_another_chain_or_study_does_not_fit(scene, signed):
    lines, _ = signed

    with pytest.raises(verifier.Broken, match="says that it is"):
        check(lines, head_of(scene.log, "vault"))


def test_every_bit_of_a_log_counts(signed):
    """Whatever single bit is turned, the log is not verified."""
    lines, head = signed
    line = lines[-1]

    for place in range(len(line)):
        turned = bytearray(line)
        turned[place] ^= 1
        with pytest.raises(verifier.Broken):
            check([*lines[:-1], bytes(turned)], head)


def test_the_verifier_runs_alone_as_one_file(quick_path, signed):
    """Isolated from this package: only the standard library and ``cryptography``."""
    lines, head = signed
    program = quick_path / "verifier.py"
    program.write_bytes(Path(verifier.__file__).read_bytes())
    log, signed_head = quick_path / "main.jsonl", quick_path / "head.json"
    log.write_bytes(b"".join(lines))
    signed_head.write_bytes(head)

    def run():
        arguments = [sys.executable, "-I", "-W", "error", program, log, signed_head, PUBLIC]
        return subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    assert run().stdout.startswith(f"Verified: the first {len(lines)} entries of my-trial, main")
    log.write_bytes(b"".join(lines[:-1]))
    assert run().returncode == 1
    assert "NOT VERIFIED: the log ends at" in run().stderr


def test_the_verifier_imports_only_the_standard_library_and_cryptography():
    import ast

    tree = ast.parse(Path(verifier.__file__).read_text())
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_a_slot_that_was_skipped_is_found(scene, monkeypatch):
    """By a faulty program, say; the tables alone would take it."""
    scene.enrol("S1-001")
    skipping = (Randomised("R0002", "OLDER=no", 2),)
    monkeypatch.setattr(Randomise, "decide", lambda *_: skipping)
    scene.do(Randomise("S1-001"), scene.investigator)

    with pytest.raises(LogError, match="R0002 was not the next slot"):
        verify(scene.log)


def test_a_log_exported_and_imported_is_the_same_log(any_scene, study, quick_path):
    any_scene.randomise("S1-001")
    any_scene.prepare("S1-001", "BASELINE")
    any_scene.do(Consent("S1-002", "icf-1", "zh", TODAY, details="00"), any_scene.nurse)
    export_log(any_scene.log, quick_path / "out")
    copy = SQLite(quick_path / "copy.sqlite")
    import_log(copy, quick_path / "out")

    assert verify(Log(study, copy)) == verify(any_scene.log)
    assert Log(study, copy).participant("S1-001") == any_scene.log.participant("S1-001")
    with pytest.raises(LogError, match="holds a log already"):
        import_log(copy, quick_path / "out")
    with pytest.raises(LogError, match="there already"):
        export_log(any_scene.log, quick_path / "out")
    copy.close()


SPOILT = {
    "cut within a line": lambda text: text[:-20],
    "not JSON": lambda text: text.replace(b'{"hash"', b"{hash", 1),
    "not canonical": lambda text: text.replace(b'"line":{', b'"line":{ ', 1),
    "not UTF-8": lambda text: text.replace(b'"nurse"', b'"nurs\xff"', 1),
    "an unknown event": lambda text: text.replace(b'"TrialOpened"', b'"TrialMoved"'),
    "empty lines": lambda text: text.replace(b"\n", b"\n\n", 1),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_broken_file_is_refused_and_nothing_is_imported(scene, study, quick_path, how):
    scene.randomise("S1-001")
    export_log(scene.log, quick_path / "out")
    main = quick_path / "out" / "main.jsonl"
    main.write_bytes(SPOILT[how](main.read_bytes()))
    copy = SQLite(quick_path / "copy.sqlite")

    with pytest.raises(LogError):
        import_log(copy, quick_path / "out")
    assert Log(study, copy).tip("main").sequence == 0
    copy.close()


def test_a_line_with_the_right_hash_that_is_not_canonical_is_not_imported(scene, study, quick_path):
    """Otherwise two logs with the same meaning would have other hashes."""
    export_log(scene.log, quick_path / "out")
    main = quick_path / "out" / "main.jsonl"
    entry = main.read_bytes().splitlines()[0][82:-1].replace(b'{"actor"', b'{ "actor"', 1)
    main.write_bytes(framed(entry, sha256(bytes(32) + entry).digest()))
    copy = SQLite(quick_path / "copy.sqlite")

    with pytest.raises(LogError, match="line 1 is not a line of an exported log"):
        import_log(copy, quick_path / "out")
    copy.close()


def test_an_online_backup_is_a_whole_log(scene, study, quick_path):
    scene.randomise("S1-001")
    scene.log.storage.backup(quick_path / "backup.sqlite")
    tips = verify(scene.log)
    scene.randomise("S1-002")
    backup = SQLite(quick_path / "backup.sqlite")

    assert verify(Log(study, backup)) == tips
    backup.close()
