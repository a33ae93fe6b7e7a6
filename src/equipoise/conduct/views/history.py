"""The audit trail in words: who did what, when and why, and what stood there before.

It is made from the main chain alone, so whoever may read that may read this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from equipoise.conduct import reading
from equipoise.conduct.entry import Entry, read
from equipoise.conduct.events import deviations as d
from equipoise.conduct.events import disposition as o
from equipoise.conduct.events import infusion as i
from equipoise.conduct.events import participant as p
from equipoise.conduct.events import safety as s
from equipoise.conduct.events import titration as t
from equipoise.conduct.events import values as v
from equipoise.conduct.events import visits as w
from equipoise.conduct.events.diary import ReadingCorrected, ReadingsRecorded
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.registry import body
from equipoise.conduct.log import Log
from equipoise.conduct.roles import AT_SITE, READS, Actor
from equipoise.conduct.views.access import admit, of_site

_WHICH: Final[Mapping[type[Event], tuple[str, tuple[str, ...]]]] = {
    v.ValueRecorded: ("value", ("encounter", "item")),
    v.ValueCorrected: ("value", ("encounter", "item")),
    w.VisitHeld: ("visit", ("encounter",)),
    w.VisitMissed: ("visit", ("encounter",)),
    w.VisitCorrected: ("visit", ("encounter",)),
    i.Infused: ("infusion", ("encounter",)),
    i.InfusionCorrected: ("infusion", ("encounter",)),
    i.OtherBagInfused: ("infusion", ("encounter",)),
    i.Observed: ("observation", ("encounter", "point")),
    s.AdverseEventReported: ("adverse event", ("number",)),
    s.AdverseEventCoded: ("code of an adverse event", ("number",)),
    d.DeviationRecorded: ("deviation", ("deviation",)),
    d.DeviationReviewed: ("deviation", ("deviation",)),
    ReadingCorrected: ("reading", ("on", "point")),
    t.DoseStarted: ("dose", ("on",)),
    t.DoseDecided: ("dose", ("on",)),
    t.DoseCorrected: ("dose", ("on",)),
    o.MedicineRestarted: ("dose", ("on",)),
    p.ConsentedV1: ("consent", ("form", "language")),
    p.Consented: ("consent", ("form", "language")),
    p.ConsentCorrected: ("consent", ("form", "language")),
    p.Withdrawn: ("withdrawal", ()),
    o.TreatmentDiscontinued: ("discontinuation", ()),
    o.StudyCompleted: ("completion", ()),
    o.DispositionCorrected: ("", ("what",)),
}
"""Events that replace what an earlier one said of the same thing, and the parts that name it."""


class Change(NamedTuple):
    """One line of the audit trail.

    Attributes:
        at: When it was recorded, at the site, to the second, with the offset from UTC.
        protocol: Version that was in force.
        said: What was recorded, by name.
        before: What was there of it, where it changed something: the parts that are other now.
    """

    sequence: int
    at: str
    person: str
    role: str
    protocol: str
    event: str
    said: Mapping[str, object]
    before: Mapping[str, object]
    reason: str | None


def history(log: Log, name: str, *, by: Actor) -> list[Change]:
    """The audit trail of a participant, in order.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"])
        of_site(reading.participant(session, name), by)
        return list(_changes(map(read, reading.about(session, "main", name))))


def of_trial(log: Log, *, by: Actor) -> list[Change]:
    """The audit trail of the trial itself: opening, staff, list, amendments, lock.

    Raises:
        NotPermittedError: Not a task of this person, who is of the whole trial.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, READS["main"] - AT_SITE)
        return list(_changes(map(read, reading.about(session, "main", None))))


def _changes(entries: Iterable[Entry]) -> Iterator[Change]:
    known: dict[tuple[object, ...], dict[str, Any]] = {}
    for entry in entries:
        said, envelope = body(entry.event), entry.envelope
        before: dict[str, object] = {}
        if type(entry.event) in _WHICH:
            kind, names = _WHICH[type(entry.event)]
            which = tuple(filter(None, (kind, *(str(said[name]) for name in names))))
            was = known.get(which, {})
            before = {own: was[own] for own in said if own in was and was[own] != said[own]}
            known[which] = was | said
        if isinstance(entry.event, ReadingsRecorded):
            for on, point, value in entry.event.readings:
                known["reading", on, point] = {"value": value}
        at = datetime.fromisoformat(envelope.at).astimezone(ZoneInfo(envelope.zone))
        yield Change(
            entry.sequence,
            at.isoformat(timespec="seconds"),
            envelope.actor,
            envelope.role,
            envelope.protocol,
            type(entry.event).__name__,
            said,
            before,
            envelope.reason,
        )
