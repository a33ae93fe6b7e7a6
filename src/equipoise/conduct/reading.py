"""Reading the log in one transaction: lines, entries, where a chain ends, what it amounts to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from equipoise.conduct.entry import EMPTY, Entry, Line, Tip, key, read
from equipoise.conduct.events.event import Chain
from equipoise.conduct.events.trial import BoxesDeposited
from equipoise.conduct.state.adjudication import File
from equipoise.conduct.state.lots import Lots, recall_lots
from equipoise.conduct.state.participant import Participant, recall_participant
from equipoise.conduct.state.trial import Trial, recall_trial
from equipoise.conduct.storage.session import Session

REMEMBERED: Final = 512  # participants at most
_SELECT: Final = (
    "SELECT sequence, hash, command, participant, line, CASE WHEN sequence > 1 "
    "THEN (SELECT line FROM main WHERE sequence = 1) END FROM"
)
_remembered: Final[dict[tuple[Chain, str | None, object], tuple[Tip, Any]]] = {}

T = TypeVar("T")


def lines(session: Session, chain: Chain, *, since: int = 0) -> Iterator[Line]:
    """The lines of a chain after one, in order."""
    sql = f"{_SELECT} {chain} WHERE sequence > ? ORDER BY sequence"
    return map(Line.of, session.rows(sql, since))


def tip(session: Session, chain: Chain) -> Tip:
    """Where a chain ends."""
    for row in session.rows(f"{_SELECT} {chain} ORDER BY sequence DESC LIMIT 1"):
        line = Line.of(row)
        return Tip(line.sequence, line.hash)
    return EMPTY


def first(session: Session) -> bytes | None:
    """What the database keeps of the first line of the main chain, which all lines are like."""
    for (kept,) in session.rows("SELECT line FROM main WHERE sequence = 1"):
        return bytes(kept)
    return None


def about(session: Session, chain: Chain, participant: str | None) -> Iterator[Line]:
    """A chain's lines about a participant, or about none, in order."""
    return map(Line.of, _rows(session, chain, participant, since=0))


def hidden_boxes(session: Session) -> Mapping[str, Mapping[str, str]]:
    """The sealed boxes of the allocation list, by slot and recipient."""
    return folded(session, "vault", None, _boxes)


def of_command(session: Session, chain: Chain, command: str) -> Iterator[Entry]:
    """What a command recorded in a chain."""
    sql = f"{_SELECT} {chain} WHERE command = ? ORDER BY sequence"
    for row in session.rows(sql, key(command)):
        entry = read(Line.of(row))
        if entry.envelope.command == command:
            yield entry


def trial(session: Session) -> Trial:
    """The trial, from the entries about no participant and the table of used slots."""
    found = folded(session, "main", None, recall_trial)
    taken = session.rows("SELECT stratum, MAX(position) FROM randomisations GROUP BY stratum")
    dossiers = {code: File() for (code,) in session.rows("SELECT dossier FROM dossiers")}
    return replace(
        found,
        taken=dict(taken),
        adjudication=found.adjudication.opened(dossiers),
    )


def participant(session: Session, name: str) -> Participant | None:
    """A participant as recorded, or None."""
    return folded(session, "main", name, recall_participant)


def names(session: Session, site: str | None = None) -> list[str]:
    """The identifiers of all participants, or of a site's, in order; without those cancelled."""
    rows = session.rows(
        "SELECT participant, site FROM participants "
        "WHERE participant NOT IN (SELECT participant FROM cancelled)"
    )
    return sorted(name for name, place in rows if site in (None, place))


def everybody(session: Session) -> Iterator[Participant]:
    """Every participant as recorded, by identifier; without those cancelled."""
    for name in names(session):
        if (who := participant(session, name)) is not None:
            yield who


def lots(session: Session) -> Lots:
    """The lots of the products."""
    return folded(session, "vault", None, recall_lots)


def folded(
    session: Session,
    chain: Chain,
    whose: str | None,
    fold: Callable[[Iterable[Entry], T | None], T],
) -> T:
    """What a chain's entries about a participant, or about none, amount to.

    Only what was added since the last time is read: a line's hash names all that came before it, so
    what was folded up to it is right for ever, in any database.
    """
    what = chain, whose, fold
    before, known = _remembered.get(what, (EMPTY, None))
    rows = list(_rows(session, chain, whose, since=before.sequence))
    if known is not None and rows and rows[0][1] == before.hash:
        rows = rows[1:]  # this line was read before; it is not unpacked again
    elif known is not None:
        known, rows = None, list(_rows(session, chain, whose, since=0))
    new = list(map(Line.of, rows))
    found = fold(map(read, new), known)
    if new:
        _remembered.pop(what, None)
        while len(_remembered) >= REMEMBERED:
            _remembered.pop(next(iter(_remembered)), None)
        _remembered[what] = Tip(new[-1].sequence, new[-1].hash), found
    return found


def _boxes(
    entries: Iterable[Entry], known: Mapping[str, Mapping[str, str]] | None
) -> Mapping[str, Mapping[str, str]]:
    for entry in entries:
        if isinstance(entry.event, BoxesDeposited):
            return entry.event.boxes
    return known or {}


def _rows(
    session: Session, chain: Chain, participant: str | None, *, since: int
) -> Iterator[tuple[Any, ...]]:
    """The rows of a chain about a participant, or about none, from a line on, in order."""
    where = "participant IS NULL" if participant is None else "participant = ?"
    given = () if participant is None else (participant,)
    sql = f"{_SELECT} {chain} WHERE {where} AND sequence >= ? ORDER BY sequence"
    return session.rows(sql, *given, since)
