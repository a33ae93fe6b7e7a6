"""The log of one trial, and the only writer.

>>> log = Log(study, SQLite(Path("trial.sqlite")))               # doctest: +SKIP
>>> log.append(Randomise("S1-001"), by=investigator, at=now, command="5f0c…")   # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final

from equipoise.conduct import reading
from equipoise.conduct.canonical import digest, instant, zone
from equipoise.conduct.commands.amendment import Amend
from equipoise.conduct.commands.command import Command, Situation, identifier
from equipoise.conduct.commands.trial import OpenTrial
from equipoise.conduct.commands.unblinding import silent
from equipoise.conduct.entry import Entry, Envelope, Line, Tip, read, written
from equipoise.conduct.events.event import CHAINS, Chain, Event
from equipoise.conduct.projections import rows
from equipoise.conduct.roles import Actor, permit, readable
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.trial import Trial
from equipoise.conduct.storage.session import Session, Storage
from equipoise.errors import ConductError, ConflictError, NotPermittedError
from equipoise.protocol.whole import Study

LONGEST: Final = 16_000_000  # characters of a line: the boxes of some ten thousand slots


@dataclass(frozen=True, slots=True)
class Log:
    """A trial's log.

    Attributes:
        study: As planned; the version of the protocol that is in force at the actor's site.
        storage: Where it is kept.
    """

    study: Study
    storage: Storage

    def append(
        self, asked: Command, *, by: Actor, at: datetime, command: str, expected: int | None = None
    ) -> tuple[Entry, ...]:
        """Carry out a command: decide, write and project in one transaction, or nothing at all.

        Args:
            asked: What is wanted.
            by: Who wants it. That it is this person was established before.
            at: Now, with the time zone of the site.
            command: Identifier given by the sender. Sent again after a lost answer, the command is
                not carried out again; the answer is.
            expected: Number of events of the participant that the sender has seen.

        Returns:
            What was recorded, as far as this role may read it.

        Raises:
            NotPermittedError: It is not a task of this person.
            ConductError: The trial does not allow it now.
            ConflictError: The participant changed since, or the identifier is another command's.
            LogError: The storage failed. Whether it was recorded is not known: send it again.
        """
        permit(by.role, asked.NAME)
        identifier("command", command)
        envelope = self._envelope(asked, by, at, command)
        with self.storage.writing() as session:
            trial = self._trial(session, asked, by)
            entries = _done(session, envelope)
            if not entries:
                now = self._now(session, trial, asked, by, at)
                happened = decided(asked, now)
                if now.participant:
                    silent(now, happened, envelope.reason, reading.everybody(session))
                version = now.participant.version if now.participant else 0
                if expected not in (None, version):  # told only to those who may act on the person
                    raise ConflictError(
                        f"{envelope.participant} has {version} events, not {expected}"
                    )
                entries = _write(session, happened, envelope)
        return tuple(entry for entry in entries if entry.chain in ("main", *readable(by.role)))

    def situation(self, asked: Command, *, by: Actor, at: datetime) -> Situation:
        """What a command would look at now, to try it with ``decided``; nothing is written.

        Raises:
            NotPermittedError: It is not a task of this person.
            ConductError: Another version of the protocol is in force.
        """
        permit(by.role, asked.NAME)
        with self.storage.reading() as session:
            return self._now(session, self._trial(session, asked, by), asked, by, at)

    def trial(self) -> Trial:
        """The trial as it stands."""
        with self.storage.reading() as session:
            return reading.trial(session)

    def participant(self, name: str) -> Participant | None:
        """A participant as recorded, or None."""
        with self.storage.reading() as session:
            return reading.participant(session, name)

    def lines(self, chain: Chain) -> list[Line]:
        """All lines of a chain, in order, of one state of the database."""
        with self.storage.reading() as session:
            return list(reading.lines(session, chain))

    def entries(self, chain: Chain) -> list[Entry]:
        """All entries of a chain, in order."""
        return [read(line) for line in self.lines(chain)]

    def tip(self, chain: Chain) -> Tip:
        """Where a chain ends."""
        with self.storage.reading() as session:
            return reading.tip(session, chain)

    def _envelope(self, asked: Command, by: Actor, at: datetime, command: str) -> Envelope:
        said = {field.name: getattr(asked, field.name) for field in fields(asked)}
        open_part = {name: part for name, part in said.items() if name not in asked.SEALED}
        return Envelope(
            study=self.study.name,
            protocol=self.study.protocol.version,
            protocol_hash=self.study.files[self.study.protocol_file],
            command=command,
            request=digest([asked.NAME, *by, open_part])[:32],
            actor=by.person,
            role=by.role,
            site=by.site,
            participant=said.get("participant"),
            at=instant(at),
            zone=zone(at),
            reason=said.get("reason"),
        )

    def _trial(self, session: Session, asked: Command, by: Actor) -> Trial:
        """The trial, once it is sure that the actor has the role in it."""
        trial = reading.trial(session)
        if trial.opened is None and isinstance(asked, OpenTrial):
            return trial
        if by not in trial.staff:
            raise NotPermittedError(f"{by.person} is not {by.role} here")
        return trial

    def _now(
        self, session: Session, trial: Trial, asked: Command, by: Actor, at: datetime
    ) -> Situation:
        self._in_force(trial, asked, by)
        who = reading.participant(session, getattr(asked, "participant", None) or "")
        return _with_more(session, Situation(self.study, trial, who, by, at), asked)

    def _in_force(self, trial: Trial, asked: Command, by: Actor) -> None:
        if trial.opened is None or isinstance(asked, Amend):
            return
        in_force = trial.version_at(by.site)
        if not in_force.same(self.study):
            raise ConductError(
                f"version {in_force.version} of the protocol is in force here; "
                "this protocol, or one of its forms, is another. Use the files of that version"
            )


def decided(asked: Command, now: Situation) -> tuple[Event, ...]:
    """What a command would record: all that is asked of it is asked here, and nothing is written.

    Raises:
        ConductError: The trial does not allow it now.
    """
    happened = asked.decide(now)
    if now.participant:
        now.participant.oversight.admit(happened)
    return happened


def _with_more(session: Session, now: Situation, asked: Command) -> Situation:
    """What only some commands look at."""
    if asked.LOTS:
        ledger = reading.tip(session, "vault").sequence
        now = replace(now, lots=reading.lots(session), ledger=ledger)
    if asked.EVERYBODY:
        now = replace(now, everybody=tuple(reading.everybody(session)))
    if asked.NAMES:
        found = session.rows("SELECT participant FROM participants")
        now = replace(now, names=tuple(name for (name,) in found))
    return now


def _done(session: Session, envelope: Envelope) -> list[Entry]:
    """What a command recorded when it was sent before."""
    entries = [
        entry for chain in CHAINS for entry in reading.of_command(session, chain, envelope.command)
    ]
    if any(entry.envelope.request != envelope.request for entry in entries):
        raise ConflictError(
            f"another command has the identifier {envelope.command}; give a new one"
        )
    return entries


def _write(session: Session, happened: tuple[Event, ...], envelope: Envelope) -> list[Entry]:
    tips: dict[str, Tip] = {"main": reading.tip(session, "main")}
    first, entries = reading.first(session), []
    for event in happened:
        tip = tips.get(event.CHAIN) or reading.tip(session, event.CHAIN)
        line = written(event, envelope, tip, after=tips["main"].sequence)
        if len(line.line) > LONGEST:
            raise ConductError(f"this is longer than {LONGEST} characters; send less at once")
        tips[event.CHAIN] = Tip(line.sequence, line.hash)
        entry = read(line)
        session.insert(event.CHAIN, [row := line.row(first)])
        first = first or row[-1]
        for table, added in rows(entry):
            session.insert(table, [added])
        entries.append(entry)
    return entries
