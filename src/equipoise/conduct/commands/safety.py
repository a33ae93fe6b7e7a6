"""Commands about adverse events: the first report, what became known later, what was sent on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar, Final, NamedTuple
from zoneinfo import ZoneInfo

from equipoise.answer import WORDS
from equipoise.conduct.canonical import PartialDate, instant
from equipoise.conduct.clocks import HYPOGLYCAEMIA, RECIPIENTS
from equipoise.conduct.commands.command import Command, Situation, because, clock, identifier, past
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.safety import (
    AdverseEventCoded,
    AdverseEventReported,
    ReportFiled,
)
from equipoise.conduct.state.safety import AdverseEvent
from equipoise.errors import ConductError, nearest
from equipoise.protocol.whole import Study
from equipoise.records.schemas import TABLES
from equipoise.rules.safety import Criteria

PREGNANCY: Final = "PREGNANCY"
LONGEST: Final = 2000  # characters of a verbatim text
_CODES: Final = TABLES["adverse_events"].codes
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Account(NamedTuple):
    """All that is known of an adverse event; see ``AdverseEventReported``.

    Attributes:
        term: Code of the study's list; null where it is in none.
        verbatim: In the words of who reported it; null where the code says it all.
        severity: mild, moderate or severe.
        criteria: Of seriousness, each no, unknown or yes: death, life_threatening,
            hospitalisation, disability, congenital_anomaly, medically_important.
        causality: related, possibly related or not related.
        expected: By the investigator's brochure: no, unknown or yes.
        action: none, dose not given or withdrawn from study.
        outcome: recovered, recovering, not recovered, fatal or unknown.
        aware: When the site came to know: 2026-01-05T09:30 by the site's clock, or with an
            offset from UTC, 2026-01-05T09:30+08:00.
        time: Of its beginning, 09:30, at the site.
    """

    term: str | None
    verbatim: str | None
    start: PartialDate
    severity: str
    criteria: Mapping[str, str]
    causality: str
    expected: str
    action: str
    outcome: str
    aware: str
    time: str | None = None
    end: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class ReportAdverseEvent(Command):
    """Something untoward happened to a participant, whether or not the product did it.

    Source: ICH E2A, 1994, section II.A. A pregnancy is reported in the same way, as medically
    important.
    """

    NAME: ClassVar[str] = "report adverse event"
    participant: str
    account: Account

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """The next number of the participant, also after the study was left or the records locked.

        What is reported after the lock does not change the locked records.
        """
        number = len(now.present.adverse_events.events) + 1
        return (_reported(number, self.account, now),)


@dataclass(frozen=True, slots=True)
class FollowUpAdverseEvent(Command):
    """More, or something else, became known; what was known before stays as it was."""

    NAME: ClassVar[str] = "follow up adverse event"
    participant: str
    number: int
    account: Account
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """A further version, with all that is known and not only what is new."""
        because(self.reason)
        event = _known(now, self.number)
        reported = _reported(self.number, self.account, now)
        if reported == event.now:
            raise ConductError(f"this is what is known of event {self.number} already")
        return (reported,)


@dataclass(frozen=True, slots=True)
class CodeAdverseEvent(Command):
    """Give an adverse event that is in no list of the study a term of a dictionary.

    Attributes:
        term: Of the dictionary: Prostate cancer.
        dictionary: With its version: MedDRA 27.0.
        code: Of the term in it.
        reason: Why another, where it was coded before.
    """

    NAME: ClassVar[str] = "code adverse event"
    participant: str
    number: int
    term: str
    dictionary: str
    code: str
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only an event without a code of the study; again, to another code, with a reason."""
        who, event = now.enrolled, _known(now, self.number)
        if event.now.term is not None:
            raise ConductError(
                f"{who.id}: event {self.number} has the study's own code {event.now.term}"
            )
        for what, said in (("term", self.term), ("dictionary", self.dictionary)):
            _text(f"the {what}", said, least=2, most=100)
        identifier("the code", self.code)
        coded = AdverseEventCoded(self.number, self.term, self.dictionary, self.code)
        if coded == event.coded:
            raise ConductError(f"event {self.number} has this code already")
        if event.coded:
            because(self.reason or "")
        return (coded,)


@dataclass(frozen=True, slots=True)
class FileReport(Command):
    """What is known of an adverse event was sent to the sponsor or the authority.

    Attributes:
        to: sponsor or authority.
        filed: When: 2026-01-05T09:30 by the site's clock, or with an offset from UTC.
    """

    NAME: ClassVar[str] = "file report"
    participant: str
    number: int
    to: str
    filed: str
    reference: str = ""

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once the site knew of the event, and no later than now."""
        event = _known(now, self.number)
        _one_of("the recipient", self.to, RECIPIENTS)
        filed = moment("the time of sending", self.filed, now)
        if filed < min(version.aware for version in event.versions):
            raise ConductError(f"event {self.number} was not known yet at {self.filed[:40]}")
        _text("the reference", self.reference, most=100)
        return (ReportFiled(self.number, self.to, instant(filed), self.reference),)


def terms(study: Study) -> tuple[str, ...]:
    """Codes of events: the study's list, and the two that have rules of their own."""
    own = study.population.adverse_events if study.population else ()
    return tuple(dict.fromkeys((*(event.term for event in own), HYPOGLYCAEMIA, PREGNANCY)))


