"""What the plan asks for around an infusion: until when a bag is used, when to look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from equipoise.conduct.state.participant import Participant
from equipoise.protocol.whole import Study
from equipoise.units import parse_unit


class Task(NamedTuple):
    """An observation of the chart."""

    point: int  # minutes from the start
    due: datetime | None  # None: not started yet
    state: Literal["done", "to come", "due", "overdue"]


def use_by(study: Study, begun: str | None, now: datetime) -> datetime | None:
    """Until when a bag is to be used up; None: the protocol has no limit.

    Args:
        study: As planned.
        begun: When making up began, in the zone of ``now``.
        now: Gives the zone.
    """
    limit = study.protocol.dosing.use_within
    if limit is None or begun is None:
        return None
    seconds = limit.known("dosing.use_within") * int(parse_unit(limit.unit).to(parse_unit("s")))
    return _local(begun, now) + timedelta(seconds=int(seconds))


def tasks(study: Study, who: Participant, encounter: str, now: datetime) -> tuple[Task, ...]:
    """The observations after a dose: done, to come, due, or overdue."""
    watch, infused = study.protocol.dosing.watch, who.doses.infused.get(encounter)
    if watch is None:
        return ()
    done = who.doses.observed.get(encounter, {})
    found = []
    for point in watch.minutes:
        due = _local(infused.started, now) + timedelta(minutes=point) if infused else None
        state: Literal["done", "to come", "due", "overdue"] = "to come"
        if point in done:
            state = "done"
        elif due and now > due + timedelta(minutes=watch.late):
            state = "overdue"
        elif due and now >= due:
            state = "due"
        found.append(Task(point, due, state))
    return tuple(found)


def _local(text: str, now: datetime) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
