"""The allocation list under seal.

Each slot is a record of fixed length with a random salt. Its SHA-256 is public and commits to the
arm without telling it: without the salt nothing can be tried, and all records and boxes are equally
long. The record is sealed for three recipients, each of whom can open every slot alone:

* ``preparer``, who makes up the bag,
* ``vault``, for an emergency,
* ``custodian``, whose key is split among three people of whom any two join it (``shares``).

Boxes are HPKE (RFC 9180, 2022) in base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305; study,
slot and recipient are bound into each, so that no box can be passed off as another.
This file runs where the list is made or opened, never on the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from equipoise.conduct.canonical import canonical, digest
from equipoise.conduct.judgement import strata
from equipoise.conduct.state.trial import Slot
from equipoise.errors import SealError
from equipoise.protocol.whole import Study
from equipoise.rules.allocation import allocation_list

RECIPIENTS: Final = ("preparer", "vault", "custodian")
SALT: Final = 32  # bytes
LENGTH: Final = 256  # bytes of a record, its salt included
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Key(NamedTuple):
    """A recipient's key pair, raw X25519; the private half never leaves the recipient."""

    private: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class SealedList:
    """What the server is given: it tells no arm, whatever else is known.

    Attributes:
        study: Identifier of the study that it was sealed for.
        arms: Their names, in the protocol's order.
        slots: Slot, stratum and commitment, in the order of use.
        boxes: By slot and recipient, hexadecimal.
        recipients: Public keys, hexadecimal.
    """

    study: str
    arms: tuple[str, ...]
    slots: tuple[Slot, ...]
    boxes: Mapping[str, Mapping[str, str]]
    recipients: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """What tells this list from any other; see ``fingerprint``."""
        return fingerprint(self.study, self.arms, self.slots, self.recipients)


def fingerprint(
    study: str, arms: Iterable[str], slots: Iterable[Slot], recipients: Mapping[str, str]
) -> str:
    """32 hexadecimal digits that stand for the study, its arms, all slots and the recipients' keys.

    The custodian reads it out; whoever opens a box or a worksheet holds the trial's list against
    it. Else a keeper of the trial's machine could put a list, a key or an arm of his own there.
    """
    return digest([study, list(arms), [list(slot) for slot in slots], dict(recipients)])[:32]


def same_list(
    study: Study, slots: Iterable[Slot], recipients: Mapping[str, str], listed: str
) -> None:
    """Demand that a trial's list is the one that was sealed.

    Args:
        study: As the trial's folder has it.
        slots: Those that are then opened, as they were read once.
        recipients: Those that is then sealed for.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.

    Raises:
        SealError: It is another.
    """
    here = fingerprint(study.name, study.arms, slots, recipients)
    if here != listed:
        raise SealError(
            f"the trial's list has the fingerprint {here}, not {listed[:40]}, which the custodian "
            "read out: list, arms or keys were exchanged. Open nothing, make up nothing, and call "
            "the custodian"
        )


def new_key() -> Key:
    """A key pair from the system's random generator."""
    private = X25519PrivateKey.generate()
    return Key(private.private_bytes_raw(), private.public_key().public_bytes_raw())


def public_of(private: bytes) -> bytes:
    """The public half of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def holder(recipients: Mapping[str, str], private: bytes) -> str:
    """Which recipient of a list a private key is of.

    Raises:
        SealError: Of none.
    """
    public = public_of(private).hex()
    for who, key in recipients.items():
        if key == public:
            return who
    raise SealError("this is not the key of a recipient of the list")


def box(plain: bytes, public: bytes, about: str) -> bytes:
    """Seal bytes for one recipient; ``about`` says what they are and must be said to open them."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info=about.encode())


def unbox(sealed: bytes, private: bytes, about: str) -> bytes:
    """Open a box.

    Raises:
        SealError: It is not for this key, not about this, or was altered.
    """
    try:
        return _SUITE.decrypt(
            sealed, X25519PrivateKey.from_private_bytes(private), info=about.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise SealError(f"this key does not open the box; whose is it? ({about})") from error


def padded(said: Mapping[str, object], length: int) -> bytes:
    """Canonical JSON, filled with blanks to a fixed length.

    Raises:
        SealError: It is longer than that.
    """
    plain = canonical(said)
    if len(plain) > length:
        raise SealError(f"{len(plain)} bytes do not fit into {length}; use shorter names")
    return plain.ljust(length)


def seal(
    study: Study,
    recipients: Mapping[str, bytes],
    *,
    length: int,
    seed: int,
    salt: Callable[[int], bytes] = token_bytes,
) -> SealedList:
    """Make the allocation list of a study and seal it, slot by slot.

    Args:
        study: Whose protocol says arms, ratio, method and strata.
        recipients: Public key of each of ``RECIPIENTS``.
        length: Slots in each stratum.
        seed: Of the list, 0 to 2**64 - 1, kept by the custodian alone: ``secrets.randbits(64)``.
        salt: Gives that many random bytes.

    Raises:
        SealError: A recipient is missing, or a name is too long for a record.
        RuleError: The protocol's method has no list.
    """
    if set(recipients) != set(RECIPIENTS):
        raise SealError(f"give a public key for each of {', '.join(RECIPIENTS)}")
    plan, arms = study.protocol.allocation, tuple(study.arms.values())
    lists = allocation_list(
        plan.method,
        plan.parameters,
        tuple(arm.ratio for arm in arms),
        len(strata(study)),
        length,
        seed=seed,
        trial=0,
    )
    slots: list[Slot] = []
    boxes: dict[str, dict[str, str]] = {}
    for stratum, positions in zip(strata(study), lists, strict=True):
        for arm in positions:
            slot = f"R{len(slots) + 1:04}"
            said = {"arm": arms[arm].name, "slot": slot, "stratum": stratum}
            record = salt(SALT) + padded(said, LENGTH - SALT)
            slots.append(Slot(slot, stratum, sha256(record).hexdigest()))
            boxes[slot] = {
                who: box(record, recipients[who], _about(study.name, slot, who)).hex()
                for who in RECIPIENTS
            }
    public = {who: key.hex() for who, key in recipients.items()}
    return SealedList(study.name, tuple(study.arms), tuple(slots), boxes, public)


def opened(slot: Slot, record: bytes) -> str:
    """The arm that a record tells, once it is what the slot's commitment promised.

    Raises:
        SealError: It is not.
    """
    if len(record) != LENGTH or sha256(record).hexdigest() != slot.commitment:
        raise SealError(f"{slot.slot}: the record is not the one that was committed to")
    said = json.loads(record[SALT:])
    if (said["slot"], said["stratum"]) != (slot.slot, slot.stratum):
        raise SealError(f"{slot.slot}: the record is about {said['slot']}")
    return str(said["arm"])


def open_slot(study: str, slot: Slot, sealed: str, who: str, private: bytes) -> tuple[str, bytes]:
    """Open one slot as one recipient: its arm, and the record that proves it.

    Raises:
        SealError: The box does not open, or does not hold what was committed to.
    """
    record = unbox(bytes.fromhex(sealed), private, _about(study, slot.slot, who))
    return opened(slot, record), record


def open_list(study: str, sealed: SealedList, who: str, private: bytes) -> dict[str, str]:
    """Open every slot: the records in hexadecimal, all commitments verified.

    Raises:
        SealError: One does not open, or does not hold what was committed to.
    """
    return {
        slot.slot: open_slot(study, slot, sealed.boxes[slot.slot][who], who, private)[1].hex()
        for slot in sealed.slots
    }


def _about(study: str, slot: str, who: str) -> str:
    return f"equipoise allocation 1/{study}/{slot}/{who}"
