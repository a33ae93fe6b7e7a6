"""What a whole log says, sorted by participant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.trial import BlindOpened
from equipoise.conduct.sealed import opened
from equipoise.conduct.state.participant import Participant, recall_participant
from equipoise.conduct.state.trial import Trial, recall_trial
from equipoise.errors import ConductError
from equipoise.protocol.whole import Study

Kind = TypeVar("Kind", bound=Event)


@dataclass(frozen=True)
class History:
    """The main chain of a trial whose blind was opened.

    Attributes:
        entries: All of it, in order.
        sheets: By bag code, the worksheet that says what went into it.
    """

    study: Study
    entries: list[Entry]
    sheets: Mapping[str, Mapping[str, str]]

    @cached_property
    def trial(self) -> Trial:
        """The trial as it stands."""
        return recall_trial(entry for entry in self.entries if entry.envelope.participant is None)

    @cached_property
    def of(self) -> dict[str, list[Entry]]:
        """The entries about each participant, in the order in which they were enrolled."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.envelope.participant is not None:
                found.setdefault(entry.envelope.participant, []).append(entry)
        return found

    @cached_property
    def people(self) -> list[Participant]:
        """Every participant as recorded."""
        recalled = (recall_participant(entries) for entries in self.of.values())
        return [who for who in recalled if who is not None]

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

    def said(self, participant: str, kind: type[Kind]) -> Iterator[tuple[Entry, Kind]]:
        """The events of a kind about a participant, in order, with their entries."""
        for entry in self.of.get(participant, ()):
            if isinstance(entry.event, kind):
                yield entry, entry.event


def day(on: PartialDate) -> date:
    """The calendar date that the records' tables hold.

    Raises:
        ConductError: A part of it is unknown.
    """
    if on.month is None or on.day is None:
        raise ConductError(f"{on}: the records need the whole date; correct it")
    return date(on.year, on.month, on.day)
