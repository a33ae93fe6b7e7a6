"""Adverse events and what is due about them, for people who work with the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from equipoise.answer import WORDS
from equipoise.conduct import clocks, reading
from equipoise.conduct.log import Log
from equipoise.conduct.roles import READS, Actor
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent, Version
from equipoise.conduct.views.access import admit, of_site, own


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """An adverse event as known at one report; times at the site."""

    number: int
    version: int
    term: str | None
    coded: str | None
    verbatim: str | None
    start: str
    time: str | None
    end: str | None
    severity: str
    serious: str
    criteria: Mapping[str, str]
    causality: str
    expected: str
    action: str
    outcome: str
    aware: str
    by: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is to be done about a participant's safety.

    Attributes:
        what: ``report to sponsor``, ``report to authority`` or ``report hypoglycaemia``.
        about: Number of the adverse event, or the day of the reading.
        due: Deadline at the site, or None where there is no clock.
    """

    participant: str
    what: str
    about: str
    due: str | None
    overdue: bool


def adverse_events(log: Log, name: str, *, by: Actor) -> list[ShownVersion]:
    """Every version of every adverse event of a participant, in order.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        who = of_site(reading.participant(session, name), by)
    return [
        _shown(event, place, version)
        for event in who.adverse_events.events
        for place, version in enumerate(event.versions, start=1)
    ]


def tasks(log: Log, *, by: Actor, at: datetime) -> list[Task]:
    """What is to be done about safety, the most pressing first, at the sites a person works for.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        found = [task for who in own(session, by) for task in _tasks(log, who, at)]
    return sorted(found, key=_urgency)


def _urgency(task: Task) -> tuple[bool, datetime, str, str, str]:
    due = datetime.fromisoformat(task.due) if task.due else datetime.max.replace(tzinfo=UTC)
    return task.due is None, due, task.participant, task.what, task.about


def _tasks(log: Log, who: Participant, at: datetime) -> Iterator[Task]:
    for event in who.adverse_events.events:
        zone = event.versions[-1].zone
        for duty in clocks.duties(event):
            if duty.filed is None:
                due = _local(duty.due, zone)
                about = str(event.number)
                yield Task(who.id, f"report to {duty.to}", about, due, duty.overdue(at))
    for alarm in clocks.unreported_alarms(log.study.protocol.dosing.watch, who):
        about = f"{alarm.encounter} {alarm.point} min, {alarm.item} {alarm.value}"
        yield Task(who.id, f"report {alarm.term}", about, None, overdue=False)
    if log.study.protocol.diary is not None:
        for day, _ in clocks.unreported_lows(who.diary.values, who.adverse_events.events):
            yield Task(who.id, "report hypoglycaemia", day.isoformat(), None, overdue=False)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="minutes")


def _shown(event: AdverseEvent, place: int, version: Version) -> ShownVersion:
    said = version.said
    return ShownVersion(
        number=event.number,
        version=place,
        term=said.term or event.term,
        coded=f"{event.coded.dictionary} {event.coded.code}" if event.coded else None,
        verbatim=said.verbatim,
        start=str(said.start),
        time=said.time,
        end=None if said.end is None else str(said.end),
        severity=said.severity,
        serious=WORDS[clocks.serious(said)],
        criteria=said.criteria,
        causality=said.causality,
        expected=said.expected,
        action=said.action,
        outcome=said.outcome,
        aware=_local(version.aware, version.zone),
        by=version.by,
    )
