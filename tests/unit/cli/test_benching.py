"""The bench and the views of a trial, from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from equipoise.conduct import keyfiles
from equipoise.conduct.entry import EMPTY, Tip
from equipoise.conduct.folder import FILE, log_of
from equipoise.errors import ConductError, LogError, NotPermittedError, SealError

from .typed import say

PEOPLE = {
    "inge": "investigator", "nora": "study nurse", "piet": "unblinded preparer",
    "carl": "second checker", "inez": "infusion nurse",
}  # fmt: skip


@pytest.fixture
def place(made, tmp_path):
    """A copy of the trial."""
    return shutil.copytree(made, tmp_path / "place")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A trial with a released lot of each product and one randomised participant."""
    tmp_path = tmp_path_factory.mktemp("made")
    keys, trial = tmp_path / "keys", tmp_path / "trial"
    say("new", "my-trial", "--in", tmp_path)
    for holder in ("preparer", "vault", "custodian", "log"):
        say("keys", holder, keys)
    public = [f"--key={keys}/{who}.pub" for who in ("preparer", "vault", "custodian")]
    say("seal", tmp_path / "my-trial", *public, "--out", tmp_path / "list.json", "--length", 8)
    say("trust", keys / "preparer.key", tmp_path / "list.json")
    say("open", tmp_path / "my-trial", trial, "--by", "anna")

    def do(command, by, *said):
        return say("do", trial, command, *said, "--by", by)

    for person, role in PEOPLE.items():
        do("appoint", "anna", f"person={person}", f"role={role}", "site=S1")
    do("appoint", "anna", "person=kai", "role=list custodian")
    do("appoint", "anna", "person=quin", "role=qualified person")
    do("deposit list", "kai", f"@{tmp_path}/list.json")
    for name in ("TABLET", "PLACEBO"):
        lot = (f"lot=L-{name}", f"product={name}", "place=S1", "units=20", "content=5")
        do("receive lot", "quin", *lot, "expiry=2099-12-31", "storage=below 25 C")
        do("release lot", "quin", f"lot=L-{name}", "method=passkey")
    who, on = "participant=S1-01", "on=2026-01-05"
    do("consent", "inge", who, "form=icf-1", "language=en", on)
    for form, values, units in (
        ("history", {"AGE": "55", "SEX": "F", "STROKE": "no"}, {"AGE": "year"}),
        ("vitals", {"SBP": "150"}, {"SBP": "mmHg"}),
    ):
        said = (f"form={form}", f"values={json.dumps(values)}", f"units={json.dumps(units)}")
        do("record form", "nora", who, "encounter=SCREENING", on, *said)
    do("screen", "inge", who)
    do("randomise", "inge", who)
    return tmp_path


def prepared(place) -> str:
    asked = ("S1-01", "BASELINE", "--by", "piet", "--key", place / "keys" / "preparer.key")
    return say("prepare", place / "trial", *asked, "--yes")


def test_a_bag_is_made_up_and_checked_by_another_person(place):
    _, begins, told = prepared(place).partition("participant ")
    *sheet, done = (begins + told).splitlines()
    asked = ("S1-01", "BASELINE", "--by", "carl", "--key", place / "keys" / "preparer.key")
    checked = say("check-bag", place / "trial", *asked, typed="y\ny\ny\n")
    again = say("stock", place / "trial", "--by", "piet", "--key", asked[-1])

    assert {line.split()[0] for line in sheet} >= {"arm", "bag", "amount", "taken"}
    assert "None" not in checked
    assert set(sheet) <= set(checked.splitlines())
    assert done.startswith("Filed, sealed.")
    assert "left 19" in again
    assert "left 20" in again
    assert log_of(place / "trial").participant("S1-01").doses.bags["BASELINE"].checked_by == "carl"


def test_a_bag_that_does_not_agree_is_not_passed(place):
    prepared(place)
    asked = ("S1-01", "BASELINE", "--by", "carl", "--key", place / "keys" / "preparer.key")
    with pytest.raises(ConductError, match="discard it"):
        say("check-bag", place / "trial", *asked, typed="y\nn\ny\n")


def test_the_preparer_is_told_what_changed_on_the_shelf_and_stops_what_is_not_so(place):
    """Whoever writes to the database could put a lot there that is not, to see who runs short."""
    key = ("--key", place / "keys" / "preparer.key")
    asked = ("S1-01", "BASELINE", "--by", "piet", *key)
    with pytest.raises(SealError, match="the log says of a lot what is not so: make up nothing"):
        say("prepare", place / "trial", *asked, typed="n\n")
    assert not log_of(place / "trial").participant("S1-01").doses.bags
    told = say("prepare", place / "trial", *asked, typed="y\ny\n")
    assert "lot L-TABLET is released: 20 of TABLET, until 2099-12-31" in told

    bag = log_of(place / "trial").participant("S1-01").doses.bags["BASELINE"].code
    discard = ("participant=S1-01", "encounter=BASELINE", f"bag={bag}", "cause=spilled")
    say("do", place / "trial", "discard bag", *discard, "--by", "piet")
    again = say("prepare", place / "trial", *asked, typed="y\n")
    assert "lot L-" not in again.partition("taken")[0]


