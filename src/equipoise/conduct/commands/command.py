"""What every command is, and what it may look at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.lots import Lots
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.trial import Trial
from equipoise.conduct.worksheet import READERS, SEALED
from equipoise.errors import ConductError
from equipoise.protocol.whole import Study

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:-]{0,63}")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command may look at.

    Attributes:
        study: As planned.
        trial: As recalled.
        participant: Whom the command concerns, as recalled; None before the first event.
        by: Who gives the command.
        at: When.
        lots: The lots of the products; only for a command that says ``LOTS``.
        ledger: Number of lines in the vault; likewise.
        everybody: All participants, by identifier; only for a command that says ``EVERYBODY``.
        names: All identifiers ever given; only for a command that says ``NAMES``.
    """

    study: Study
    trial: Trial
    participant: Participant | None
    by: Actor
    at: datetime
    lots: Lots = field(default_factory=dict)
    ledger: int = 0
    everybody: tuple[Participant, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def present(self) -> Participant:
        """The participant, who consented and is of the actor's site, where the actor has one.

        Raises:
            ConductError: It is not so.
        """
        who = self.participant
        if who is None or not who.consents or not self._may_act_on(who):
            raise ConductError(
                "there is no such participant at this site; record the consent first"
            )
        if who.cancelled:
            raise ConductError(f"{who.id} was cancelled; give another identifier")
        return who

    @property
    def enrolled(self) -> Participant:
        """The participant who is present, while records can be made.

        Raises:
            ConductError: There is none, or the records are locked.
        """
        who = self.present
        if self.trial.locked:
            raise ConductError(f"{who.id}: the records are locked")
        return who

    def _may_act_on(self, who: Participant) -> bool:
        """Whether the participant is of the actor's site, or is the actor."""
        if self.by.role == Role.PARTICIPANT:
            return self.by.person == who.id
        return self.by.site in (None, who.site)

    @property
    def active(self) -> Participant:
        """The enrolled participant, who has not left the study.

        Raises:
            ConductError: The participant left.
        """
        who = self.enrolled
        if who.withdrawn:
            raise ConductError(f"{who.id} left the study: {who.withdrawn}")
        return who


@dataclass(frozen=True, slots=True)
class Command:
    """A request to the trial; what it holds is written only through its events.

    A field ``participant`` says whom it concerns, a field ``reason`` why; both go on the envelope.
    ``SEALED`` names the fields that go to a hidden chain: nothing in the main chain may depend on
    them, not even a hash. ``LOTS`` says that it looks at the vault, of which a blinded command
    uses nothing that differs between the arms; ``EVERYBODY`` that it looks at all participants,
    ``NAMES`` at their identifiers.
    """

    NAME: ClassVar[str]
    LOTS: ClassVar[bool] = False
    EVERYBODY: ClassVar[bool] = False
    NAMES: ClassVar[bool] = False
    SEALED: ClassVar[tuple[str, ...]] = ()

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """The events that carrying it out records.

        Raises:
            ConductError: The trial does not allow it now.
        """
        raise NotImplementedError


def identifier(what: str, text: str) -> str:
    """Pass an identifier on.

    Raises:
        ConductError: It is empty, too long, or has characters that could be misread.
    """
    if not _IDENTIFIER.fullmatch(text):
        raise ConductError(f"{what} is {text[:64]!r}; give 1 to 64 of A-Z a-z 0-9 . _ @ : -")
    return text


def because(reason: str) -> None:
    """Demand a reason that says something.

    Raises:
        ConductError: It is empty, or a novel.
    """
    if not 2 <= len(reason.strip()) <= 2000:
        raise ConductError("give the reason, in 2 to 2000 characters")


def named(names: Iterable[str], text: str) -> str | None:
    """The first of the names that a text says as words of their own, or None.

    However it is written: in wide letters, with another hyphen, in one word or in two.

    >>> named(["UC-MSC"], "gave ＵＣ\N{EN DASH}msc"), named(["UC-MSC"], "ucmsc-like")
    ('UC-MSC', 'UC-MSC')
    """
    said = _folded(text)
    return next((name for name in names if _written(name).search(said)), None)


@cache
def _written(name: str) -> re.Pattern[str]:
    parts = "[\\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", _folded(name))))
    return re.compile(rf"(?<![a-z0-9]){parts or '(?!)'}(?![a-z0-9])")


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def arms(study: Study) -> Iterator[str]:
    """Everything that the arms of a study and their products are called."""
    for arm in study.protocol.arms:
        yield from filter(None, (arm.name, arm.label.en, (arm.label.zh or "").removesuffix("组")))
    for product in study.protocol.products:
        yield from filter(None, (product.name, product.label.en, product.label.zh))


def past(what: str, on: PartialDate, at: datetime) -> None:
    """Refuse a date that has not come yet in the site's time zone.

    Raises:
        ConductError: Even its earliest day is in the future.
    """
    if (on.year, on.month or 1, on.day or 1) > (at.year, at.month, at.day):
        raise ConductError(f"{what} is {on}; today is {at.date()}. Give a date that has come")


def whole_day(what: str, on: PartialDate, at: datetime) -> None:
    """Refuse a date that has not come yet, or of which a part is unknown.

    Raises:
        ConductError: It is one of these.
    """
    past(what, on, at)
    if on.month is None or on.day is None:
        raise ConductError(f"{what} is {on}; give the whole date")


def moment(what: str, text: str, at: datetime) -> datetime:
    """A time of day that has come, in the zone of ``at``.

    Raises:
        ConductError: It is none, or is still to come.
    """
    when = clock(what, text).replace(tzinfo=at.tzinfo)
    if when > at:
        raise ConductError(f"{what} is {text}, and now it is {at:%Y-%m-%dT%H:%M}")
    return when


def clock(what: str, text: str) -> datetime:
    """A time as the clock on the wall shows it.

    Raises:
        ConductError: It is none.
    """
    if not _MOMENT.fullmatch(text):
        raise ConductError(f"{what} is {text[:40]!r}; write a time like 2015-10-08T09:30")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ConductError(f"{what} is {text}: {error}") from error


def sealed_for_all(sealed: Mapping[str, str]) -> None:
    """Demand a worksheet sealed for each recipient, of the one length.

    Raises:
        ConductError: It is not.
    """
    if set(sealed) != set(READERS) or {len(x) for x in sealed.values()} != {2 * SEALED}:
        raise ConductError(f"the worksheet is sealed for {', '.join(READERS)}")
    for text in sealed.values():
        hexadecimal("the worksheet", text, most=SEALED)


def hexadecimal(what: str, text: str, *, most: int, least: int = 1) -> None:
    """Demand bytes written in hexadecimal.

    Raises:
        ConductError: It is something else, or not ``least`` to ``most`` bytes.
    """
    if not 2 * least <= len(text) <= 2 * most or not re.fullmatch(r"(?:[0-9a-f]{2})+", text):
        raise ConductError(f"{what} is not {least} to {most} bytes in lower-case hexadecimal")
