"""Breaking the glass: how an investigator learns one arm without the trial's machine learning it.

Four steps on three machines; the trial's machine sees nothing but sealed bytes.

1. The investigator's machine makes a key for this once and gives the command ``Unblind`` with its
   public half. The log has it before anybody can know anything.
2. The trial's machine hands out the ``Glass``: the line of the log, signed, and the slot's box.
3. The vault, a service of its own with the vault's key, checks that line, notes it in its own
   register, and seals the slot's record for the investigator's key: once for each line.
4. The investigator's machine opens the answer, checks the slot's commitment, shows the arm, and
   forgets key and answer.

The vault never learns who the participant is beyond the identifier in the line, and keeps no arm.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from equipoise.conduct.canonical import canonical
from equipoise.conduct.entry import START, Entry, Line, read
from equipoise.conduct.events.unblinding import AnyUnblinded
from equipoise.conduct.roles import Role
from equipoise.conduct.sealed import (
    Key,
    box,
    fingerprint,
    new_key,
    open_slot,
    opened,
    public_of,
    unbox,
)
from equipoise.conduct.state.trial import Slot, Trial
from equipoise.errors import LogError, SealError
from equipoise.protocol.whole import Study


class Glass(NamedTuple):
    """What the vault is asked with.

    Attributes:
        line: Of the log: that this investigator opens the blind of this participant.
        before: Hash of the line before it, hexadecimal.
        signature: Of the line's hash, by the log's key; hexadecimal.
        slot: The participant's.
        box: The slot's box for the vault; hexadecimal.
        arms: Names of the arms that the list was sealed with.
        slots: The whole list, which tells no arm.
        recipients: Public keys that it was sealed for.
    """

    line: str
    before: str
    signature: str
    slot: Slot
    box: str
    arms: tuple[str, ...]
    slots: tuple[Slot, ...]
    recipients: Mapping[str, str]

    @property
    def hash(self) -> bytes:
        """Hash of the line, worked out from the line itself; what a database says is not asked."""
        return sha256(bytes.fromhex(self.before) + self.line.encode()).digest()

    def of(self, study: str, listed: str) -> None:
        """Demand that the slot is of the list that a fingerprint stands for.

        Raises:
            SealError: It is not: somebody put another commitment there, or another list.
        """
        of_list = fingerprint(study, self.arms, self.slots, self.recipients) == listed
        if not of_list or self.slot not in self.slots:
            raise SealError(
                f"{self.slot.slot} is not of the list {listed[:40]}, which the custodian read out: "
                "tell no arm by it, use the paper, and call the custodian"
            )

    @property
    def entry(self) -> Entry:
        """What the line says.

        Raises:
            LogError: It is not a line of a log.
        """
        return read(Line(0, self.hash, 0, None, self.line))


def one_time_key() -> Key:
    """The investigator's key for one unblinding; it is thrown away after the answer was read."""
    return new_key()


def glass(
    line: Line,
    before: bytes,
    slot: Slot,
    sealed: str,
    *,
    study: Study,
    trial: Trial,
    private: bytes,
) -> Glass:
    """The signed request, made on the trial's machine.

    Args:
        line: That records the unblinding.
        before: Hash of the line before it.
        slot: The participant's.
        sealed: The slot's box for the vault.
        study: As planned.
        trial: With the list.
        private: Ed25519 key that signs for the log.

    Raises:
        LogError: The line does not have the hash that stands beside it; nothing is signed then.
    """
    listed = (tuple(study.arms), trial.slots, trial.recipients)
    made = Glass(line.line, before.hex(), "", slot, sealed, *listed)
    if made.hash != line.hash:
        raise LogError("the line of the unblinding is not what the log's hashes say: verify it")
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(_signed(made.hash))
    return made._replace(signature=signature.hex())


