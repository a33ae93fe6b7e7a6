"""Emergency unblinding: what somebody forged opens nothing, and shows no false arm."""

from __future__ import annotations

from hashlib import sha256

import pytest

from equipoise.conduct import sealed, vault
from equipoise.conduct.commands.unblinding import Unblind
from equipoise.errors import SealError

from .emergency import WHY, signed


def test_the_vault_answers_nothing_that_the_log_has_not_signed(broken):
    asked, other = broken.ask("S1-001"), broken.ask("S1-002")
    forged = [
        asked._replace(line=asked.line.replace("S1-001", "S1-002")),
        asked._replace(before="00" * 32),
        asked._replace(signature="00" * 64),
        asked._replace(signature=other.signature),
        asked._replace(signature="not hexadecimal"),
        asked._replace(line=other.line),
        asked._replace(slot=other.slot, box=other.box),
        asked._replace(box=other.box),
        asked._replace(box=broken.scene.sealed.boxes[asked.slot.slot]["preparer"]),
    ]

    for one in forged:
        with pytest.raises(SealError):
            broken.answer(one)
    with pytest.raises(SealError, match="this study"):
        broken.answer(asked, study="another")
    assert not broken.folder.exists()


def test_a_signed_line_that_is_no_unblinding_opens_nothing(broken):
    broken.ask()
    line = broken.scene.log.lines("main")[-2]
    asked = broken.ask()
    before = broken.scene.log.lines("main")[-4].hash
    of = {"study": broken.scene.log.study, "trial": broken.scene.log.trial()}
    made = vault.glass(line, before, asked.slot, asked.box, **of, private=b"s" * 32)

    with pytest.raises(SealError):
        broken.answer(made)


def test_a_line_that_somebody_added_after_the_investigators_is_not_signed(broken):
    """Else the keeper could put a key of his own there between the command and the signature."""
    scene, own = broken.scene, vault.one_time_key().public
    broken.ask()
    other = Unblind("S1-001", WHY, "passkey", key=own.hex())
    scene.do(other, scene.investigator)

    asked = signed(broken)
    assert own.hex() not in asked.line
    assert broken.arm(asked, broken.answer(asked))


def test_an_answer_for_another_commitment_is_found_out(broken):
    asked, other = broken.ask("S1-001"), broken.ask("S1-002")
    answered = broken.answer(asked)

    slot = asked.slot._replace(commitment=other.slot.commitment)
    with pytest.raises(SealError, match="is not of the list"):
        broken.arm(asked._replace(slot=slot), answered)
    own = {"private": broken.key.private, "listed": None}
    with pytest.raises(SealError, match="not the one that was committed to"):
        vault.arm(broken.scene.log.study.name, asked._replace(slot=slot), answered, **own)
    with pytest.raises(SealError, match="not asked with this key and for this slot"):
        broken.arm(asked._replace(slot=other.slot), answered)


def test_a_record_that_somebody_made_is_told_by_neither_vault_nor_investigator(broken):
    """Whoever keeps the trial's machine knows all public keys: he could seal another arm."""
    asked, study = broken.ask(), broken.scene.log.study.name
    slot = asked.slot
    said = {"arm": "PLACEBO", "slot": slot.slot, "stratum": slot.stratum}
    record = b"k" * 32 + sealed.padded(said, sealed.LENGTH - sealed.SALT)
    false = slot._replace(commitment=sha256(record).hexdigest())
    public = {who: key.public for who, key in broken.scene.keys.items()}
    box = sealed.box(record, public["vault"], f"equipoise allocation 1/{study}/{slot.slot}/vault")
    slots = tuple(false if one == slot else one for one in asked.slots)
    for forged in (
        asked._replace(slot=false, box=box.hex()),
        asked._replace(slot=false, box=box.hex(), slots=slots),
    ):
        with pytest.raises(SealError, match="is not of the list"):
            broken.answer(forged)
        about = f"equipoise unblinding 1/{study}/{asked.hash.hex()}"
        answered = sealed.box(record, broken.key.public, about).hex()
        with pytest.raises(SealError, match="is not of the list"):
            broken.arm(forged, answered)


def test_no_emergency_waits_for_a_broken_register_or_one_of_another_study(broken):
    broken.answer(broken.ask("S1-001"))
    (path,) = broken.folder.iterdir()
    mine = broken.scene.log.participant("S1-001").randomised.slot
    other = broken.scene.log.participant("S1-002").randomised.slot
    elsewhere = path.read_text().replace(mine, other).replace('"study":"', '"study":"another-')
    path.with_name(f"{'0' * 64}.json").write_text("")
    path.with_name(f"{'1' * 64}.json").write_text(elsewhere)
    asked = broken.ask("S1-002")
    assert broken.arm(asked, broken.answer(asked)) == broken.scene.open_slot("S1-002")
    assert not [path for path in broken.folder.iterdir() if path.suffix != ".json"]


def test_the_vault_opens_no_slot_for_two_people(broken):
    """A log that was written anew could say that somebody else has this slot."""
    broken.answer(broken.ask("S1-001"))
    other = broken.scene.log.participant("S1-002").randomised.slot
    (path,) = broken.folder.iterdir()
    mine = broken.scene.log.participant("S1-001").randomised.slot
    path.write_text(path.read_text().replace(mine, other))
    with pytest.raises(SealError, match=f"{other} was opened for S1-001 before, and now {other}"):
        broken.answer(broken.ask("S1-002"))
    with pytest.raises(SealError, match=f"{other} was opened for S1-001 before, and now {mine}"):
        broken.answer(broken.ask("S1-001"))
