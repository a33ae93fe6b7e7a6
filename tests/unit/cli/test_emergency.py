"""Emergency unblinding from the command line, as the four machines do it."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from equipoise.errors import NotPermittedError, SealError

from .typed import say

VALUES = {"AGE": ("55", "year"), "SEX": ("F", None), "STROKE": ("no", None), "SBP": ("150", "mmHg")}


def give(trial: Path, command: str, by: str, **parts: str | None) -> None:
    said = [f"{name}={value}" for name, value in parts.items() if value is not None]
    say("do", trial, command, *said, "--by", by)


@pytest.fixture
def trial(tmp_path, monkeypatch):
    """A trial with a participant in a slot; its keys and its list lie beside it."""
    monkeypatch.chdir(tmp_path)
    say("new", "my-trial")
    for holder in ("preparer", "vault", "custodian", "log"):
        say("keys", holder, "keys")
    public = [f"--key=keys/{who}.pub" for who in ("preparer", "vault", "custodian")]
    say("seal", "my-trial", *public, "--length", 4, "--out", "list.json")
    say("trust", "keys/vault.key", "list.json")
    say("trust", "investigator.key", "list.json")  # once, beside the folders of single nights
    say("open", "my-trial", "trial", "--by", "anna")
    give("trial", "appoint", "anna", person="kai", role="list custodian")
    give("trial", "appoint", "anna", person="li", role="investigator", site="S1")
    give("trial", "appoint", "anna", person="su", role="study nurse", site="S1")
    say("do", "trial", "deposit list", "@list.json", "--by", "kai")
    who = {"participant": "S1-001"}
    on = "2026-01-05"
    give("trial", "consent", "li", **who, form="icf-1", language="zh", on=on)
    for item, (value, unit) in VALUES.items():
        said = {"encounter": "SCREENING", "item": item, "value": value, "on": on, "unit": unit}
        give("trial", "record", "li", **who, **said)
    give("trial", "screen", "li", **who)
    give("trial", "randomise", "li", **who)
    return tmp_path


def ask(out="night/asked.json", by="li"):
    if not Path("night/investigator.pub").exists():
        say("keys", "investigator", "night")
    return say(
        *("unblind", "trial", "S1-001", "--reason", "anaphylaxis", "--by", by),
        *("--method", "password"),
        *("--for", "night/investigator.pub", "--signer", "keys/log.key", "--out", out),
    )


def answer(asked="night/asked.json", out="answer.txt"):
    return say(
        *("answer", asked, "--study", "my-trial", "--key", "keys/vault.key"),
        *("--log", "keys/log.pub", "--register", "register", "--out", out),
    )


def arm():
    shown = ("arm", "night/asked.json", "answer.txt", "--study", "my-trial")
    return say(*shown, "--key", "night/investigator.key")


def test_the_arm_is_shown_once_and_stands_nowhere(trial):
    ask()
    answer()
    written = [*Path("night").iterdir(), Path("answer.txt"), *Path("register").iterdir()]
    shown = arm()

    assert len(written) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in trial.glob("register/*")} == {0o600}
    private = [path for path in written if path.exists() and path.suffix != ".pub"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    whose = "S1-001, R0001: "
    assert "Not held against" not in shown
    assert shown in (f"{whose}TABLET, Tablet 药片组\n", f"{whose}PLACEBO, Placebo 安慰剂组\n")
    with pytest.raises(SealError):  # its key is gone
        arm()
    name = re.split("[:,] ", shown)[2]
    kept = [
        path
        for path in trial.rglob("*")
        if path.is_file() and not {"study", "my-trial", "list.json", "asked.json"} & set(path.parts)
    ]
    assert len(kept) > 10
    assert not [path for path in kept if name.encode() in path.read_bytes()]


def test_an_arm_that_is_not_held_against_the_list_is_shown_with_a_warning_first(trial, monkeypatch):
    """From within the key's folder the list above it is found as well."""
    ask()
    answer()
    Path("investigator.list").rename("night/other.list")
    shown = ("arm", "night/asked.json", "answer.txt", "--study", "my-trial")
    told = say(*shown, "--key", "night/investigator.key")
    assert told.index("Not held against the list") < told.index("S1-001, R0001")

    Path("night/other.list").rename("investigator.list")
    shutil.rmtree("night")
    ask(out="night/again.json")
    answer("night/again.json", "again.txt")
    monkeypatch.chdir("night")
    shown = ("arm", "again.json", "../again.txt", "--study", "../my-trial")
    assert "Not held" not in say(*shown, "--key", "investigator.key")


def test_sheets_of_another_list_than_the_one_noted_are_not_printed(trial):
    Path("keys/vault.list").write_text(f"equipoise list: {'0' * 32}\n")
    said = ("sheets", "list.json", "--study", "my-trial", "--key", "keys/vault.key")
    with pytest.raises(SealError, match="open nothing"):
        say(*said, "--out", "paper")


def test_the_paper_tells_the_same_arm_as_the_vault(trial):
    import pypdf

    from equipoise.protocol.load import load_study

    said = ("sheets", "list.json", "--study", "my-trial", "--key", "keys/vault.key")
    assert "sheets.pdf" in say(*said, "--out", "paper")
    ask()
    answer()
    found = re.split("[:,] ", arm())[2]
    slot = json.loads(Path("night/asked.json").read_text())["slot"][0]
    sheet, card = (
        next(
            text
            for page in pypdf.PdfReader(f"paper/{file}.pdf").pages
            if slot in (text := page.extract_text())
        )
        for file in ("sheets", "cards")
    )
    labels = [load_study("my-trial").arms[name].label.en for name in ("TABLET", "PLACEBO")]
    (code,) = (word for word in card.split() if len(word) == 9 and word[4] == "-")

    table = sheet[sheet.index("Code") :]
    before = table[: table.index(code)]
    assert max(labels, key=before.rfind) == load_study("my-trial").arms[found].label.en


def test_a_key_that_does_not_sign_the_log_is_refused_before_anything_is_recorded(trial):
    asked = (
        "unblind",
        "trial",
        "S1-001",
        "--reason",
        "anaphylaxis",
        "--by",
        "li",
        "--method",
        "password",
        "--out",
        "night/asked.json",
        "--for",
        "night/investigator.pub",
    )
    say("keys", "investigator", "night")
    before = say("verify", "trial")

    with pytest.raises(SealError, match=r"is the key of vault; this needs log\.key"):
        say(*asked, "--signer", "keys/vault.key")
    assert say("verify", "trial") == before


def test_the_vault_answers_once_and_nothing_that_was_not_recorded(trial):
    with pytest.raises(NotPermittedError):
        ask(by="su")
    assert not Path("night/asked.json").exists()
    ask()
    with pytest.raises(SealError, match="give a new file"):
        ask()
    answer()
    with pytest.raises(SealError, match="answered already"):
        answer(out="again.txt")
    asked = json.loads(Path("night/asked.json").read_text())
    asked["line"] = asked["line"].replace("S1-001", "S1-002")
    Path("forged.json").write_text(json.dumps(asked))
    with pytest.raises(SealError, match="not a line that the log has signed"):
        answer("forged.json", "forged.txt")
    for broken in ("list.json", "keys/vault.pub", "nothing.json"):
        with pytest.raises(SealError, match="nothing that unblind wrote"):
            answer(broken, "x.txt")
