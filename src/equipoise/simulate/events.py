"""Adverse events: background events as a Poisson process, events of an infusion by chance.

Which participants leave because of one is drawn before the course, so that a course can end there;
the others are drawn only where every record of a trial is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from equipoise.errors import StudyError
from equipoise.protocol.population import EventRate
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Key
from equipoise.simulate.models import People
from equipoise.simulate.random import EVENTS, LEAVING, draw_uniforms, waits

MOST: Final = 40  # events of one kind that a participant can have
LOW_GLUCOSE: Final = "HYPOGLYCAEMIA"  # the term of events that the model's own readings make
YEAR: Final = 365.25  # d


class Event(NamedTuple):
    """An adverse event of a participant."""

    participant: int  # place among the participants
    kind: EventRate
    day: int  # study day on which it starts
    chances: tuple[float, float, float]  # decide duration, severity and seriousness
    withdraws: bool


def treated(people: People) -> Flags:
    """Whether each participant got anything but placebo, (n,)."""
    return np.asarray(np.nansum(people.doses, axis=1) > 0)


def leaving_days(study: Study, people: People, key: Key) -> Array:
    """Study day on which an adverse event ends participation, (n,); infinite when none does.

    Raises:
        StudyError: An event of an infusion is said to withdraw.
    """
    drawn = draw_uniforms(LEAVING, 0, people.persons, people.trials, key)
    yearly = _leaving_rates(study, treated(people)).sum(axis=1)
    with np.errstate(divide="ignore"):
        days = np.ceil(YEAR * waits(drawn[:, 0]) / yearly)
    last = max(encounter.day for encounter in study.protocol.encounters)
    return np.where(days < last, days, np.inf)


def events(study: Study, people: People, left: Array, key: Key) -> list[Event]:
    """Every adverse event of the participants while they are in the study.

    Args:
        study: The study.
        people: Participants, with their days of leaving because of an event.
        left: Day of leaving for whatever reason, (n,); infinite when the participant stayed.
        key: The seed.
    """
    found = list(_leaving(study, people, left, key))
    for number, kind in enumerate(study.populated().adverse_events):
        course = _dose_events if kind.per == "dose" else _background
        found += course(study, people, left, number, key)
    return sorted(found, key=lambda event: (event.participant, event.day, event.kind.term))


def _leaving_rates(study: Study, exposed: Flags) -> Array:
    """Yearly rate of each kind of event that makes a participant leave, (n, kinds)."""
    rates = np.zeros((exposed.size, max(1, len(study.populated().adverse_events))))
    for number, kind in enumerate(study.populated().adverse_events):
        if kind.per == "dose" and kind.withdraws > 0:
            raise StudyError(
                f"population.yaml: {kind.term} is an event of a dose and withdraws; "
                f"only events with a yearly rate can"
            )
        rates[:, number] = kind.rate * kind.withdraws * np.where(exposed, kind.rate_ratio, 1.0)
    return rates


def _leaving(study: Study, people: People, left: Array, key: Key) -> Iterator[Event]:
    """The event of each participant who left because of one."""
    drawn = draw_uniforms(LEAVING, 0, people.persons, people.trials, key)
    details = draw_uniforms(LEAVING, 1, people.persons, people.trials, key)
    rates = _leaving_rates(study, treated(people)).cumsum(axis=1)
    for i in np.flatnonzero(np.isfinite(people.leaves) & (people.leaves <= left)):
        number = int(np.searchsorted(rates[i], drawn[i, 1] * rates[i, -1], side="right"))
        kind = study.populated().adverse_events[number]
        yield Event(int(i), kind, int(people.leaves[i]), _three(details[i]), withdraws=True)


def _dose_events(
    study: Study, people: People, left: Array, number: int, key: Key
) -> Iterator[Event]:
    kind = study.populated().adverse_events[number]
    rate = kind.rate * np.where(treated(people), kind.rate_ratio, 1.0)
    for place, name in enumerate(study.protocol.dosing.encounters):
        day = study.encounters[name].day
        drawn = draw_uniforms(EVENTS + number, place, people.persons, people.trials, key)
        happens = ~np.isnan(people.doses[:, place]) & (drawn[:, 0] < rate) & (day < left)
        for i in np.flatnonzero(happens):
            yield Event(int(i), kind, day, _three(drawn[i]), withdraws=False)


def _background(
    study: Study, people: People, left: Array, number: int, key: Key
) -> Iterator[Event]:
    kind = study.populated().adverse_events[number]
    rate = kind.rate * (1.0 - kind.withdraws) * np.where(treated(people), kind.rate_ratio, 1.0)
    last = max(encounter.day for encounter in study.protocol.encounters)
    end, day = np.minimum(left, last), np.zeros(left.size)
    for turn in range(MOST):
        drawn = draw_uniforms(EVENTS + number, turn, people.persons, people.trials, key)
        with np.errstate(divide="ignore"):
            day += YEAR * waits(drawn[:, 0]) / rate
        if not (day < end).any():
            return
        for i in np.flatnonzero(day < end):
            yield Event(int(i), kind, int(day[i]), _three(drawn[i]), withdraws=False)


def _three(drawn: Array) -> tuple[float, float, float]:
    return float(drawn[1]), float(drawn[2]), float(drawn[3])
