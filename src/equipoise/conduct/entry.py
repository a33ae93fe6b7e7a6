"""One line of the log: an event in its envelope, chained to the line before it.

``hash = SHA-256(previous hash ‖ line)``, where the line is the canonical JSON of everything the
entry says. The first line of a chain follows 32 zero bytes. Each chain counts for itself, so that
the numbers of one do not tell how much the others hold; a line of a hidden chain says after which
line of the main chain it came, never the other way round.
"""

from __future__ import annotations

import json
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final, NamedTuple

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


class Envelope(NamedTuple):
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


_ENVELOPE: Final = itemgetter(*Envelope._fields)
_PARTS: Final = len(Envelope._fields) + 6  # with chain, sequence, after, type, version and body


class Entry(NamedTuple):
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
    """A line of the log, with the columns that it is found by."""

    sequence: int
    hash: bytes
    command: str
    participant: str | None
    line: str

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Line:
        """The line of a row of the database."""
        sequence, hashed, command, participant, kept = row
        return cls(sequence, hashed, command, participant, unpacked(kept))

    @property
    def row(self) -> tuple[int, bytes, str, str | None, bytes]:
        """The row that a database keeps of it."""
        return *self[:4], packed(self.line)


def written(happened: Event, envelope: Envelope, tip: Tip, *, after: int) -> Line:
    """The next line of a chain."""
    said = {
        **envelope._asdict(),
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
        envelope.command,
        envelope.participant,
        line.decode(),
    )


def read(line: Line) -> Entry:
    """The entry that a line says.

    Raises:
        LogError: It is not a line of a log.
    """
    try:
        said = _parts(line)
        happened = event(said["type"], said["version"], said["body"])
        envelope = Envelope._make(_ENVELOPE(said))
        return Entry(said["chain"], said["sequence"], said["after"], envelope, happened, line.hash)
    except (ValueError, TypeError, KeyError, AttributeError, ConductError) as error:
        raise LogError(f"line {line.sequence} cannot be read: {error}") from error


def _parts(line: Line) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(line.line)
    if len(said) != _PARTS:
        raise ValueError("it has other parts than an entry")
    return said
