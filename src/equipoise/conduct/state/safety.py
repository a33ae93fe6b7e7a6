"""A participant's adverse events: every version of each, and where it was reported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.adjudication import DossierPrepared
from equipoise.conduct.events.safety import AdverseEventCoded, AdverseEventReported, ReportFiled
from equipoise.conduct.state.part import Part


class Version(NamedTuple):
    """An adverse event as known at one report."""

    said: AdverseEventReported
    aware: datetime  # UTC
    zone: ZoneInfo  # of the site
    by: str
    line: int  # of the main chain, that says so


class Filing(NamedTuple):
    """A report that was sent on."""

    to: str
    filed: datetime  # UTC
    versions: int  # how many versions there were when it was recorded as sent
    reference: str


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One adverse event; its last version is what is known now."""

    number: int
    versions: tuple[Version, ...]
    filings: tuple[Filing, ...] = ()
    dossiers: tuple[DossierPrepared, ...] = ()
    coded: AdverseEventCoded | None = None

    @property
    def term(self) -> str | None:
        """Code of the study's list, or the term of a dictionary, or None: it has neither yet."""
        return self.now.term or (self.coded.term if self.coded else None)

    @property
    def now(self) -> AdverseEventReported:
        """The event as known now."""
        return self.versions[-1].said

    def known(self, line: int) -> AdverseEventReported | None:
        """The event as known before a line of the main chain, or None: it was not."""
        said = [version.said for version in self.versions if version.line < line]
        return said[-1] if said else None


@dataclass(frozen=True, slots=True)
class AdverseEvents(Part):
    """The adverse events of a participant, in the order of their numbers."""

    events: tuple[AdverseEvent, ...] = ()

    @property
    def died(self) -> PartialDate | None:
        """The day of death, where a fatal event has an end."""
        ends = (event.now.end for event in self.events if event.now.outcome == "fatal")
        return next((end for end in ends if end), None)

    def of(self, number: int) -> AdverseEvent | None:
        """The event of a number, or None."""
        return self.events[number - 1] if 1 <= number <= len(self.events) else None

    def after(self, entry: Entry) -> AdverseEvents:
        """A report adds a version, or with the next number an event; a filing is kept beside it."""
        match entry.event:
            case AdverseEventReported(number) as said:
                known = self.of(number) or AdverseEvent(number, ())
                aware, zone = datetime.fromisoformat(said.aware), ZoneInfo(entry.envelope.zone)
                version = Version(said, aware, zone, entry.envelope.actor, entry.sequence)
                return self._with(replace(known, versions=(*known.versions, version)))
            case ReportFiled(number, to, filed, reference):
                known = self.events[number - 1]
                sent = Filing(to, datetime.fromisoformat(filed), len(known.versions), reference)
                return self._with(replace(known, filings=(*known.filings, sent)))
            case AdverseEventCoded(number) as coded:
                return self._with(replace(self.events[number - 1], coded=coded))
            case DossierPrepared(number) as dossier:
                known = self.events[number - 1]
                return self._with(replace(known, dossiers=(*known.dossiers, dossier)))
        return self

    def _with(self, event: AdverseEvent) -> AdverseEvents:
        place = event.number - 1
        return AdverseEvents((*self.events[:place], event, *self.events[place + 1 :]))
