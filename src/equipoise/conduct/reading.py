"""Reading the log in one transaction: lines, entries, and where a chain ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from equipoise.conduct.entry import EMPTY, Entry, Line, Tip, read
from equipoise.conduct.events import BoxesDeposited, Chain
from equipoise.conduct.state import Trial, recall_trial
from equipoise.conduct.storage.session import Session

_recalled: Final[dict[bytes, Trial]] = {}  # the last trial recalled, by hash
_SELECT: Final = "SELECT sequence, hash, command, participant, line FROM"


def lines(session: Session, chain: Chain) -> Iterator[Line]:
    """All lines of a chain, in order."""
    return map(Line._make, session.rows(f"{_SELECT} {chain} ORDER BY sequence"))


def tip(session: Session, chain: Chain) -> Tip:
    """Where a chain ends."""
    for row in session.rows(f"{_SELECT} {chain} ORDER BY sequence DESC LIMIT 1"):
        line = Line._make(row)
        return Tip(line.sequence, line.hash)
    return EMPTY


def about(session: Session, participant: str) -> Iterator[Entry]:
    """The main chain's entries about a participant, in order."""
    for row in session.rows(f"{_SELECT} main WHERE participant = ? ORDER BY sequence", participant):
        yield read(Line._make(row))


def hidden_boxes(session: Session) -> Mapping[str, Mapping[str, str]]:
    """The sealed boxes of the allocation list, by slot and recipient."""
    for row in session.rows(f"{_SELECT} vault WHERE participant IS NULL ORDER BY sequence"):
        event = read(Line._make(row)).event
        if isinstance(event, BoxesDeposited):
            return event.boxes
    return {}


def of_command(session: Session, chain: Chain, command: str) -> Iterator[Entry]:
    """What a command recorded in a chain."""
    for row in session.rows(f"{_SELECT} {chain} WHERE command = ? ORDER BY sequence", command):
        yield read(Line._make(row))


def trial(session: Session) -> Trial:
    """The trial, from the entries about no participant and the table of used slots.

    It is recalled anew only when such an entry was added: the hash of the last one names all that
    came before, so what was recalled up to it is right for ever, in any database.
    """
    whole = f"{_SELECT} main WHERE participant IS NULL ORDER BY sequence"
    last = b"".join(Line._make(row).hash for row in session.rows(f"{whole} DESC LIMIT 1"))
    if last not in _recalled:
        _recalled.clear()
        _recalled[last] = recall_trial(read(Line._make(row)) for row in session.rows(whole))
    taken = session.rows("SELECT stratum, MAX(position) FROM randomisations GROUP BY stratum")
    return replace(_recalled[last], taken=dict(taken))