def answer(
    study: str, asked: Glass, *, private: bytes, listed: str, log: bytes, register: Path
) -> str:
    """The slot's record, sealed for the key that the line of the log names; at the vault.

    Args:
        study: Identifier of the study.
        asked: The request.
        private: The vault's key.
        listed: Fingerprint of the list, as the custodian read it out; never from the trial.
        log: Public Ed25519 key of the log.
        register: The vault's folder of what it answered: a file a line, written before the answer.

    Raises:
        SealError: The line is not the log's, records no unblinding by vault of this study and slot,
            or was answered before; the slot is of another list, or was another participant's.
    """
    if len(asked.before) != 2 * len(START):  # else line and predecessor could be cut elsewhere
        raise SealError("this is not a line that the log has signed")
    try:
        hashed, signature = asked.hash, bytes.fromhex(asked.signature)
        Ed25519PublicKey.from_public_bytes(log).verify(signature, _signed(hashed))
    except (InvalidSignature, ValueError) as error:
        raise SealError("this is not a line that the log has signed") from error
    entry = asked.entry
    event = entry.event
    if (
        (entry.envelope.study, entry.envelope.role) != (study, Role.INVESTIGATOR)
        or entry.envelope.participant is None
        or not isinstance(event, AnyUnblinded)
        or event.key is None
        or event.slot != asked.slot.slot
    ):
        raise SealError("the line does not ask the vault of this study for this slot")
    asked.of(study, listed)
    _one_person(register, study, asked.slot.slot, entry.envelope.participant)
    _, record = open_slot(study, asked.slot, asked.box, "vault", private)
    try:
        sealed = box(record, bytes.fromhex(event.key), _about(study, hashed)).hex()
    except ValueError as error:
        raise SealError("the line names no key that an answer can be sealed for") from error
    _enter(register, hashed, asked.line)
    return sealed


def unlogged(register: Path, lines: Iterable[Line]) -> list[str]:
    """Lines that the vault answered and that are not in the log: somebody made them beside it.

    Args:
        register: The vault's folder of what it answered.
        lines: The main chain.
    """
    known = {line.hash.hex() for line in lines}
    return sorted(path.stem for path in register.glob("*.json") if path.stem not in known)


def arm(study: str, asked: Glass, answered: str, *, private: bytes, listed: str | None) -> str:
    """The arm, on the investigator's machine; the record is held against its commitment.

    Args:
        study: Identifier of the study.
        asked: What the vault was asked with.
        answered: Its answer.
        private: The key made for this once.
        listed: Fingerprint of the list, as the custodian read it out. None: nobody noted it here;
            then whoever keeps the trial's machine could have answered in the vault's place.

    Raises:
        SealError: The line is of another slot or key, the answer is not for this key, or not what
            was committed to.
    """
    if listed is not None:
        asked.of(study, listed)
    event = asked.entry.event
    said = (event.key, event.slot) if isinstance(event, AnyUnblinded) else None
    if said != (public_of(private).hex(), asked.slot.slot):
        raise SealError("this was not asked with this key and for this slot; unblind once more")
    record = unbox(bytes.fromhex(answered), private, _about(study, asked.hash))
    return opened(asked.slot, record)


def _one_person(register: Path, study: str, slot: str, participant: str) -> None:
    """Refuse a slot that was opened for somebody else before: the log was changed in between.

    A file that cannot be read is passed over: no emergency waits for it.

    Raises:
        SealError: It was.
    """
    for path in sorted(register.glob("*.json")):
        try:
            before = read(Line(0, b"", 0, None, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, LogError):
            continue
        event, other = before.event, before.envelope.participant
        if before.envelope.study != study or not isinstance(event, AnyUnblinded):
            continue
        if (event.slot == slot) != (other == participant):
            raise SealError(
                f"{event.slot} was opened for {other} before, and now {slot} for {participant}: "
                "use the paper, and have the log verified"
            )


def _enter(register: Path, hashed: bytes, line: str) -> None:
    """Note a line as answered, on disk, before the answer is made."""
    path = register / f"{hashed.hex()}.json"
    register.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SealError("this was answered already; give the command unblind again") from error
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _signed(hashed: bytes) -> bytes:
    return canonical({"hash": hashed.hex(), "purpose": "unblinding"})


def _about(study: str, hashed: bytes) -> str:
    return f"equipoise unblinding 1/{study}/{hashed.hex()}"
