"""What an amendment changes, dossiers and the committee's packs, from the command line."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from equipoise.conduct.folder import log_of
from equipoise.errors import ConductError, NotPermittedError, SealError

from .typed import say

NO = ["death", "life_threatening", "disability", "congenital_anomaly", "medically_important"]
PEOPLE = {
    "kai": "list custodian", "dan": "data manager", "rita": "adjudicator",
    "cora": "committee statistician",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A trial with one randomised participant, who has a serious adverse event."""
    place = tmp_path_factory.mktemp("made")
    say("new", "my-trial", "--in", place)
    for holder in ("preparer", "vault", "custodian"):
        say("keys", holder, place / "keys")
    public = [f"--key={place}/keys/{who}.pub" for who in ("preparer", "vault", "custodian")]
    say("seal", place / "my-trial", *public, "--out", place / "list.json", "--length", 2)
    say("open", place / "my-trial", place / "trial", "--by", "anna")

    def do(command, by, *said):
        return say("do", place / "trial", command, *said, "--by", by)

    for person, role in PEOPLE.items():
        do("appoint", "anna", f"person={person}", f"role={role}")
    do("appoint", "anna", "person=li", "role=investigator", "site=S1")
    do("deposit list", "kai", f"@{place}/list.json")
    who, on = "participant=S1-01", "on=2025-01-06"
    do("consent", "li", who, "form=icf-1", "language=en", on)
    history = ("values.AGE=55", "values.SEX=F", "values.STROKE=no", "units.AGE=year")
    do("record form", "li", who, "encounter=SCREENING", "form=history", on, *history)
    do("record", "li", who, "encounter=SCREENING", "item=SBP", "value=150", "unit=mmHg", on)
    do("screen", "li", who)
    do("randomise", "li", who)
    do(
        "report adverse event", "li", who, "account.term=null", "account.verbatim=Fell",
        "account.start=2025-01-20", "account.severity=severe", "account.causality=not related",
        "account.criteria.hospitalisation=yes", *(f"account.criteria.{one}=no" for one in NO),
        "account.expected=no", "account.action=none", "account.outcome=recovered",
        "account.aware=2025-01-20T10:00+08:00",
    )  # fmt: skip
    material = say("show", place / "trial", "committee material", "--by", "cora", "--json")
    (place / "material.json").write_text(material, encoding="utf-8")
    return place


@pytest.fixture
def place(made, tmp_path):
    return shutil.copytree(made, tmp_path / "place")


def test_what_a_new_version_changes_is_listed_and_nothing_is_recorded(place):
    form = place / "my-trial" / "forms" / "vitals.yaml"
    form.write_text(form.read_text().replace("low: 60", "low: 70"))
    before = log_of(place / "trial").tip("main")

    shown = say("impact", place / "trial", place / "my-trial", "--by", "li")
    chinese = say("impact", place / "trial", place / "my-trial", "--by", "dan", "--lang", "zh")

    assert "SBP: changed (low)" in shown
    assert "S1-01 SBP[SCREENING]" in shown
    assert "S1-01 SBP[SCREENING]" in chinese
    assert chinese != shown
    assert log_of(place / "trial").tip("main") == before


def test_another_study_is_no_new_version_and_only_who_sees_participants_is_told(place):
    with pytest.raises(ConductError, match="is study NCT02302599; this trial is of my-trial"):
        say("impact", place / "trial", "nct02302599", "--by", "dan")
    with pytest.raises(NotPermittedError):
        say("impact", place / "trial", place / "my-trial", "--by", "kai")


def test_a_serious_event_goes_to_the_readers_under_a_random_code(place):
    (place / "narrative.txt").write_text("A woman of 55 fell.\n")
    asked = ("dossier", place / "trial", "S1-01", 1, "--narrative", place / "narrative.txt")
    told = say(*asked, "--by", "dan")
    code = re.match(r"D-[2-9A-Z]{8} ", told)[0].strip()

    shown = json.loads(say("show", place / "trial", "dossier", code, "--by", "rita", "--json"))

    assert shown["narrative"] == "A woman of 55 fell."
    with pytest.raises(ConductError, match="is before the readers"):
        say(*asked, "--by", "dan")


@pytest.mark.parametrize("content", [b"S1-01 fell", b"\xff", None])
def test_a_narrative_that_tells_who_or_cannot_be_read_is_refused(place, content):
    if content is not None:
        (place / "narrative.txt").write_bytes(content)
    before = log_of(place / "trial").tip("main")
    with pytest.raises(ConductError):
        say(
            "dossier", place / "trial", "S1-01", 1, "--narrative", place / "narrative.txt",
            "--by", "dan",
        )  # fmt: skip
    assert log_of(place / "trial").tip("main") == before


def test_the_open_pack_needs_no_key_and_the_closed_pack_one_of_the_list(place):
    asked = ("pack", place / "material.json", "--study", place / "my-trial")
    listed = ("--list", place / "list.json")
    shares = [f"--key={place}/keys/custodian-{number}.share" for number in (1, 3)]
    say("trust", place / "keys" / "custodian-3.share", place / "list.json")

    say(*asked, "--out", place / "open")
    say(*asked, *listed, *shares, "--out", place / "closed")
    opened, closed = (
        json.loads((place / kind / f"{kind}.json").read_text()) for kind in ("open", "closed")
    )

    assert opened["groups"] == ["all"]
    assert closed["groups"] == ["TABLET", "PLACEBO"]
    assert sorted(closed["sizes"]) == [0, 1]
    with pytest.raises(SealError, match="needs both --list and --key"):
        say(*asked, *listed, "--out", place / "other")
    assert not (place / "other").exists()


