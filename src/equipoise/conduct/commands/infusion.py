"""The commands of the infusion nurse, who is blinded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.chart import use_by
from equipoise.conduct.commands.command import Command, Situation, because, moment
from equipoise.conduct.commands.days import day_in_study
from equipoise.conduct.commands.lots import number
from equipoise.conduct.commands.preparation import (
    before_recall,
    checked_bag,
    in_turn,
    planned,
    same_weight,
)
from equipoise.conduct.commands.values import same_unit, typed
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.infusion import (
    BagScanned,
    DoseMissed,
    Infused,
    InfusionCorrected,
    Observed,
    OtherBagInfused,
)
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError, nearest

_Said = tuple[str, str, str, str, str, str | None, tuple[tuple[str, str, str], ...]]

GIVEN: Final = ("given", "partly given")
LONGEST: Final = 2000  # characters of a text


@dataclass(frozen=True, slots=True)
class ScanBag(Command):
    """Read the code of a bag at the bedside, before it is connected; what is wrong is refused."""

    NAME: ClassVar[str] = "scan bag"
    LOTS: ClassVar[bool] = True
    participant: str
    encounter: str
    bag: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """The participant's own bag, checked, in time, not recalled, and still to be given."""
        planned(now, self.encounter)
        who = now.enrolled
        bag = checked_bag(who, self.encounter, self.bag)
        limit = use_by(now.study, bag.begun, now.at)
        if before_recall(bag, now.lots, who.site):
            raise ConductError("this bag was withdrawn: do not use it, discard it")
        if who.withdrawn or who.disposition.discontinued or self.encounter in who.doses.infused:
            raise ConductError(
                f"{who.id} gets no dose at {self.encounter} any more; do not use the bag"
            )
        if limit and now.at > limit:
            raise ConductError(f"the bag was to be used by {limit:%Y-%m-%dT%H:%M}; do not use it")
        in_turn(now, self.encounter)
        same_weight(now, self.encounter, bag)
        return (BagScanned(self.encounter, self.bag),)


@dataclass(frozen=True, slots=True)
class Infuse(Command):
    """Record that a bag was given; once more, with the reason, to correct what was recorded.

    Attributes:
        started: E.g. ``2015-10-08T09:30``, in the site's time zone; likewise ``ended``.
        given: ``"given"`` or ``"partly given"``.
        infused: Volume, where part of a fluid was given.
        interruptions: From, to, and why.
        reason: Why late, where the bag was used after its time; or why it is corrected.
    """

    NAME: ClassVar[str] = "infuse"
    participant: str
    encounter: str
    bag: str
    started: str
    ended: str
    given: str = "given"
    infused: str | None = None
    interruptions: tuple[tuple[str, str, str], ...] = ()
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """The participant's own bag, after the second check, at times that can be."""
        planned(now, self.encounter)
        doses = now.enrolled.doses
        bag = checked_bag(now.enrolled, self.encounter, self.bag)
        said = self._said(now, bag.begun)
        late = use_by(now.study, bag.begun, now.at)
        if late and moment("the end", self.ended, now.at) > late:
            _why(self.reason, f"the bag was to be used by {late:%Y-%m-%dT%H:%M}; say why later")
        if self.encounter not in doses.infused and self.encounter not in doses.retracted:
            return (Infused(*said),)
        _why(self.reason, f"{self.encounter} was recorded already; to correct it say why")
        return (InfusionCorrected(*said),)

    def _said(self, now: Situation, begun: str | None) -> _Said:
        """What is recorded, once it can be so."""
        who = now.enrolled
        if who.randomised is None:
            raise ConductError(f"{who.id} is not randomised")
        if self.encounter in who.doses.missed:
            raise ConductError(f"{who.id}: the dose of {self.encounter} is recorded as not given")
        self._times(now, begun)
        volume = self._volume(now)
        times = self.started, self.ended
        return self.encounter, self.bag, *times, self.given, volume, self.interruptions

    def _times(self, now: Situation, begun: str | None) -> None:
        """Demand times in order, of a participant who is in the study and lives."""
        started = moment("the start", self.started, now.at)
        ended = moment("the end", self.ended, now.at)
        if begun and started < moment("the beginning", begun, now.at):
            raise ConductError(f"the infusion starts at {self.started}, before the bag was made up")
        fluid = now.study.protocol.dosing.volume is not None  # a tablet takes no time
        if ended < started or (fluid and ended == started):
            raise ConductError(f"the infusion ends at {self.ended}; it started at {self.started}")
        day_in_study("the day of the infusion", PartialDate.parse(self.started[:10]), now)
        for since, until, why in self.interruptions:
            because(why)
            times = [moment("an interruption", text, now.at) for text in (since, until)]
            if not started <= times[0] <= times[1] <= ended:
                raise ConductError(f"{since} to {until} is not within the infusion")

    def _volume(self, now: Situation) -> str | None:
        volume = now.study.protocol.dosing.volume
        if self.given not in GIVEN:
            raise ConductError(f"a bag is {' or '.join(GIVEN)}, not {self.given[:40]!r}")
        if volume is None:
            if self.infused is not None:
                raise ConductError("the product is no fluid: give no volume")
            return None
        whole = volume.known("dosing.volume")
        if self.given == "given" and self.infused is None:
            return format(whole, "f")
        part = number("the volume", self.infused or "")
        if part > whole or (part == whole) != (self.given == "given"):
            raise ConductError(
                f"{part} {volume.unit} of {whole} is not {self.given!r}; give volume or status anew"
            )
        return self.infused