def test_an_encounter_without_a_dose_is_told_before_anything_is_asked(place):
    key = ("--key", place / "keys" / "preparer.key")
    prepared(place)  # the shelf is known from here on
    with pytest.raises(
        ConductError, match="no dose is given at 'WEEK12'; it is at BASELINE, WEEK4"
    ):
        say("prepare", place / "trial", "S1-01", "WEEK12", "--by", "piet", *key, typed="")


def test_a_file_that_is_called_like_the_fingerprint_is_not_read_for_it(place, monkeypatch):
    """The keeper could leave a list of his own in the preparer's folder, under that name."""
    said = "0123456789abcdef" * 2
    monkeypatch.chdir(place)
    shutil.copy(place / "list.json", said)
    assert say("trust", "keys/vault.key", said) == f"keys/vault.list: {said}\n"


def test_nothing_is_extracted_with_a_key_that_knows_no_list(place):
    with pytest.raises(SealError, match=r"say first which list is the right one: equipoise trust"):
        say("extract", place / "trial", "--key", place / "keys" / "vault.key", "--out", place / "r")
    say("trust", place / "keys" / "vault.key", "0" * 32)
    with pytest.raises(SealError, match="call the custodian"):
        say("extract", place / "trial", "--key", place / "keys" / "vault.key", "--out", place / "r")
    assert not Path(place / "r").exists()


def test_the_audit_works_every_bag_out_again_for_who_holds_a_key(place):
    prepared(place)
    key = ("--key", place / "keys" / "vault.key")
    with pytest.raises(SealError, match="say first which list is the right one"):
        say("audit", place / "trial", *key)
    say("trust", key[1], place / "list.json")
    assert say("audit", place / "trial", *key) == (
        "Every bag held what it should, from lots that could be used.\n"
    )
    lot = ("lot=L-TABLET", "reason=a complaint")
    say("do", place / "trial", "recall lot", *lot, "--by", "quin")
    bag = log_of(place / "trial").participant("S1-01").doses.bags["BASELINE"].code
    assert bag  # filed before the recall, and so rightly made
    assert "Every bag" in say("audit", place / "trial", *key)
    say("keys", "vault", place / "others")
    say("trust", place / "others" / "vault.key", place / "list.json")
    with pytest.raises(SealError, match="not the key of a recipient"):
        say("audit", place / "trial", "--key", place / "others" / "vault.key")


def test_units_that_left_the_shelf_are_noted_under_seal(place):
    prepared(place)
    asked = ("--by", "piet", "--key", place / "keys" / "preparer.key", "--reason", "counted")
    with pytest.raises(ConductError, match="units are returned, destroyed, missing, not 'gone'"):
        say("note", place / "trial", "L-TABLET", 1, "--why", "gone", *asked)
    told = say("note", place / "trial", "L-TABLET", 5, "--why", "destroyed", *asked)
    code = told.partition("as ")[2].partition(":")[0]
    fixed = (*asked, "--replaces", code)
    say("note", place / "trial", "L-TABLET", 2, "--why", "destroyed", *fixed)
    told = say("stock", place / "trial", *asked[:4])
    assert "L-TABLET, product TABLET, received 20" in told
    assert "destroyed 2" in told
    assert "free 17" in told
    before = log_of(place / "trial").tip("vault").sequence
    assert "one note for all lots" in say("free", place / "trial", *asked)
    assert log_of(place / "trial").tip("vault").sequence == before + 1
    assert "free 17" in say("stock", place / "trial", *asked[:4])  # too few bags for more


def test_a_dose_that_cannot_be_so_is_stopped_before_its_arm_is_known(place):
    asked = ("S1-01", "BASELINE", "--by", "piet", "--key", place / "keys" / "preparer.key")
    with pytest.raises(SealError, match="the dose is not what the protocol asks for: open nothing"):
        say("prepare", place / "trial", *asked, typed="y\nn\n")
    assert not log_of(place / "trial").participant("S1-01").doses.bags
    told = say("prepare", place / "trial", *asked, typed="y\ny\n")
    first, _, rest = told.partition("Is this what the protocol asks for?")
    assert "dose         5 mg or placebo" in first
    assert "arm " not in first
    assert "arm " in rest


def test_what_the_bench_remembers_never_goes_back(place):
    """Two runs at once: the one that looked first must not forget what the other filed."""
    key, seen = place / "keys" / "preparer.key", keyfiles.remembered
    first = seen(key, "S1")[0]
    prepared(place)
    now = seen(key, "S1")[0]
    assert now.sequence > first.sequence
    with pytest.raises(SealError, match="another bench worked with this key meanwhile"):
        keyfiles.remember(key, "S1", first, was=first)
    assert seen(key, "S1") == (now, [now])


