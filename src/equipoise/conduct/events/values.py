"""What was seen at an encounter, its corrections and signatures."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class ValueRecorded(Event, frozen=True):
    """The value of an item at an encounter: as text, in the item's unit; None is "not done"."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    item: str
    value: str | None
    on: PartialDate


class ValueCorrected(Event, frozen=True):
    """A recorded value was replaced, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    encounter: str
    item: str
    value: str | None
    on: PartialDate


class SignedV1(Event, frozen=True):
    """As ``Signed``, without how the person was recognised."""

    encounter: str
    meaning: str
    covers: str


class SignedV2(Event, frozen=True):
    """As ``Signed``, when it covered values of forms and nothing else."""

    VERSION: ClassVar[int] = 2
    encounter: str | None
    meaning: str
    covers: str
    method: str


class Signed(Event, frozen=True):
    """A person signed for an encounter, or without one for everything of the participant.

    ``covers`` is the hash of every entry of the records so far: values, visit, dose, observations;
    for the participant diary, titration, adverse events and disposition as well.
    """

    VERSION: ClassVar[int] = 3
    encounter: str | None
    meaning: str
    covers: str
    method: str  # how it was made sure that it is this person
