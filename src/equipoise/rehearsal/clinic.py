"""The place where a trial is rehearsed: its log, its clock, the keys, and a way to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from equipoise.conduct.commands.command import Command
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.event import Event
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.sealed import Key, SealedList
from equipoise.errors import RehearsalError
from equipoise.protocol.whole import Study

ZONE: Final = ZoneInfo("Etc/UTC")  # the protocol does not say where a site's clock stands
_OPENS: Final = time(8)
_EACH: Final = timedelta(seconds=1)

Kind = TypeVar("Kind", bound=Event)


@dataclass
class Clinic:
    """A trial that is being rehearsed.

    Attributes:
        log: Its log.
        keys: Key pairs of the recipients of the sealed list.
        sealed: The sealed list.
        now: Time of the next command: virtual, on the day that is played.
    """

    log: Log
    keys: Mapping[str, Key]
    sealed: SealedList
    now: datetime = datetime.min  # noqa: DTZ901  # before the first day
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def study(self) -> Study:
        """As planned."""
        return self.log.study

    def open(self, on: date) -> None:
        """Begin a day."""
        self.now = datetime.combine(on, _OPENS, ZONE)

    def do(self, command: Command, by: Actor) -> tuple[Entry, ...]:
        """Give a command; its answer."""
        entries = self.log.append(command, by=by, at=self.now, command=f"{next(self._numbers)}")
        self.now += _EACH
        return entries


def answer(entries: tuple[Entry, ...], kind: type[Kind]) -> Kind:
    """The event of this kind in the answer to a command."""
    for entry in entries:
        if isinstance(entry.event, kind):
            return entry.event
    raise RehearsalError(f"the clinic answered without {kind.__name__}")


def agree(where: str, what: str, *, clinic: object, simulated: object) -> None:
    """Hold the clinic's answer against the simulator's.

    Raises:
        RehearsalError: They differ.
    """
    if clinic != simulated:
        raise RehearsalError(
            f"{where}: {what} is {clinic} in the clinic and {simulated} in the simulator"
        )
