"""Tasks, visits, diary and titration, for those who work with them; and a participant's own page.

A proposed dose is for the staff alone: a participant sees only what a physician prescribed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from equipoise.conduct import reading
from equipoise.conduct.adherence import Week, adherence
from equipoise.conduct.canonical import PartialDate, canonical
from equipoise.conduct.events.registry import body
from equipoise.conduct.log import Log
from equipoise.conduct.roles import READS, Actor, Role
from equipoise.conduct.schedule import Planned, schedule, timings
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.tasks import Task, tasks
from equipoise.conduct.views.access import admit, of_site, own, refused
from equipoise.protocol.whole import Study


class VisitShown(NamedTuple):
    """A visit: when it is planned, and what became of it."""

    encounter: str
    planned: date
    first: date  # of its window
    last: date
    held: str | None
    timing: str | None  # "in window", "early", "late", "missed"; None: still to come


class Decided(NamedTuple):
    """What a physician decided on a proposal."""

    on: str
    decision: str | None
    dose: int  # U/d


class LateShown(NamedTuple):
    """A contact after the participant left or completed the study."""

    on: str
    found: str
    text: str


class FollowUp(NamedTuple):
    """Visits, diary and titration of a participant.

    Attributes:
        readings: A row a day: the day, of each point of the diary the reading in mmol/L, and the
            others with their times.
    """

    participant: str
    visits: tuple[VisitShown, ...]
    readings: tuple[Mapping[str, str | None], ...]
    weeks: tuple[Week, ...]
    dose: int | None  # U/d, as last prescribed in the trial
    stopped: str | None
    waiting: Mapping[str, object] | None  # the proposal that waits for a decision
    decided: tuple[Decided, ...]
    late: tuple[LateShown, ...]


class Own(NamedTuple):
    """What a participant sees of the own course."""

    participant: str
    visits: tuple[Planned, ...]  # those to come
    readings: tuple[Mapping[str, str | None], ...]  # as in ``FollowUp``
    weeks: tuple[Week, ...]
    dose: int | None
    stopped: str | None


def shown(view: FollowUp | Own | tuple[Task, ...]) -> bytes:
    """A view as bytes: canonical JSON."""
    return canonical(view)


def work_list(log: Log, on: date, *, by: Actor) -> tuple[Task, ...]:
    """What is to be done on a day for every participant whom a person may look at.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        return tuple(task for who in own(session, by) for task in tasks(log.study, who, on))


def follow_up(log: Log, name: str, on: date, *, by: Actor) -> FollowUp:
    """Visits, diary and titration of a participant as they stand on a day.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        who = of_site(reading.participant(session, name), by)
    waiting, decided = who.medicine.waiting, who.medicine.decided.values()
    return FollowUp(
        participant=who.id,
        visits=_visits(log.study, who),
        readings=_readings(log.study, who),
        weeks=adherence(log.study, who, on),
        dose=who.medicine.dose,
        stopped=_text(who.medicine.stopped),
        waiting=body(waiting) if waiting else None,
        decided=tuple(Decided(str(said.on), said.decision, said.dose) for said in decided),
        late=tuple(LateShown(str(one.on), one.found, one.text) for one in who.disposition.late),
    )


def own_page(log: Log, on: date, *, by: Actor) -> Own:
    """A participant's own page.

    Raises:
        NotPermittedError: It is no participant, or not one of this trial.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, frozenset({Role.PARTICIPANT}))
        who = reading.participant(session, by.person)
    if who is None:
        raise refused(by)
    return Own(
        participant=who.id,
        visits=tuple(
            visit for visit in schedule(log.study, who) if visit.encounter not in who.visits.days
        ),
        readings=_readings(log.study, who),
        weeks=adherence(log.study, who, on),
        dose=who.medicine.dose,
        stopped=_text(who.medicine.stopped),
    )


def _visits(study: Study, who: Participant) -> tuple[VisitShown, ...]:
    said = timings(study, who)
    return tuple(
        VisitShown(*visit, _text(who.visits.held(visit.encounter)), said.get(visit.encounter))
        for visit in schedule(study, who)
    )


def _readings(study: Study, who: Participant) -> tuple[Mapping[str, str | None], ...]:
    points = study.protocol.diary.points if study.protocol.diary else ()
    days: dict[str, dict[str, str | None]] = {}
    for (day, point), value in sorted(who.diary.readings.items()):
        row = days.setdefault(day, {"day": day, **dict.fromkeys(points), "other": None})
        if point in points:
            row[point] = value
        elif value is not None:
            row["other"] = ", ".join(filter(None, (row["other"], f"{point} {value}")))
    return tuple(days.values())


def _text(on: PartialDate | None) -> str | None:
    return None if on is None else str(on)
