"""What a whole log says, sorted by participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from equipoise.conduct.bench.exposure import Exposure
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.participant import Randomised
from equipoise.conduct.events.trial import BlindOpened, TrialLocked
from equipoise.conduct.schedule import day_zero
from equipoise.conduct.sealed import opened
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.trial import Trial, recall_trial
from equipoise.errors import ConductError
from equipoise.protocol.whole import Study

Row = tuple[object, ...]
Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True)
class History:
    """The main chain of a trial whose blind was opened.

    Attributes:
        people: Everybody who consented, as recorded now.
        entries: All of it, in order.
        exposures: What was given, by participant and encounter.
    """

    study: Study
    people: list[Participant]
    entries: list[Entry]
    exposures: Mapping[tuple[str, str], Exposure]

    @cached_property
    def trial(self) -> Trial:
        """The trial as it stands."""
        return recall_trial(entry for entry in self.entries if entry.envelope.participant is None)

    @cached_property
    def locked(self) -> int:
        """The line that locked the records last; what was reported later is not in them."""
        lines = [e.sequence for e in self.entries if isinstance(e.event, TrialLocked)]
        return max(lines, default=len(self.entries) + 1)

    @cached_property
    def randomised(self) -> list[Participant]:
        """Those who were randomised."""
        return [who for who in self.people if who.randomised is not None]

    @cached_property
    def arms(self) -> dict[str, str]:
        """The arm of each slot, from the openings, each held against its commitment.

        Raises:
            ConductError: The blind was not opened.
        """
        for entry in self.entries:
            if isinstance(entry.event, BlindOpened):
                records = entry.event.openings
                return {
                    slot.slot: opened(slot, bytes.fromhex(records[slot.slot]))
                    for slot in self.trial.slots
                }
        raise ConductError("the blind was not opened: lock the records, then open it")

    @cached_property
    def _of(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.envelope.participant is not None:
                found.setdefault(entry.envelope.participant, []).append(entry)
        return found

    def said(self, who: Participant, kind: type[Kind]) -> Iterator[tuple[date, Kind]]:
        """The events of a kind about a participant, each after the day of its entry at the site."""
        for entry in self._of[who.id]:
            if isinstance(entry.event, kind):
                at = datetime.fromisoformat(entry.envelope.at)
                yield at.astimezone(ZoneInfo(entry.envelope.zone)).date(), entry.event

    def randomised_on(self, who: Participant) -> date:
        """The day of randomisation."""
        return next(self.said(who, Randomised))[0]

    def zero(self, who: Participant) -> date:
        """The day from which visits are counted; planned ones, too, where there was no baseline."""
        return day_zero(self.study, who) or self.randomised_on(who)

    def given(self, who: Participant) -> dict[str, date]:
        """The day of each dose that was given, whole or in part."""
        return {
            encounter: date.fromisoformat(infusion.started[:10])
            for encounter, infusion in who.doses.infused.items()
        }


def known(on: PartialDate) -> date | None:
    """The calendar date, or None where a part of it is unknown."""
    return day(on) if on.month and on.day else None


def day(on: PartialDate) -> date:
    """The calendar date that the records' tables hold.

    Raises:
        ConductError: A part of it is unknown.
    """
    if on.month is None or on.day is None:
        raise ConductError(f"{on}: the records need the whole date; correct it")
    return date(on.year, on.month, on.day)
