"""Commands by which values are asked about, and the site answers.

A query is open, then answered, then closed or reopened; it can be cancelled while it is not closed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, Final, get_args

from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.discrepancies import unasked
from equipoise.conduct.events.data import (
    QueryAnswered,
    QueryCancelled,
    QueryClosed,
    QueryRaised,
    QueryReopened,
)
from equipoise.conduct.events.event import Event
from equipoise.conduct.state.oversight import ANSWERED, OPEN, Query, held
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError, nearest
from equipoise.protocol.model import Language
from equipoise.protocol.question.terms import Reference

LONGEST: Final = 2000  # characters of a question or an answer
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)


@dataclass(frozen=True, slots=True)
class RaiseQuery(Command):
    """Ask the site about a value, or about one that is not there.

    Attributes:
        text: The question.
        language: In which it is asked.
    """

    NAME: ClassVar[str] = "raise query"
    participant: str
    encounter: str
    item: str
    text: str
    language: str = "en"

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Ask about an item that the protocol asks for at the encounter."""
        who, name, at = now.enrolled, self.item[:40], self.encounter[:40]
        _said(self.text)
        if self.language not in LANGUAGES:
            raise ConductError(f"a question is asked in {' or '.join(LANGUAGES)}")
        if self.item not in now.study.items:
            raise ConductError(f"there is no item {name}.{nearest(name, now.study.items)}")
        if self.encounter not in now.study.collected[self.item]:
            asked = ", ".join(now.study.collected[self.item])
            raise ConductError(f"{name} is not asked at {at}, but at {asked}")
        needs = (str(Reference(self.item, self.encounter)),)
        words, covers = {self.language: self.text}, held(who.values, needs)
        return (
            QueryRaised(_number(who, 1), self.encounter, self.item, None, needs, words, covers),
        )


@dataclass(frozen=True, slots=True)
class QueryDiscrepancies(Command):
    """Raise a query for everything that the checks find and nobody was asked about yet."""

    NAME: ClassVar[str] = "query discrepancies"
    participant: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """One query each; what was settled for the very same values is not asked again."""
        who = now.enrolled
        found = unasked(now.study, who)
        if not found:
            raise ConductError(f"{who.id}: the checks find nothing that was not asked about")
        return tuple(
            QueryRaised(
                _number(who, place),
                one.encounter,
                one.item,
                one.check,
                one.needs,
                {language: one.words(language) for language in LANGUAGES},
                held(who.values, one.needs),
            )
            for place, one in enumerate(found, start=1)
        )


@dataclass(frozen=True, slots=True)
class AnswerQuery(Command):
    """The site answers; a value that was wrong is corrected by a command of its own."""

    NAME: ClassVar[str] = "answer query"
    participant: str
    query: str
    text: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Answer what is open."""
        _said(self.text)
        _query(now.enrolled, self.query, (OPEN,))
        return (QueryAnswered(self.query, self.text),)


@dataclass(frozen=True, slots=True)
class CloseQuery(Command):
    """The matter is settled: by the answer, or because the value was changed."""

    NAME: ClassVar[str] = "close query"
    participant: str
    query: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Close what was answered, or what is open about a value that changed since."""
        who = now.enrolled
        query = _query(who, self.query, (OPEN, ANSWERED))
        if query.status == OPEN and not changed(who, query):
            raise ConductError(f"{self.query} is open: it was not answered, and nothing changed")
        return (QueryClosed(self.query),)


@dataclass(frozen=True, slots=True)
class ReopenQuery(Command):
    """The answer does not settle it."""

    NAME: ClassVar[str] = "reopen query"
    participant: str
    query: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Ask again, with what is still wanted as the reason."""
        because(self.reason)
        _query(now.enrolled, self.query, (ANSWERED,))
        return (QueryReopened(self.query),)


@dataclass(frozen=True, slots=True)
class CancelQuery(Command):
    """The query should not have been raised."""

    NAME: ClassVar[str] = "cancel query"
    participant: str
    query: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Cancel what is not closed."""
        because(self.reason)
        _query(now.enrolled, self.query, (OPEN, ANSWERED))
        return (QueryCancelled(self.query),)


def changed(who: Participant, query: Query) -> bool:
    """Whether a value that the query is about was recorded or corrected since it was raised."""
    return query.covers != held(who.values, query.needs)


def _number(who: Participant, place: int) -> str:
    return f"Q{len(who.oversight.queries) + place}"


def _said(text: str) -> None:
    if not 2 <= len(text.strip()) <= LONGEST or "\0" in text:
        raise ConductError(f"write 2 to {LONGEST} characters")


def _query(who: Participant, number: str, wanted: Collection[str]) -> Query:
    query = who.oversight.queries.get(number)
    if query is None:
        raise ConductError(f"{who.id} has no query {number[:20]!r}")
    if query.status not in wanted:
        raise ConductError(f"{number} is {query.status}, not {' or '.join(wanted)}")
    return query
