"""What the data monitoring committee is given: slots without people, and pooled counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from equipoise.answer import WORDS, YES
from equipoise.conduct import clocks, reading
from equipoise.conduct.canonical import instant
from equipoise.conduct.committee import Material, Pack, Person, Reaction, pooled
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views.access import admit

_OPEN: Final = frozenset(
    {
        Role.COMMITTEE_MEMBER,
        Role.COMMITTEE_STATISTICIAN,
        Role.STATISTICIAN,
        Role.DATA_MANAGER,
    }
)


def open_pack(log: Log, *, by: Actor, at: datetime) -> Pack:
    """The pooled pack, for the open session.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, _OPEN)
        return pooled(log.study, _material(session, at))


def material(log: Log, *, by: Actor, at: datetime) -> Material:
    """What the closed pack is made from, for the committee's statistician: slots, no people.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, frozenset({Role.COMMITTEE_STATISTICIAN}))
        return _material(session, at)


def _material(session: Session, at: datetime) -> Material:
    everybody = list(_everybody(session))
    eligible = [who for who in everybody if who.screened and who.screened.eligible == WORDS[YES]]
    people = sorted(_person(who, who.randomised.slot) for who in everybody if who.randomised)
    used = {person.slot for person in people}
    slots = tuple(slot for slot in reading.trial(session).slots if slot.slot in used)
    return Material(instant(at), len(everybody), len(eligible), slots, tuple(people))


def _everybody(session: Session) -> Iterator[Participant]:
    for (name,) in list(session.rows("SELECT participant FROM participants")):
        who = reading.participant(session, name)
        if who is not None:
            yield who


def _person(who: Participant, slot: str) -> Person:
    visits = {name for name, day in who.visits.days.items() if day is not None}
    seen = visits | {str(key.encounter) for key in who.values}
    return Person(
        slot,
        who.withdrawn,
        tuple(sorted(seen)),
        tuple(sorted(who.doses.infused)),
        tuple(_reaction(event) for event in who.adverse_events.events),
    )


def _reaction(event: AdverseEvent) -> Reaction:
    said = event.now
    serious = WORDS[clocks.serious(said)]
    return Reaction(said.term, said.severity, serious, said.causality, said.outcome)
