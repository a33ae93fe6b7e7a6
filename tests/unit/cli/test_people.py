"""Personal details from the command line: recorded, read by few, forgotten."""

from __future__ import annotations

import stat

import pytest

from equipoise.conduct.folder import log_of
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, NotPermittedError, SealError

from .typed import say

NAME = "somebody who is made up"


@pytest.fixture
def trial(tmp_path):
    trial = tmp_path / "trial"
    say("open", "background-insulin", trial, "--by", "anna")
    for person, role, *site in (
        ("nora", "study nurse", "site=S1"),
        ("li", "investigator", "site=S1"),
        ("dan", "data manager"),
    ):
        said = (f"person={person}", f"role={role}", *site)
        say("do", trial, "appoint", *said, "--by", "anna")
    consent = ("participant=S1-001", "form=icf-1", "language=en", "on=2025-01-06")
    say("do", trial, "consent", *consent, "--by", "nora")
    return trial


def details(trial, by, *more):
    keys = trial.with_name("people.keys")
    return say("details", trial, "S1-001", "--keys", keys, "--by", by, *more)


def test_details_are_recorded_and_read_at_the_site_alone(trial):
    with pytest.raises(ConductError, match="no personal details of S1-001 are recorded"):
        details(trial, "nora")
    details(trial, "nora", f"name={NAME}", "telephone=000")

    assert details(trial, "li").splitlines() == [f"{'name':12} {NAME}", f"{'telephone':12} 000"]
    details(trial, "li", "name=another")
    assert details(trial, "nora") == f"{'name':12} another\n"
    with pytest.raises(NotPermittedError):
        details(trial, "dan")
    with pytest.raises(NotPermittedError):
        details(trial, "dan", "name=x")
    kept = [path.read_bytes() for path in trial.rglob("*") if path.is_file()]
    assert not [one for one in kept if NAME.encode() in one]
    assert stat.S_IMODE(trial.with_name("people.keys").stat().st_mode) == 0o600


def test_erasing_destroys_the_key_and_the_log_stays_whole(trial):
    details(trial, "nora", f"name={NAME}")
    with pytest.raises(ConductError, match="give the reason"):
        details(trial, "li", "--erase")
    assert NAME in details(trial, "li")
    for _ in range(2):  # again, should the machine have stopped in between
        details(trial, "li", "--erase", "--reason", "asked to be forgotten")
        with pytest.raises(SealError, match="the details were erased"):
            details(trial, "li")
    with pytest.raises(ConductError, match="the details were erased"):
        details(trial, "nora", f"name={NAME}")
    assert verify(log_of(trial))["personal"].sequence == 1


def test_a_wrong_file_of_keys_is_told(trial):
    details(trial, "nora", f"name={NAME}")
    with pytest.raises(SealError, match="there is no file of keys"):
        say("details", trial, "S1-001", "--keys", trial.with_name("none"), "--by", "nora")
    other = trial.with_name("other.keys")
    other.write_text("this is no file of keys, and long enough not to be taken for an empty one")
    with pytest.raises(SealError, match="no file of keys that can be used"):
        say("details", trial, "S1-001", "--keys", other, "--by", "nora")
    with pytest.raises(ConductError, match="give details as NAME=VALUE"):
        details(trial, "nora", "name")
