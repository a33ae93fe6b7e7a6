"""Who must hear of an adverse event by when: what follows from its versions and the rules.

A clock starts when the site came to know what made the report due, and again when a follow-up makes
it due sooner, from the time at which that became known. The site's knowledge counts as the
sponsor's, so a deadline here is never later than the law's. What is unknown counts at its worst.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

from equipoise.answer import NO, UNKNOWN, WORDS, YES
from equipoise.conduct.events.safety import AdverseEventReported
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.safety import AdverseEvent, Version
from equipoise.protocol.watch import Watch
from equipoise.rules import safety

HYPOGLYCAEMIA: Final = "HYPOGLYCAEMIA"
SPONSOR, AUTHORITY = "sponsor", "authority"
RECIPIENTS: Final = (SPONSOR, AUTHORITY)
_SPANS: Final = (safety.OTHER_SERIOUS, safety.FATAL_OR_LIFE_THREATENING)
_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Duty(NamedTuple):
    """A report that is, or was, due; all times in UTC.

    Attributes:
        to: The sponsor or the authority.
        started: When the clock started.
        due: Its deadline.
        filed: When it was sent, or None: it is still to be done.
    """

    to: str
    started: datetime
    due: datetime
    filed: datetime | None

    def overdue(self, at: datetime) -> bool:
        """Whether it was sent too late, or is not sent though its time is over."""
        return (self.filed or at) > self.due


def criteria(said: AdverseEventReported) -> safety.Criteria:
    """The criteria of seriousness as the rules ask for them."""
    return safety.Criteria(**{name: WORDS.index(word) for name, word in said.criteria.items()})


def serious(said: AdverseEventReported) -> int:
    """Answer whether the event is serious."""
    return safety.serious(criteria(said))


def duties(event: AdverseEvent) -> list[Duty]:
    """Every report of an event that what is known now makes due, sent or not."""
    return [duty for to in RECIPIENTS for duty in _duties(event, to)]


def _duties(event: AdverseEvent, to: str) -> Iterator[Duty]:
    levels = [_level(version.said, to) for version in event.versions]
    starts = [_start(levels, level) for level in range(1, levels[-1] + 1)]
    for level, start in enumerate(starts, start=1):
        if level < len(starts) and starts[level] == start:
            continue  # the shorter clock started with it
        aware = min(version.aware for version in event.versions[start:])
        due = _due(event.versions[start], to, level, aware)
        sent = [f.filed for f in event.filings if f.to == to and f.versions > start]
        yield Duty(to, aware, due, min(sent, default=None))


def _level(said: AdverseEventReported, to: str) -> int:
    """How pressing a report is: 0 not due, 1 due, 2 due to the authority on the shorter clock."""
    if to == SPONSOR:
        return int(safety.sponsor_due(criteria(said), _ANY_TIME) is not None)
    due = safety.authority_due(
        criteria(said),
        related=NO if said.causality == "not related" else YES,
        unexpected=YES - WORDS.index(said.expected),
        aware=_ANY_TIME,
    )
    return 0 if due is None else 1 + _SPANS.index(due - _ANY_TIME)


def _start(levels: Sequence[int], level: int) -> int:
    """The version from which on the report was at least so pressing, without a break until now."""
    start = len(levels) - 1
    while start > 0 and levels[start - 1] >= level:
        start -= 1
    return start


def _due(version: Version, to: str, level: int, aware: datetime) -> datetime:
    """The deadline: hours as they pass, days by the calendar of the site."""
    if to == SPONSOR:
        return aware + safety.SITE_TO_SPONSOR
    return (aware.astimezone(version.zone) + _SPANS[level - 1]).astimezone(UTC)


def unreported_lows(
    readings: Iterable[tuple[date, Decimal]], events: Iterable[AdverseEvent]
) -> list[tuple[date, int]]:
    """Days with a home reading of level 2 hypoglycaemia that no reported event covers.

    Args:
        readings: Day and glucose, mmol/L to one decimal.
        events: The participant's; those of the term ``HYPOGLYCAEMIA`` cover the days they lasted.

    Returns:
        Day and level, in order. Whether another person's help was needed (level 3) no meter tells:
        the physician who reports the event says it.
    """
    reported = [event.now for event in events if event.now.term == HYPOGLYCAEMIA]
    lows = {
        (day, level)
        for day, glucose in readings
        if (level := safety.hypoglycaemia_level(int(glucose * 10), UNKNOWN)) >= 2
        and not any(_covers(said, day) for said in reported)
    }
    return sorted(lows)


class Alarm(NamedTuple):
    """An observation after a dose that is an adverse event, and not reported as one."""

    encounter: str
    point: int
    item: str
    value: str
    term: str


def unreported_alarms(watch: Watch | None, who: Participant) -> Iterator[Alarm]:
    """Observations at or above an alert of the protocol that no event of its term covers.

    An event covers what was seen on the days that it lasted.
    """
    reported = [event.now for event in who.adverse_events.events]
    for encounter, seen in who.doses.observed.items() if watch else ():
        for alert, (point, one) in product(watch.alerts if watch else (), seen.items()):
            value, day = one.values.get(alert.item), date.fromisoformat(one.seen[:10])
            known = any(said.term == alert.term and _covers(said, day) for said in reported)
            if value is not None and Decimal(value) >= alert.at_least and not known:
                yield Alarm(encounter, point, alert.item, value, alert.term)


def _covers(said: AdverseEventReported, day: date) -> bool:
    end = said.end or said.start
    first = (said.start.year, said.start.month or 1, said.start.day or 1)
    last = (end.year, end.month or 12, end.day or 31)
    return first <= (day.year, day.month, day.day) <= last