def moment(what: str, said: str, now: Situation) -> datetime:
    """The time that a text says; without an offset from UTC, by the participant's site's clock.

    Raises:
        ConductError: It is no time, or has not come yet.
    """
    try:
        at = datetime.fromisoformat(said[:40])
    except ValueError as error:
        raise ConductError(f"{what} is {said[:40]!r}; write it as 2026-01-05T09:30") from error
    if at.tzinfo is None:
        at = clock(what, said).replace(tzinfo=_zone(now))
    if at > now.at:
        raise ConductError(f"{what} is {said[:40]}, which has not come yet")
    return at


def _zone(now: Situation) -> tzinfo | None:
    """Of the participant's site, whoever gives the command."""
    sites = {site.name: site.timezone for site in now.study.protocol.sites}
    site = now.present.site
    return ZoneInfo(sites[site]) if site in sites else now.at.tzinfo


def _known(now: Situation, number: int) -> AdverseEvent:
    event = now.present.adverse_events.of(number)
    if event is None:
        raise ConductError(f"{now.present.id} has no adverse event {number}; report it first")
    return event


def _reported(number: int, account: Account, now: Situation) -> AdverseEventReported:
    """The account as an event, once everything in it can be so and goes together."""
    _named(account, now.study)
    aware = moment("the time of awareness", account.aware, now)
    _timed(account, aware.astimezone(now.at.tzinfo), now)
    _judged(account)
    said = account._asdict() | {"aware": instant(aware), "criteria": dict(account.criteria)}
    return AdverseEventReported(number, **said)


def _named(account: Account, study: Study) -> None:
    listed = terms(study)
    if account.term is None and account.verbatim is None:
        raise ConductError(f"name the event: a term of {', '.join(listed)}, or verbatim")
    if account.term is not None:
        _one_of("the term", account.term, listed)
    if account.verbatim is not None:
        _text("the verbatim text", account.verbatim, least=1, most=LONGEST)


def _timed(account: Account, aware: datetime, now: Situation) -> None:
    past("the start of the event", account.start, now.at)
    if _first(account.start) > (aware.year, aware.month, aware.day):
        raise ConductError(
            f"the event starts on {account.start}, after the site became aware of it on "
            f"{aware:%Y-%m-%d}; one of the two is wrong"
        )
    if account.end is not None:
        past("the end of the event", account.end, now.at)
        if _last(account.end) < _first(account.start):
            raise ConductError(f"the event ends on {account.end}, before it starts")
    consented = now.present.consents[0].on
    if _last(account.start) < _first(consented):
        raise ConductError(
            f"the event starts on {account.start}, before the consent of {consented}; "
            "what was there before is medical history"
        )
    if account.time is not None and not _TIME.fullmatch(account.time):
        raise ConductError(f"the time is {account.time[:20]!r}; write it as 09:30, or leave it out")


def _judged(account: Account) -> None:
    for what in ("severity", "causality", "action", "outcome"):
        _one_of(f"the {what}", getattr(account, what), _CODES[what])
    _one_of("expected", account.expected, WORDS)
    if set(account.criteria) != set(Criteria._fields):
        raise ConductError(f"answer each criterion of seriousness: {', '.join(Criteria._fields)}")
    for criterion, answer in account.criteria.items():
        _one_of(criterion, answer, WORDS)
    if (account.criteria["death"] == "yes") != (account.outcome == "fatal"):
        raise ConductError("death as a criterion and a fatal outcome go together; say both or none")
    if account.term == PREGNANCY and account.criteria["medically_important"] != "yes":
        raise ConductError("a pregnancy is reported as medically important; answer yes")


def _one_of(what: str, said: str, codes: Sequence[str]) -> None:
    if said not in codes:
        known = ", ".join(codes)
        raise ConductError(
            f"{what} is {said[:40]!r}; it is one of {known}.{nearest(said[:40], codes)}"
        )


def _text(what: str, said: str, *, least: int = 0, most: int) -> None:
    printable = all(letter.isprintable() or letter == "\n" for letter in said)
    if not printable or not least <= len(said.strip()) <= most >= len(said):
        raise ConductError(f"{what} has {least} to {most} characters, and none that do not print")


def _first(on: PartialDate) -> tuple[int, int, int]:
    return on.year, on.month or 1, on.day or 1


def _last(on: PartialDate) -> tuple[int, int, int]:
    return on.year, on.month or 12, on.day or 31
