"""The golden corpus: a log of every event type and version is read for ever after."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from equipoise.conduct import reading
from equipoise.conduct.canonical import PartialDate, canonical
from equipoise.conduct.entry import Envelope, Line, read, written
from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.events.registry import EVENTS, body, event
from equipoise.conduct.log import Log
from equipoise.conduct.portable import export_log, import_log
from equipoise.conduct.state.participant import recall_participant
from equipoise.conduct.storage.sqlite import SQLite
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, LogError

GOLDEN = Path(__file__).parent / "golden"


def golden_lines():
    return [
        json.loads(line)["line"]
        for path in sorted(GOLDEN.glob("*/*.jsonl"))
        for line in path.read_text().splitlines()
    ]


def test_the_golden_logs_hold_every_event_of_every_version():
    """A new event is added with a further log in a folder of its own, never by changing one."""
    assert {(line["type"], line["version"]) for line in golden_lines()} == set(EVENTS)


@pytest.mark.parametrize("golden", sorted(GOLDEN.iterdir()), ids=lambda golden: golden.name)
def test_a_golden_log_is_read_verified_and_written_back_unchanged(golden, study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, golden)
    log = Log(study, storage)
    tips = verify(log)
    export_log(log, quick_path / "out")

    assert {chain: tip.hash.hex() for chain, tip in tips.items()} == json.loads(
        (golden / "tips.json").read_text()
    )
    for chain in CHAINS:
        name = f"{chain}.jsonl"
        assert (quick_path / "out" / name).read_bytes() == (golden / name).read_bytes()
    storage.close()


def test_the_golden_participant_is_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "first")
    who = Log(study, storage).participant("S1-001")
    storage.close()

    assert who.randomised.slot == "R0001"
    assert {str(key): value.text for key, value in who.values.items()}["SBP[SCREENING]"] == "151"
    assert [who.stands(signature) for signature in who.signatures] == [False]
    assert (who.withdrawn, who.erased, who.prepared) == ("other", True, {"BASELINE": "B-GOLDEN"})


def test_the_golden_doses_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "product")
    log = Log(study, storage)
    doses = log.participant("S1-001").doses
    with storage.reading() as session:
        lots = {name: lot.state for name, lot in reading.lots(session).items()}
    storage.close()

    assert (doses.bags["BASELINE"].code, doses.made) == ("B-GOLDEN2", {"BASELINE": 2})
    assert (doses.infused["BASELINE"].infused, doses.missed) == ("90", {"WEEK4"})
    assert doses.observed["BASELINE"][15].values["PULSE"] == "72"
    assert lots == {"C-1": "released", "C-2": "rejected", "V-1": "released"}


def test_the_golden_oversight_and_lock_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "data")
    log = Log(study, storage)
    who, trial = log.participant("S1-001"), log.trial()
    storage.close()

    assert {q.query: q.status for q in who.oversight.queries.values()} == {
        "Q1": "closed",
        "Q2": "cancelled",
        "Q3": "open",
    }
    assert who.oversight.frozen == {None}
    assert (who.deviations.recorded["D1"].severity, len(who.oversight.verified)) == ("major", 2)
    assert [who.stands(signature) for signature in who.signatures] == [True, True]
    assert [version.version for version in trial.versions] == ["1.0", "1.1"]
    assert (trial.locked, len(trial.closing.approvals)) == (False, 3)
    assert {actor.person for actor in trial.appointed} - {a.person for a in trial.staff} == {
        "nurse"
    }


def test_the_golden_signatures_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "signed")
    who = Log(study, storage).participant("S1-001")
    storage.close()

    signed = [(one.encounter, who.stands(one)) for one in who.signatures]
    assert signed == [("SCREENING", True), (None, False), (None, True)]


def test_the_golden_scan_is_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "scan")
    doses = Log(study, storage).participant("S1-001").doses
    storage.close()

    assert (doses.scanned, doses.infused["BASELINE"].bag) == ({"BASELINE": "B-SCAN"}, "B-SCAN")


def test_the_golden_release_and_unblinding_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "method")
    log = Log(study, storage)
    with storage.reading() as session:
        lots = {name: lot.state for name, lot in reading.lots(session).items()}
    who = log.participant("S1-001")
    storage.close()

    assert (lots, len(who.unblindings.openings)) == ({"T-1": "released"}, 1)


def test_the_golden_code_late_contact_and_corrected_lot_are_recalled_as_ever(study, quick_path):
    storage = SQLite(quick_path / "golden.sqlite")
    import_log(storage, GOLDEN / "coded")
    log = Log(study, storage)
    with storage.reading() as session:
        received = reading.lots(session)["T-1"].received
    who = log.participant("S1-001")
    storage.close()

    (event,) = who.adverse_events.events
    assert (event.term, event.coded.code) == ("Prostate cancer", "10060862")
    assert (received.units, str(received.expiry)) == (90, "2027-03-30")
    assert [one.found for one in who.disposition.late] == ["nothing"]
    assert [who.stands(one) for one in who.signatures] == [False]  # consented again since


@pytest.mark.parametrize("line", golden_lines(), ids=lambda line: line["type"])
def test_an_event_written_and_read_is_the_same_event(line):
    happened = event(line["type"], line["version"], line["body"])

    assert event(line["type"], line["version"], json.loads(canonical(body(happened)))) == happened


def test_an_event_of_a_newer_version_is_refused_with_what_to_do():
    with pytest.raises(LogError, match="Randomised version 99; read it with a newer Equipoise"):
        event("Randomised", 99, {})


def test_an_event_with_other_parts_is_refused():
    with pytest.raises(LogError, match="Randomised has slot, stratum, position; found slot"):
        event("Randomised", 1, {"slot": "R0001"})


def test_a_line_that_is_no_entry_is_refused():
    for text in ("", "[]", "{}", '{"type":"TrialLocked"}', "null"):
        with pytest.raises(LogError, match="line 3 cannot be read"):
            read(Line(3, b"", 0, None, text))


def test_no_event_of_the_main_chain_has_a_place_for_an_arm():
    """Nor for a lot, a volume or an amount: what a blinded line can say is listed here.

    ``arms`` is the hash of the names of all.
    """
    names = {
        name for kind in EVENTS.values() if kind.CHAIN == "main" for name in kind.__struct_fields__
    }

    assert names == {
        "answers", "arms", "bag", "cause", "checked_by", "covers", "eligible", "encounter", "files",
        "form", "given", "item", "language", "meaning", "name", "on", "openings", "person", "place",
        "position", "recipients", "slot", "slots", "stratum", "value",
        # bags, infusions and the observations after them
        "begun", "ended", "infused", "interruptions", "point", "seen", "started", "values",
        # queries, verification, deviations, lock, amendment
        "approval", "category", "check", "deviation", "entries", "frozen", "method", "names",
        "needs", "places", "query", "rule", "text", "words",
        # adverse events, adjudication, unblinding
        "action", "aware", "causality", "code", "criteria", "dictionary", "dossier", "end", "expected", "filed", "key",
        "known", "narrative", "number", "opened", "outcome", "reference", "serious", "severity",
        "start", "term", "time", "to", "verbatim",
        # diary, titration, disposition
        "before", "decision", "dose", "fasting", "lows", "of", "proposed", "readings", "source",
        "total", "what", "found",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2015-10-08", (2015, 10, 8)),
        ("2015-10-XX", (2015, 10, None)),
        ("2015-XX-XX", (2015, None, None)),
    ],
)
def test_a_partial_date_says_what_is_unknown(text, known):
    on = PartialDate.parse(text)

    assert (on.year, on.month, on.day) == known
    assert str(on) == text


@pytest.mark.parametrize(
    "text",
    [
        "2015-02-29",
        "2015-13-01",
        "2015-XX-08",
        "0000-01-01",
        "0001-01-01",
        "1899-12-31",
        "2015-1-1",
        "15-10-08",
        "",
        "x" * 10**7,
    ],
)
def test_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(ConductError) as refused:
        PartialDate.parse(text)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("value", [1.5, float("nan"), b"bytes", [1.5], "\ud800", 2**53, object()])
def test_what_has_no_exact_text_is_refused(value):
    with pytest.raises(ConductError, match="written down exactly"):
        canonical(value)


def test_a_line_is_hashed_with_the_hash_before_it():
    from hashlib import sha256

    from equipoise.conduct.entry import Tip
    from equipoise.conduct.events.trial import TrialLocked

    said = dict.fromkeys(Envelope.__struct_fields__, "x")
    line = written(TrialLocked(), Envelope(**said), Tip(4, b"before"), after=4)

    assert line.hash == sha256(b"before" + line.line.encode()).digest()
    assert read(line).sequence == 5
    assert recall_participant([read(line)]).version == 1