def test_a_pack_of_another_list_or_of_other_material_is_refused(place):
    asked = ("pack", place / "material.json", "--study", place / "my-trial", "--out", place / "x")
    keyed = ("--list", place / "list.json", "--key", place / "keys" / "vault.key")
    public = [f"--key={place}/keys/{who}.pub" for who in ("preparer", "vault", "custodian")]
    say("seal", place / "my-trial", *public, "--out", place / "again.json", "--length", 2)

    with pytest.raises(SealError, match="say first which list is the right one"):
        say(*asked, *keyed)
    say("trust", place / "keys" / "vault.key", place / "list.json")
    with pytest.raises(SealError, match=r"has the fingerprint .*; open nothing"):
        say(*asked, "--list", place / "again.json", *keyed[2:])
    say("keys", "vault", place / "others")
    say("trust", place / "others" / "vault.key", place / "list.json")
    with pytest.raises(SealError, match="not the key of a recipient"):
        say(*asked, *keyed[:2], "--key", place / "others" / "vault.key")
    with pytest.raises(ConductError, match="is no committee material"):
        say("pack", place / "list.json", "--study", place / "my-trial", "--out", place / "x")
    assert not (place / "x").exists()


@pytest.fixture
def two_sites(tmp_path):
    """A trial of two sites with a nurse at each, and a new version of its protocol."""
    say("new", "my-trial", "--in", tmp_path)
    study = tmp_path / "my-trial"
    path = study / "protocol-1.0.yaml"
    text = path.read_text()
    (site,) = re.findall(r"^  - \{name: S1,.*\n", text, re.MULTILINE)
    path.write_text(text.replace(site, site + site.replace("S1", "S2")))
    trial = tmp_path / "trial"
    say("open", study, trial, "--by", "anna")
    for site in ("S1", "S2"):
        said = (f"person=nurse-{site}", "role=study nurse", f"site={site}")
        say("do", trial, "appoint", *said, "--by", "anna")
        said = (f"participant={site}-01", "form=icf-1", "language=en", "on=2025-01-06")
        say("do", trial, "consent", *said, "--by", f"nurse-{site}")
    say("do", trial, "appoint", "person=dan", "role=data manager", "--by", "anna")
    path.rename(study / "protocol-1.1.yaml")
    path = study / "protocol-1.1.yaml"
    path.write_text(
        re.sub(r"^version: .*$", 'version: "1.1"', path.read_text(), flags=re.MULTILINE)
    )
    form = study / "forms" / "vitals.yaml"
    form.write_text(form.read_text().replace("low: 60", "low: 100"))
    return trial, study


WHY = ("--approval", "2026-17", "--reason", "a narrower limit", "--by", "anna")


def pressure(trial, site, value):
    said = (f"participant={site}-01", "encounter=SCREENING", "item=SBP", f"value={value}")
    return say("do", trial, "record", *said, "unit=mmHg", "on=2025-01-06", "--by", f"nurse-{site}")


def test_each_site_works_under_the_version_in_force_there(two_sites, tmp_path):
    trial, study = two_sites
    said = say("amend", trial, study, *WHY, "--site", "S1")
    assert said == "Version 1.1 is in force at S1.\n"

    with pytest.raises(ConductError, match="plausible is 100 to"):
        pressure(trial, "S1", "90")
    assert "value 90" in pressure(trial, "S2", "90")
    say("amend", trial, study, *WHY, "--site", "S2")
    say("backup", trial, tmp_path / "backup")
    say("restore", tmp_path / "backup", tmp_path / "again")
    for place in (trial, tmp_path / "again"):
        assert say("show", place, "versions", "--by", "dan").split() == ["S1", "1.1", "S2", "1.1"]
        assert log_of(place, "S2").study.protocol.version == "1.1"


def test_an_amendment_that_is_refused_leaves_no_files(two_sites):
    trial, study = two_sites
    with pytest.raises(ConductError, match="there is no site S9"):
        say("amend", trial, study, *WHY, "--site", "S9")
    with pytest.raises(NotPermittedError):
        say("amend", trial, study, *WHY[:-1], "dan")
    with pytest.raises(ConductError, match="is study NCT02302599; this trial is of my-trial"):
        say("amend", trial, "nct02302599", *WHY)

    assert list(trial.glob("versions/*")) == []
    assert log_of(trial).study.protocol.version == "1.0"


def test_a_version_number_stands_for_one_set_of_files(two_sites):
    trial, study = two_sites
    say("amend", trial, study, *WHY, "--site", "S1")
    form = study / "forms" / "vitals.yaml"
    form.write_text(form.read_text().replace("low: 100", "low: 110"))

    with pytest.raises(ConductError, match=r"version 1\.1 is in force with other files"):
        say("amend", trial, study, *WHY, "--site", "S2")
    assert "low: 100" in (trial / "versions" / "1.1" / "forms" / "vitals.yaml").read_text()
