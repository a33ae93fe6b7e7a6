"""What the data monitoring committee is given: slots without people, and pooled counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from equipoise.answer import NO, WORDS, YES
from equipoise.conduct import clocks, reading
from equipoise.conduct.canonical import instant
from equipoise.conduct.committee import Home, Material, Pack, Person, Reaction, pooled
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.schedule import day_zero
from equipoise.conduct.state.adjudication import Adjudication
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views.access import admit
from equipoise.protocol.whole import Study
from equipoise.rules.safety import hypoglycaemia_level

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
        return pooled(log.study, _material(log.study, session, at))


def material(log: Log, *, by: Actor, at: datetime) -> Material:
    """What the closed pack is made from, for the committee's statistician: slots, no people.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, frozenset({Role.COMMITTEE_STATISTICIAN}))
        return _material(log.study, session, at)


def _material(study: Study, session: Session, at: datetime) -> Material:
    everybody, trial = list(reading.everybody(session)), reading.trial(session)
    eligible = [who for who in everybody if who.screened and who.screened.eligible == WORDS[YES]]
    people = sorted(
        _person(study, who, trial.adjudication, at) for who in everybody if who.randomised
    )
    used = {person.slot for person in people}
    slots = tuple(slot for slot in trial.slots if slot.slot in used)
    return Material(
        instant(at), trial.rehearsal, len(everybody), len(eligible), slots, tuple(people)
    )


def _person(study: Study, who: Participant, adjudication: Adjudication, at: datetime) -> Person:
    visits = {name for name, day in who.visits.days.items() if day is not None}
    seen = visits | {str(key.encounter) for key in who.values}
    return Person(
        who.randomised.slot if who.randomised else "",
        who.withdrawn,
        tuple(sorted(seen)),
        tuple(sorted(who.doses.infused)),
        tuple(_reaction(event, adjudication) for event in who.adverse_events.events),
        _days(study, who, at),
        tuple(sorted(_numbers(study, who))),
        _home(who),
    )


def _days(study: Study, who: Participant, at: datetime) -> int:
    """From the first dose to the day of leaving or completing, or that of the pack."""
    zero, end = day_zero(study, who), who.disposition.left or who.disposition.completed
    last = date(end.year, end.month or 12, end.day or 28) if end else at.date()
    return 0 if zero is None else max((last - zero).days + 1, 0)


def _numbers(study: Study, who: Participant) -> Iterator[tuple[str, str, Decimal]]:
    for key, value in who.values.items():
        item = study.items.get(key.item)
        if item is not None and item.kind == "number" and value.text is not None:
            yield key.item, str(key.encounter), Decimal(value.text)


def _home(who: Participant) -> Home:
    found = [(day, hypoglycaemia_level(int(mmol * 10), NO)) for day, mmol in who.diary.values]
    days = [len({day for day, level in found if level >= least}) for least in (1, 2)]
    below = [sum(level >= least for _, level in found) for least in (1, 2)]
    return Home(len(found), *days, *below)


def _reaction(event: AdverseEvent, adjudication: Adjudication) -> Reaction:
    said = event.now
    serious = WORDS[clocks.serious(said)]
    files = [adjudication.files.get(one.dossier) for one in event.dossiers]
    held = [file.outcome.causality for file in files if file and file.outcome]
    verdict = held[-1] if held else None
    return Reaction(event.term, said.severity, serious, said.causality, said.outcome, verdict)
