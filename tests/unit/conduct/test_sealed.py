from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from hashlib import sha256

import pytest

from equipoise.conduct import sealed
from equipoise.conduct.commands.participant import Randomise
from equipoise.conduct.commands.trial import Appoint, DepositList, OpenBlind, OpenTrial
from equipoise.conduct.log import Log
from equipoise.conduct.shares import join, split
from equipoise.errors import ConductError, SealError


def arms(study, listed, keys, who="vault"):
    """Every slot's arm, as one recipient finds it."""
    return [
        sealed.open_slot(study.name, slot, listed.boxes[slot.slot][who], who, keys[who].private)[0]
        for slot in listed.slots
    ]


def test_every_recipient_finds_the_list_of_the_seed(study, sealed_list, keys):
    from equipoise.rules.allocation import allocation_list

    plan = study.protocol.allocation
    lists = allocation_list(plan.method, plan.parameters, (1, 1), 2, 40, seed=20260105, trial=0)
    expected = [list(study.arms)[arm] for one in lists for arm in one]

    for who in sealed.RECIPIENTS:
        assert arms(study, sealed_list, keys, who) == expected


def test_all_boxes_have_one_length_whatever_the_arm_is_called(sealed_list):
    lengths = {len(box) for own in sealed_list.boxes.values() for box in own.values()}

    assert lengths == {2 * (sealed.LENGTH + 32 + 16)}  # the X25519 share and the tag


def test_swapping_the_arms_changes_nothing_that_can_be_told_without_a_key(study, keys, sealed_list):
    """The same list with the names of the arms exchanged: only random-looking bytes differ."""
    public = {who: key.public for who, key in keys.items()}
    swapped_arms = tuple(reversed(study.protocol.arms))
    swapped_study = _with(study, arms=swapped_arms)
    swapped = sealed.seal(swapped_study, public, length=40, seed=20260105)

    assert arms(study, swapped, keys) != arms(study, sealed_list, keys)
    assert _shape(swapped) == _shape(sealed_list)


def _with(study, **parts):
    return replace(study, protocol=study.protocol.model_copy(update=parts))


def _shape(listed):
    slots = [(slot.slot, slot.stratum, len(slot.commitment)) for slot in listed.slots]
    boxes = [
        (slot, who, len(box)) for slot, own in listed.boxes.items() for who, box in own.items()
    ]
    return slots, boxes, listed.recipients


def test_a_commitment_cannot_be_guessed_from_the_names_of_the_arms(study, sealed_list):
    """Without its salt a commitment would fall to two tries: these are them, and more."""
    guesses = set()
    for slot in sealed_list.slots:
        for arm in study.arms:
            said = {"arm": arm, "slot": slot.slot, "stratum": slot.stratum}
            plain = sealed.padded(said, sealed.LENGTH - sealed.SALT)
            for salt in (b"", bytes(sealed.SALT), bytes.fromhex(slot.commitment)):
                guesses.add(sha256(salt + plain).hexdigest())

    assert guesses.isdisjoint(slot.commitment for slot in sealed_list.slots)


def test_the_same_arm_never_has_the_same_commitment_or_box_twice(study, keys):
    public = {who: key.public for who, key in keys.items()}
    lists = [sealed.seal(study, public, length=20, seed=1) for _ in range(2)]
    commitments = [slot.commitment for one in lists for slot in one.slots]
    boxes = [box for one in lists for own in one.boxes.values() for box in own.values()]

    assert len(set(commitments)) == len(commitments)
    assert len(set(boxes)) == len(boxes)


def test_salts_are_32_bytes_from_the_given_generator(study, keys):
    asked = []
    public = {who: key.public for who, key in keys.items()}
    sealed.seal(study, public, length=2, seed=1, salt=lambda n: asked.append(n) or bytes(n))

    assert asked == [32] * 4


def test_a_box_opens_for_its_recipient_and_its_slot_only(study, sealed_list, keys):
    first, second = sealed_list.slots[:2]
    box = sealed_list.boxes[first.slot]["preparer"]

    for slot, who, key in (
        (first, "preparer", keys["vault"]),
        (first, "vault", keys["preparer"]),
        (second, "preparer", keys["preparer"]),
    ):
        with pytest.raises(SealError, match="does not open the box"):
            sealed.open_slot(study.name, slot, box, who, key.private)
    with pytest.raises(SealError, match="does not open the box"):
        sealed.open_slot("another-study", first, box, "preparer", keys["preparer"].private)


def test_a_box_with_another_record_than_was_committed_to_is_found(study, sealed_list, keys):
    slot = sealed_list.slots[0]
    other = b"s" * 32 + sealed.padded(
        {"arm": "TABLET", "slot": slot.slot, "stratum": slot.stratum}, sealed.LENGTH - 32
    )
    forged = sealed.box(
        other, keys["preparer"].public, f"equipoise allocation 1/{study.name}/{slot.slot}/preparer"
    )

    with pytest.raises(SealError, match="not the one that was committed to"):
        sealed.open_slot(study.name, slot, forged.hex(), "preparer", keys["preparer"].private)


def test_any_two_of_three_shares_give_the_custodians_key_back():
    key = sealed.new_key()
    shares = split(key.private)

    for one, other in ((0, 1), (1, 2), (2, 0)):
        assert sealed.public_of(join(shares[one], shares[other])) == key.public


def test_one_share_is_compatible_with_every_key():
    """A point of the line: for any secret there is a slope that gives the same share."""
    first = split(bytes(32), below=lambda _: 12345)[0]
    other = split((99).to_bytes(32), below=lambda prime: (12345 - 99) % prime)[0]

    assert first == other


