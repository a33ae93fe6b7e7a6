"""What happened with the blinded bags at the bedside. Nobody here knows what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.events.event import Event


class BagScanned(Event, frozen=True):
    """The code of a bag was read at the bedside, and it was the participant's own."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    bag: str


class Infused(Event, frozen=True):
    """A bag was given, whole or in part. Times are 2015-10-08T09:30, in the envelope's zone."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    bag: str
    started: str
    ended: str
    given: str  # "given" or "partly given"
    infused: str | None  # volume, in the unit of the protocol's; None where it is no fluid
    interruptions: tuple[tuple[str, str, str], ...]  # from, to, why


class InfusionCorrected(Event, frozen=True):
    """What was recorded of an infusion was replaced, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    bag: str
    started: str
    ended: str
    given: str
    infused: str | None
    interruptions: tuple[tuple[str, str, str], ...]


class DoseMissed(Event, frozen=True):
    """A dose was not given, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str


class Observed(Event, frozen=True):
    """The participant was looked at after a dose; once more for a point: a correction.

    ``values`` are as text, by item; None is "not done".
    """

    RECORDS: ClassVar[bool] = True
    encounter: str
    point: int  # of the protocol's minutes from the start
    seen: str  # when, 2015-10-08T09:30
    values: Mapping[str, str | None]


class OtherBagInfused(Event, frozen=True):
    """A bag was given that was not the one meant for this dose, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    bag: str
    started: str
    ended: str
    given: str
    infused: str | None
    interruptions: tuple[tuple[str, str, str], ...]


class DoseRetracted(Event, frozen=True):
    """What was recorded of a dose, given or not, had not happened; nor what was seen after it."""

    RECORDS: ClassVar[bool] = True
    encounter: str