@dataclass(frozen=True, slots=True)
class InfuseOtherBag(Infuse):
    """Record that a bag was given that was not the one meant; it is a deviation.

    It was another participant's, or one that was not checked, or was to be discarded.
    """

    NAME: ClassVar[str] = "infuse other bag"
    EVERYBODY: ClassVar[bool] = True

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, with the reason, a bag that was made up in this trial."""
        planned(now, self.encounter)
        who = now.enrolled
        own = who.doses.bags.get(self.encounter)
        if own and own.code == self.bag and own.checked_by:
            raise ConductError(f"{self.bag} is the bag for {self.encounter}: record it as infused")
        if not any(self.bag in one.doses.codes for one in now.everybody):
            raise ConductError(f"no bag {self.bag[:40]!r} was made up; read its code again")
        if self.encounter in who.doses.infused:
            raise ConductError(
                f"{self.encounter} is recorded already; retract it first, then record the other bag"
            )
        said = self._said(now, None)
        _why(self.reason, "say how the other bag came to be given")
        return (OtherBagInfused(*said),)


@dataclass(frozen=True, slots=True)
class NotInfused(Command):
    """Record that a dose was not given, and why; its bag, if there is one, is then discarded."""

    NAME: ClassVar[str] = "not infused"
    participant: str
    encounter: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, for a randomised participant's dose that was not given."""
        because(self.reason)
        planned(now, self.encounter)
        doses = now.enrolled.doses
        if now.enrolled.randomised is None:
            raise ConductError(f"{self.participant} is not randomised")
        if self.encounter in doses.missed or self.encounter in doses.infused:
            raise ConductError(
                f"{self.participant}: the dose of {self.encounter} is recorded; if it was not so, "
                "retract it"
            )
        return (DoseMissed(self.encounter),)


@dataclass(frozen=True, slots=True)
class Observe(Command):
    """Record what was seen at a point of the observation chart; once more: a correction.

    Attributes:
        point: The planned minute after the start; 0 is just before.
        seen: When, e.g. ``2015-10-08T09:45``.
        values: As read, by item; None when it was not done.
        units: In which the numbers were read.
    """

    NAME: ClassVar[str] = "observe"
    participant: str
    encounter: str
    point: int
    seen: str
    values: Mapping[str, str | None]
    units: Mapping[str, str]
    reason: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Every item of the chart, at a planned point, once there is a checked bag."""
        who = now.enrolled
        planned(now, self.encounter)
        _near_a_dose(who, self.encounter, self.seen, now)
        watch = now.study.protocol.dosing.watch
        if watch is None or self.point not in watch.minutes:
            points = ", ".join(map(str, watch.minutes)) if watch else "none"
            raise ConductError(f"the chart has the minutes {points}; not {self.point}")
        items = {item.name: item for item in watch.items}
        if strange := min(set(self.values) - set(items), default=None):
            raise ConductError(
                f"the chart asks for {', '.join(items)}, not {strange[:40]!r}."
                + nearest(strange[:40], items)
            )
        if missing := [name for name in items if name not in self.values]:
            raise ConductError(f"{', '.join(missing)} is missing; give null for what was not done")
        for name, text in self.values.items():
            typed(items[name].column(), text)
            if text is not None and len(text) > LONGEST:
                raise ConductError(f"{name} has {len(text)} characters; give {LONGEST} at most")
            if text is not None and not same_unit(self.units.get(name), items[name].unit):
                unit = self.units.get(name)
                raise ConductError(f"{name} is recorded in {items[name].unit}, not {unit!r:.40}")
        if self.point in who.doses.observed.get(self.encounter, {}):
            _why(self.reason, f"minute {self.point} is recorded already; to correct it say why")
        return (Observed(self.encounter, self.point, self.seen, dict(self.values)),)


def _near_a_dose(who: Participant, encounter: str, seen: str, now: Situation) -> None:
    bag, at = who.doses.bags.get(encounter), moment("the time", seen, now.at)
    if bag is None or bag.checked_by is None:
        raise ConductError(f"{who.id}: there is no dose at {encounter[:40]} to observe")
    if bag.begun and at < moment("the beginning", bag.begun, now.at):
        raise ConductError(f"{seen} is before the bag was made up")


def _why(reason: str | None, otherwise: str) -> None:
    if not reason:
        raise ConductError(otherwise)
    because(reason)
