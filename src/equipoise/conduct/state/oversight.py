"""What was asked, verified, reviewed and frozen of a participant's records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from equipoise.conduct.canonical import digest
from equipoise.conduct.entry import Entry
from equipoise.conduct.events import data
from equipoise.conduct.events.event import Event
from equipoise.conduct.state.part import Part
from equipoise.errors import ConductError
from equipoise.protocol.question.terms import Reference

if TYPE_CHECKING:
    from equipoise.conduct.state.participant import Value

OPEN, ANSWERED, CLOSED, CANCELLED = "open", "answered", "closed", "cancelled"
_STATUS: Final[Mapping[type[Event], str]] = {
    data.QueryRaised: OPEN,
    data.QueryAnswered: ANSWERED,
    data.QueryClosed: CLOSED,
    data.QueryReopened: OPEN,
    data.QueryCancelled: CANCELLED,
}


class Said(NamedTuple):
    """One turn of a query."""

    status: str  # that it led to
    text: str | None
    person: str
    role: str
    at: str


class Query(NamedTuple):
    """A query and all that was said in it."""

    query: str
    encounter: str
    item: str
    check: str | None
    needs: tuple[str, ...]
    words: Mapping[str, str]
    covers: str
    said: tuple[Said, ...]

    @property
    def status(self) -> str:
        """Open, answered, closed or cancelled."""
        return self.said[-1].status

    @property
    def finished(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.status in (CLOSED, CANCELLED)


@dataclass(frozen=True, slots=True)
class Oversight(Part):
    """What was asked, verified, reviewed and frozen.

    Attributes:
        queries: By number, in the order raised.
        verified: The hash of the entry that was compared with the source.
        reviewed: Hash of the values of a form as reviewed, by encounter, form and role.
        frozen: Encounters; None stands for everything of the participant.
    """

    queries: Mapping[str, Query] = field(default_factory=dict)
    verified: Mapping[Reference, str] = field(default_factory=dict)
    reviewed: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    frozen: frozenset[str | None] = frozenset()

    def after(self, entry: Entry) -> Oversight:
        """This part, once the entry is known too."""
        event, changed = entry.event, dict[str, Any]()
        match event:
            case data.QueryRaised():
                changed = {"queries": {**self.queries, event.query: _raised(event, entry)}}
            case (
                data.QueryAnswered()
                | data.QueryClosed()
                | data.QueryReopened()
                | data.QueryCancelled()
            ):
                before = self.queries[event.query]
                after = before._replace(said=(*before.said, _turn(entry)))
                changed = {"queries": {**self.queries, event.query: after}}
            case data.SourceVerified(encounter, entries):
                seen = {Reference(item, encounter): hashed for item, hashed in entries.items()}
                changed = {"verified": {**self.verified, **seen}}
            case data.FormReviewed(encounter, form, covers):
                key = (encounter, form, entry.envelope.role)
                changed = {"reviewed": {**self.reviewed, key: covers}}
            case data.RecordsFrozen(frozen):
                changed = {"frozen": self.frozen | {frozen}}
            case data.RecordsUnfrozen(frozen):
                changed = {"frozen": self.frozen - {frozen}}
        return replace(self, **changed) if changed else self

    def admit(self, happened: Iterable[Event]) -> None:
        """Refuse to change records that are frozen.

        Raises:
            ConductError: An event would.
        """
        for event in happened:
            encounter = getattr(event, "encounter", None)
            if event.RECORDS and not self.frozen.isdisjoint({None, encounter}):
                raise ConductError(
                    "the records are frozen here; ask the data manager to unfreeze them"
                )


def _raised(event: data.QueryRaised, entry: Entry) -> Query:
    parts = (event.check, event.needs, event.words, event.covers)
    return Query(event.query, event.encounter, event.item, *parts, (_turn(entry),))


def _turn(entry: Entry) -> Said:
    said, event = entry.envelope, entry.event
    text = event.text if isinstance(event, data.QueryAnswered) else said.reason
    return Said(_STATUS[type(event)], text, said.actor, said.role, said.at)


def held(values: Mapping[Reference, Value], needs: Iterable[str]) -> str:
    """The hash of the entries that hold values now; of one that is missing, of that."""
    entries = {str(key): value.hash for key, value in values.items()}
    return digest([[need, entries.get(need)] for need in sorted(needs)])
