"""The place where a trial is rehearsed: its log, its clock, the keys, and a way to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from equipoise.conduct.bench.stock import Stock
from equipoise.conduct.commands.command import Command
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.event import Event
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.sealed import Key, SealedList
from equipoise.errors import RehearsalError
from equipoise.protocol.form import Form
from equipoise.protocol.whole import Study

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
        day: The day that is played.
        passed: Time since it began: the rehearsal's own, for the simulator knows no time of day.
        stocks: What is known at the bench of each site of what was taken from its lots.
    """

    log: Log
    keys: Mapping[str, Key]
    sealed: SealedList
    day: date
    passed: timedelta = timedelta(0)
    stocks: dict[str, Stock] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def study(self) -> Study:
        """As planned."""
        return self.log.study

    @cached_property
    def forms(self) -> dict[str, list[Form]]:
        """The forms of each encounter."""
        protocol = self.study.protocol
        return {
            encounter.name: [
                form
                for form in self.study.forms.values()
                if any(
                    form.form in activity.forms and encounter.name in activity.encounters
                    for activity in protocol.activities
                )
            ]
            for encounter in protocol.encounters
        }

    @property
    def minute(self) -> str:
        """The time, as it is noted at the bedside."""
        return self.at(None).strftime("%Y-%m-%dT%H:%M")

    def open(self, day: date) -> None:
        """Begin a day."""
        self.day, self.passed = day, timedelta(0)

    def at(self, site: str | None) -> datetime:
        """The time at a site; for people of the whole trial that at the first."""
        sites = {one.name: one for one in self.study.protocol.sites}
        where = sites[site] if site else self.study.protocol.sites[0]
        return datetime.combine(self.day, _OPENS, ZoneInfo(where.timezone)) + self.passed

    def do(self, command: Command, by: Actor) -> tuple[Entry, ...]:
        """Give a command; its answer."""
        at, number = self.at(by.site), str(next(self._numbers))
        entries = self.log.append(command, by=by, at=at, command=number)
        self.passed += _EACH
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
