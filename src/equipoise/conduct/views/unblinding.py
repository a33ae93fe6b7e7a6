"""Emergency unblinding: the sealed request for the one who gave the command, notices for the rest.

Nothing here has a place for an arm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from equipoise.conduct import reading, vault
from equipoise.conduct.entry import START, Line, read
from equipoise.conduct.events.unblinding import AnyUnblinded
from equipoise.conduct.log import Log
from equipoise.conduct.roles import READS, Actor, Role
from equipoise.conduct.state.unblinding import made_unblinded
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views.access import admit, of_site, own, refused
from equipoise.protocol.model import Language

_NOTICE: Final = {
    "en": "{participant}: the blind was opened in an emergency by {by} at {at}. Reason: {reason} "
    "This notice tells no arm. Do not ask for it.",
    "zh": "{participant}：{by}于{at}紧急揭盲。原因：{reason} 本通知不含组别信息，请勿询问。",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """That a participant's blind was opened, by whom, when and why."""

    participant: str
    by: str
    at: str
    reason: str
    on_paper: bool

    def words(self, lang: Language) -> str:
        """The notice as it is sent."""
        return _NOTICE[lang].format(
            participant=self.participant, by=self.by, at=self.at, reason=self.reason
        )


@dataclass(frozen=True, slots=True)
class MadeUnblinded:
    """Something recorded of a participant by a person who knew the arm by then."""

    sequence: int
    what: str
    by: str
    at: str


def notices(log: Log, *, by: Actor) -> list[Notice]:
    """All emergency unblindings of the participants whom a person may look at, by participant.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        found = list(own(session, by))
    zones = {site.name: ZoneInfo(site.timezone) for site in log.study.protocol.sites}
    return [
        Notice(
            who.id,
            opening.by,
            _local(opening.since, zones[who.site or ""]),
            opening.reason,
            opening.on_paper,
        )
        for who in found
        for opening in who.unblindings.openings
    ]


def assessments(log: Log, name: str, *, by: Actor) -> list[MadeUnblinded]:
    """What was recorded of a participant by people who knew the arm by then, in order.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        of_site(reading.participant(session, name), by)
        entries = [read(line) for line in reading.about(session, "main", name)]
    return [
        MadeUnblinded(
            entry.sequence,
            type(entry.event).__name__,
            entry.envelope.actor,
            _local(entry.envelope.at, ZoneInfo(entry.envelope.zone)),
        )
        for entry in made_unblinded(entries)
    ]


def glass(log: Log, name: str, *, by: Actor, key: bytes, private: bytes) -> vault.Glass:
    """What the vault is asked with, for the investigator whose unblinding was recorded.

    Args:
        log: The log.
        name: The participant.
        by: The investigator.
        key: Public key for this once; a line with another is not the investigator's, and is not
            signed.
        private: Ed25519 key that signs for the log.

    Raises:
        NotPermittedError: Not a task of this person, or this person recorded no such unblinding.
    """
    with log.storage.reading() as session:
        trial = reading.trial(session)
        admit(trial, by, frozenset({Role.INVESTIGATOR}))
        who = of_site(reading.participant(session, name), by)
        lines = [line for line in reading.about(session, "main", name) if _asks(line, by, key)]
        if not lines or who.randomised is None:
            raise refused(by)
        (slot,) = (slot for slot in trial.slots if slot.slot == who.randomised.slot)
        sealed = reading.hidden_boxes(session)[slot.slot]["vault"]
        before = _before(session, lines[-1])
    return vault.glass(
        lines[-1], before, slot, sealed, study=log.study, trial=trial, private=private
    )


def _asks(line: Line, by: Actor, key: bytes) -> bool:
    entry = read(line)
    asks = isinstance(entry.event, AnyUnblinded) and entry.event.key == key.hex()
    return asks and entry.envelope.actor == by.person


def _local(at: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).isoformat(timespec="minutes")


def _before(session: Session, line: Line) -> bytes:
    for (hashed,) in session.rows("SELECT hash FROM main WHERE sequence = ?", line.sequence - 1):
        return bytes(hashed)
    return START