@pytest.mark.parametrize(
    "spoilt", [lambda s: s[:-1] + "x", lambda s: s.replace("0", "1", 1), str.upper]
)
def test_a_mistyped_share_is_found(spoilt):
    one, other, _ = split(b"k" * 32, below=lambda _: 16**20)

    with pytest.raises(SealError, match="mistyped"):
        join(spoilt(one), other)


def test_the_same_share_twice_and_shares_of_two_keys_are_refused():
    one, _, _ = split(b"k" * 32)
    _, other, _ = split(b"l" * 32)

    with pytest.raises(SealError, match="two different ones"):
        join(one, one)
    with pytest.raises(SealError, match="not of one key"):
        join(one, other)


def test_slots_are_used_in_order_within_each_stratum(any_scene):
    ages = ["50", "70", "51", "71", "52"]
    got = [any_scene.randomise(f"S1-{n:03}", AGE=age) for n, age in enumerate(ages)]

    assert [(one.stratum, one.position) for one in got] == [
        ("OLDER=no", 1),
        ("OLDER=yes", 1),
        ("OLDER=no", 2),
        ("OLDER=yes", 2),
        ("OLDER=no", 3),
    ]
    assert [one.slot for one in got] == ["R0001", "R0041", "R0002", "R0042", "R0003"]


def test_a_stratum_without_slots_randomises_nobody(study, keys, staff, sqlite, opened):
    scene = opened(sqlite)
    for n in range(40):
        scene.randomise(f"S1-{n:03}")
    scene.enrol("S1-900")

    with pytest.raises(ConductError, match="no slot is left in stratum 'OLDER=no'"):
        scene.do(Randomise("S1-900"), scene.investigator)
    assert scene.randomise("S1-901", AGE="70").position == 1


def test_no_arm_is_anywhere_in_the_database(scene, study):
    """Not in clear, nor as a hash of anything that could be tried without a key."""
    for n in range(8):
        scene.randomise(f"S1-{n:03}")
        scene.prepare(f"S1-{n:03}", "BASELINE")
    db = scene.log.storage._connection()
    said = "\n".join(db.iterdump())

    assert "R0001" in said
    assert not [arm for arm in study.arms if arm in said]


def test_at_lock_the_list_is_opened_with_two_shares_and_every_commitment_is_verified(
    scene, study, keys
):
    given = scene.randomise("S1-001")
    one, _, three = split(keys["custodian"].private)
    openings = sealed.open_list(study.name, scene.sealed, "custodian", join(one, three))
    arm = scene.open_slot("S1-001")

    with pytest.raises(ConductError, match="after the records are locked"):
        scene.do(OpenBlind(openings), scene.custodian)
    scene.lock()
    (entry,) = scene.do(OpenBlind(openings), scene.custodian)
    record = bytes.fromhex(entry.event.openings[given.slot])
    assert json.loads(record[sealed.SALT :])["arm"] == arm


def test_a_list_with_exchanged_arms_is_not_accepted_at_lock(scene, study, keys):
    openings = sealed.open_list(study.name, scene.sealed, "custodian", keys["custodian"].private)
    found = dict(zip(openings, arms(study, scene.sealed, keys), strict=True))
    one = next(slot for slot, arm in found.items() if arm == "TABLET")
    other = next(slot for slot, arm in found.items() if arm == "PLACEBO")
    openings[one], openings[other] = openings[other], openings[one]
    scene.lock()

    with pytest.raises(SealError, match="not the one that was committed to"):
        scene.do(OpenBlind(openings), scene.custodian)


@pytest.mark.parametrize("other", [{"study": "another"}, {"arms": ("PLACEBO", "TABLET")}])
def test_a_list_of_another_study_or_of_other_arms_is_not_taken_in(
    study, sealed_list, sqlite, staff, other
):
    scene = _before_deposit(study, sqlite, staff)
    with pytest.raises(ConductError, match=r"the list was sealed for .* this is .* with the arms"):
        scene(replace(DepositList.of(sealed_list), **other), staff["custodian"])
    assert replace(sealed_list, **other).fingerprint != sealed_list.fingerprint


def test_a_list_with_boxes_of_two_lengths_is_not_taken_in(study, sealed_list, sqlite, staff):
    """Unpadded boxes would tell the arms apart by their length."""
    scene = _before_deposit(study, sqlite, staff)
    boxes = {slot: dict(own) for slot, own in sealed_list.boxes.items()}
    boxes["R0003"]["vault"] += "00"

    with pytest.raises(ConductError, match="one length"):
        scene(replace(DepositList.of(sealed_list), boxes=boxes), staff["custodian"])


def _before_deposit(study, storage, staff):
    from datetime import datetime
    from itertools import count
    from zoneinfo import ZoneInfo

    log, numbers = Log(study, storage), count()
    at = datetime(2026, 1, 5, tzinfo=ZoneInfo("UTC"))

    def do(command, by):
        return log.append(command, by=by, at=at, command=f"d{next(numbers)}")

    do(OpenTrial(), staff["administrator"])
    do(Appoint(*staff["custodian"]), staff["administrator"])
    return do


def test_the_two_arms_are_balanced_within_the_longest_block(study, sealed_list, keys):
    found = arms(study, sealed_list, keys)

    for start in (0, 40):
        counts = Counter(found[start : start + 40])
        assert abs(counts["TABLET"] - counts["PLACEBO"]) <= 3