def test_the_memory_of_another_key_in_the_folder_is_not_taken_for_this_ones(place):
    shutil.copy(place / "keys" / "preparer.key", place / "keys" / "preparer-other.key")
    keyfiles.remember(place / "keys" / "preparer-other.key", "S1", Tip(9, b"k" * 32), was=EMPTY)
    assert keyfiles.remembered(place / "keys" / "preparer.key", "S1") == (EMPTY, [])


def test_a_site_without_lots_files_a_note_all_the_same(made, tmp_path):
    place = shutil.copytree(made, tmp_path / "place")
    with closing(sqlite3.connect(place / "trial" / FILE)) as db:
        for table in ("vault", "lots"):
            db.execute(f"DROP TRIGGER {table}_no_delete")
        db.execute("DELETE FROM vault WHERE sequence > 1")
        db.execute("DELETE FROM lots")
        db.commit()
    asked = ("--by", "piet", "--key", place / "keys" / "preparer.key", "--reason", "counted")
    assert "one note for all lots" in say("free", place / "trial", *asked)


def test_a_vault_that_was_cut_off_since_it_was_seen_makes_up_no_bag(place):
    prepared(place)
    with closing(sqlite3.connect(place / "trial" / FILE)) as db:
        db.execute("DROP TRIGGER vault_no_delete")
        db.execute("DELETE FROM vault WHERE sequence > 2")
        db.commit()
    with pytest.raises(LogError, match="the vault was altered or cut off since it was seen last"):
        say("stock", place / "trial", "--by", "piet", "--key", place / "keys" / "preparer.key")


def test_another_key_opens_nothing_at_the_bench(place, tmp_path):
    say("keys", "preparer", tmp_path / "other")
    for key, said in (
        (place / "keys" / "vault.key", r"vault\.key is the key of vault; this needs preparer\.key"),
        (place / "keys" / "preparer.pub", "no private key, but the public key of preparer"),
        (tmp_path / "other" / "preparer.key", "not the preparer's key that this trial's list"),
    ):
        with pytest.raises(SealError, match=said):
            say("prepare", place / "trial", "S1-01", "BASELINE", "--by", "piet", "--key", key)


def test_who_is_not_randomised_here_gets_no_bag_in_words_that_say_what_to_do(place):
    """The words are the same for who is not randomised and for who is not there at all."""
    key, trial = ("--key", place / "keys" / "preparer.key"), place / "trial"
    consent = ("participant=S1-02", "form=icf-1", "language=en", "on=2026-01-05", "--by", "inge")
    say("do", trial, "consent", *consent)
    for name in ("S1-02", "S1-404"):
        said = "no participant of this site is randomised under this identifier; look it up"
        with pytest.raises(NotPermittedError, match=said):
            say("prepare", trial, name, "BASELINE", "--by", "piet", *key)
        with pytest.raises(NotPermittedError, match=said):
            say("check-bag", trial, name, "BASELINE", "--by", "carl", *key)
    with pytest.raises(NotPermittedError, match="no bag of S1-01 for 'WEEK4' waits"):
        say("check-bag", trial, "S1-01", "WEEK4", "--by", "carl", *key)


@pytest.mark.parametrize(
    ("view", "of"),
    [
        ("participants", None), ("work", None), ("safety tasks", None), ("queries", None),
        ("deviations", None), ("checklist", None), ("reconsents", None), ("versions", None),
        ("unblindings", None), ("participant", "S1-01"), ("follow-up", "S1-01"),
        ("forms", "S1-01"), ("adverse events", "S1-01"), ("made unblinded", "S1-01"),
        ("history", "S1-01"), ("infusion chart", "S1-01 BASELINE"),
    ],
)  # fmt: skip
def test_the_investigator_is_shown_views_that_hold_no_arm(place, view, of):
    asked = ("show", place / "trial", view, *(of or "").split(), "--by", "inge")
    shown, table = say(*asked, "--json"), say(*asked)

    json.loads(shown)
    for word in ("TABLET", "PLACEBO"):
        assert word not in shown
        assert word not in table


def test_a_view_that_is_not_there_or_of_whom_is_said(place):
    with pytest.raises(ConductError, match="there is no view 'arms'"):
        say("show", place / "trial", "arms", "--by", "inge")
    with pytest.raises(ConductError, match="name whom"):
        say("show", place / "trial", "participant", "--by", "inge")
    with pytest.raises(ConductError, match="name participant and encounter"):
        say("show", place / "trial", "infusion chart", "S1-01", "--by", "inge")
    with pytest.raises(ConductError, match="Did you mean history"):
        say("show", place / "trial", "histori", "S1-01", "--by", "inge")
    for view, of in (("lots", ()), ("dose to prepare", ("S1-01",))):
        with pytest.raises(NotPermittedError):
            say("show", place / "trial", view, *of, "--by", "inge")
