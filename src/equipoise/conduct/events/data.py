"""What becomes of the records once they are there: queries, verification, review, freezing."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.conduct.events.event import Event


class QueryRaised(Event, frozen=True):
    """The site was asked about a value, or about one that is missing.

    ``covers`` is the hash of the entries that hold the ``needs`` now: a later correction shows.
    """

    query: str  # Q1, Q2, … of the participant
    encounter: str
    item: str
    check: str | None  # the edit check that found it; None: a person asks
    needs: tuple[str, ...]  # the values it is about, ITEM[ENCOUNTER]
    words: Mapping[str, str]  # the question, by language
    covers: str


class QueryAnswered(Event, frozen=True):
    """The site answered."""

    query: str
    text: str


class QueryClosed(Event, frozen=True):
    """The matter is settled."""

    query: str


class QueryReopened(Event, frozen=True):
    """The answer did not settle it, for the reason in the envelope."""

    query: str


class QueryCancelled(Event, frozen=True):
    """The query should not have been raised, for the reason in the envelope."""

    query: str


QueryTurn = QueryRaised | QueryAnswered | QueryClosed | QueryReopened | QueryCancelled


class SourceVerified(Event, frozen=True):
    """The monitor compared values with the source: by item, the hash of the entry seen."""

    encounter: str
    entries: Mapping[str, str]


class FormReviewed(Event, frozen=True):
    """A form at an encounter was reviewed as it stood; ``covers`` is the hash of its values."""

    encounter: str
    form: str
    covers: str


class RecordsFrozen(Event, frozen=True):
    """The site records and corrects nothing more at an encounter, or of the participant."""

    frozen: str | None  # the encounter, or None: everything of the participant


class RecordsUnfrozen(Event, frozen=True):
    """It may again, for the reason in the envelope."""

    frozen: str | None
