"""One line of the log: an event in its envelope, chained to the line before it.

``hash = SHA-256(previous hash ‖ line)``, where the line is the canonical JSON of everything the
entry says. The first line of a chain follows 32 zero bytes. Each chain counts for itself, so that
the numbers of one do not tell how much the others hold; a line of a hidden chain says after which
line of the main chain it came, never the other way round.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final, NamedTuple

import msgspec

from equipoise.conduct.canonical import canonical
from equipoise.conduct.events.event import Chain, Event
from equipoise.conduct.events.registry import body, event
from equipoise.conduct.packing import packed, unpacked
from equipoise.errors import ConductError, LogError

START: Final = bytes(32)


class Tip(NamedTuple):
    """Where a chain ends."""

    sequence: int  # of its last line; 0 when it has none
    hash: bytes  # of its last line


EMPTY: Final = Tip(0, START)


class Envelope(msgspec.Struct, frozen=True):
    """What is said of every event of one command.

    Attributes:
        study: Identifier of the study.
        protocol: Version of the protocol in force.
        protocol_hash: SHA-256 of its file.
        command: Identifier that the sender gave the command; sent again, it is not done again.
        request: First half of the SHA-256 of the command without its sealed parts, to tell a
            repetition from a mix-up.
        actor: The person.
        role: In which the person acted.
        site: Of the person in this role.
        participant: Whom it concerns, or None: the trial.
        at: Time, UTC, to the microsecond.
        zone: Time zone of the site.
        reason: Why, where a reason is demanded.
    """

    study: str
    protocol: str
    protocol_hash: str
    command: str
    request: str
    actor: str
    role: str
    site: str | None
    participant: str | None
    at: str
    zone: str
    reason: str | None


class _Said(Envelope, frozen=True, forbid_unknown_fields=True):
    """All that a line says."""

    chain: Chain
    sequence: int
    after: int
    type: str
    version: int
    body: dict[str, Any]


_READER: Final = msgspec.json.Decoder(_Said)


class Entry(msgspec.Struct, frozen=True):
    """A line of the log, understood.

    Attributes:
        chain: Visibility class.
        sequence: Place in the chain, from 1.
        after: Last line of the main chain when this was written; for the main chain its own
            predecessor.
    """

    chain: Chain
    sequence: int
    after: int
    envelope: Envelope
    event: Event
    hash: bytes


class Line(NamedTuple):
    """A line of the log, with the columns that it is found by.

    Attributes:
        key: Of its command.
    """

    sequence: int
    hash: bytes
    key: int
    participant: str | None
    line: str

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Line:
        """The line of a row of the database, which ends with the bytes of ``like`` in ``row``."""
        sequence, hashed, key, participant, kept, like = row
        return cls(sequence, hashed, key, participant, unpacked(kept, like))

    def row(self, like: bytes | None) -> tuple[int, bytes, int, str | None, bytes]:
        """The row that a database keeps of it.

        Args:
            like: What the database keeps of the first line of the main chain, which every line is
                like, but for the first of each chain.
        """
        return *self[:4], packed(self.line, like if self.sequence > 1 else None)


def written(happened: Event, envelope: Envelope, tip: Tip, *, after: int) -> Line:
    """The next line of a chain."""
    said = {
        **msgspec.structs.asdict(envelope),
        "chain": happened.CHAIN,
        "sequence": tip.sequence + 1,
        "after": after,
        "type": type(happened).__name__,
        "version": happened.VERSION,
        "body": body(happened),
    }
    line = canonical(said)
    return Line(
        tip.sequence + 1,
        sha256(tip.hash + line).digest(),
        key(envelope.command),
        envelope.participant,
        line.decode(),
    )


def key(command: str) -> int:
    """A number by which the lines of a command are found quickly; two commands may share one."""
    return int.from_bytes(sha256(command.encode()).digest()[:8], signed=True)


def read(line: Line) -> Entry:
    """The entry that a line says.

    Raises:
        LogError: It is not a line of a log.
    """
    try:
        said = _READER.decode(line.line)
        happened = event(said.type, said.version, said.body)
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError, ConductError) as error:
        raise LogError(f"line {line.sequence} cannot be read: {error}") from error
    return Entry(said.chain, said.sequence, said.after, said, happened, line.hash)
