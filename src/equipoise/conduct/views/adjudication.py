"""What readers and chair are shown: a dossier without person, place, date or arm.

It is built from an allow-list. The site's own words and its view of the cause are not on it, and a
reader sees the other's verdict only when both are in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from equipoise.conduct import reading
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.adjudication import File, Verdict
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views.access import admit, refused
from equipoise.errors import LogError

_JUDGES: Final = frozenset({Role.ADJUDICATOR, Role.CHAIR})


@dataclass(frozen=True, slots=True)
class Dossier:
    """A serious event, redacted.

    Attributes:
        term: Code of the study's list, or None.
        onset: Days from consent to the beginning, where both days are known.
        lasted: Days, where both days are known.
        criteria: Those of seriousness, with the site's answers.
        verdicts: Serious, causality and why: one's own, and both once both are in.
        outcome: What holds: serious and causality, or None as yet.
    """

    dossier: str
    term: str | None
    narrative: str
    onset: int | None
    lasted: int | None
    severity: str
    criteria: Mapping[str, str]
    action: str
    result: str
    verdicts: tuple[tuple[str, str, str], ...]
    outcome: tuple[str, str] | None


def dossiers(log: Log, *, by: Actor) -> list[str]:
    """Codes of the dossiers that wait for this person, in alphabetical order.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, _JUDGES)
    return sorted(code for code, file in trial.adjudication.files.items() if _waits(file, by))


def dossier(log: Log, code: str, *, by: Actor) -> Dossier:
    """A dossier that waits for this person, or on which this person gave a verdict.

    Raises:
        NotPermittedError: Not a task of this person, or there is no such dossier for them.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, _JUDGES)
        file = trial.adjudication.files.get(code)
        if file is None or not (_waits(file, by) or _spoke(file, by)):
            raise refused(by)
        return _redacted(code, file, session, by)


def _waits(file: File, by: Actor) -> bool:
    if by.role == Role.CHAIR:
        return file.disputed
    return not file.complete and not _spoke(file, by)


def _spoke(file: File, by: Actor) -> bool:
    said = (*file.verdicts, file.settled)
    return any(verdict is not None and verdict.by == by.person for verdict in said)


def _redacted(code: str, file: File, session: Session, by: Actor) -> Dossier:
    sql = "SELECT participant, number FROM dossiers WHERE dossier = ?"
    ((name, number),) = session.rows(sql, code)
    who = reading.participant(session, name)
    if who is None:
        raise LogError(f"{code}: its participant is not in the log")
    event = who.adverse_events.events[number - 1]
    ((known, narrative),) = (
        (sent.known, sent.narrative) for sent in event.dossiers if sent.dossier == code
    )
    said = event.versions[known - 1].said
    return Dossier(
        dossier=code,
        term=said.term or event.term,
        narrative=narrative,
        onset=_days(_consented(who), said.start),
        lasted=_days(said.start, said.end),
        severity=said.severity,
        criteria=said.criteria,
        action=said.action,
        result=said.outcome,
        verdicts=_verdicts(file, by),
        outcome=file.outcome.says if file.outcome else None,
    )


def _consented(who: Participant) -> PartialDate:
    return who.consents[0].on


def _verdicts(file: File, by: Actor) -> tuple[tuple[str, str, str], ...]:
    """One's own; both, in no telling order, once both are in; the chair's with them."""
    shown: list[Verdict] = [
        verdict for verdict in file.verdicts if file.complete or verdict.by == by.person
    ]
    said = sorted((verdict.serious, verdict.causality, verdict.why) for verdict in shown)
    if file.settled is not None:
        said.append((file.settled.serious, file.settled.causality, file.settled.why))
    return tuple(said)


def _days(since: PartialDate, until: PartialDate | None) -> int | None:
    first, last = _whole(since), _whole(until)
    return None if first is None or last is None else (last - first).days


def _whole(on: PartialDate | None) -> date | None:
    if on is None or on.month is None or on.day is None:
        return None
    return date(on.year, on.month, on.day)
