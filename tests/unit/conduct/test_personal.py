from __future__ import annotations

import pytest

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.participant import Consent, EraseDetails
from equipoise.conduct.personal import LENGTH, Keys, decrypt, encrypt
from equipoise.conduct.verification import verify
from equipoise.errors import ConductError, SealError

TODAY = PartialDate(2026, 1, 5)
DETAILS = {"name": "an example name", "telephone": "000"}


@pytest.fixture
def kept(quick_path):
    return Keys(quick_path / "keys.sqlite")


def enrolled(scene, kept, name="S1-001"):
    sealed = encrypt(DETAILS, kept.give(name), name)
    said = scene.do(Consent(name, "icf-1", "zh", TODAY, sealed), scene.nurse)
    return said[-1].event.sealed


def test_details_are_read_again_with_the_participants_key_only(any_scene, kept):
    sealed = enrolled(any_scene, kept)

    assert decrypt(sealed, kept.find("S1-001"), "S1-001") == DETAILS
    for key, about in ((kept.give("S1-002"), "S1-001"), (kept.find("S1-001"), "S1-002")):
        with pytest.raises(SealError):
            decrypt(sealed, key, about)


def test_erasing_destroys_the_key_and_leaves_the_chain_valid(any_scene, kept):
    sealed = enrolled(any_scene, kept)
    any_scene.do(EraseDetails("S1-001", "asked to be forgotten"), any_scene.investigator)
    key = kept.find("S1-001")
    kept.destroy("S1-001")

    assert verify(any_scene.log)["personal"].sequence == 1
    with pytest.raises(SealError, match="erased"):
        kept.find("S1-001")
    assert key not in kept.path.read_bytes()
    assert DETAILS["name"].encode() not in bytes.fromhex(sealed)


def test_after_erasure_no_details_are_taken_again(scene, kept):
    enrolled(scene, kept)
    scene.do(EraseDetails("S1-001", "asked to be forgotten"), scene.investigator)
    again = encrypt(DETAILS, b"k" * 32, "S1-001")

    with pytest.raises(ConductError, match="erased"):
        scene.do(Consent("S1-001", "icf-1", "en", TODAY, again), scene.nurse)


def test_a_long_name_cannot_be_told_from_a_short_one():
    lengths = {len(encrypt({"name": "x" * n}, b"k" * 32, "p")) for n in (0, 10, 500)}

    assert lengths == {2 * (12 + LENGTH + 16)}


def test_the_main_chain_does_not_depend_on_the_details(scene, kept, quick_path, opened):
    """Not even through a hash, which could be tried with likely names."""
    from equipoise.conduct.storage.sqlite import SQLite

    other = opened(SQLite(quick_path / "other.sqlite"))
    for one, name in ((scene, "a"), (other, "b")):
        sealed = encrypt({"name": name}, kept.give("S1-001"), "S1-001")
        one.do(Consent("S1-001", "icf-1", "zh", TODAY, sealed), one.nurse, named="same")

    assert list(scene.log.lines("main"))[-2:] == list(other.log.lines("main"))[-2:]
    other.log.storage.close()
