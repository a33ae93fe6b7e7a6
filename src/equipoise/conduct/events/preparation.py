"""The blinded doses: how a bag was made up, checked and, where it went wrong, thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.events.event import Chain, Event


class DosePreparedV1(Event, frozen=True):
    """As it was recorded when the second checker was only named."""

    encounter: str
    bag: str
    checked_by: str


class DosePrepared(Event, frozen=True):
    """A blinded bag was made up for an encounter. Its code tells nothing, nor does its clock.

    ``begun`` is when making up began: in every arm the same step, for cells their thawing.
    """

    VERSION: ClassVar[int] = 2
    encounter: str
    bag: str
    number: int  # of the bags made up for this dose, from 1
    begun: str  # 2015-10-08T09:30, in the zone of the envelope


class DoseChecked(Event, frozen=True):
    """A second person found the contents right, and bag and line under their opaque cover."""

    encounter: str
    bag: str


class BagDiscarded(Event, frozen=True):
    """A bag will not be used."""

    encounter: str
    bag: str
    cause: str  # of state.doses.DISCARDED: a choice, for free words could tell an arm


class WorksheetFiled(Event, frozen=True):
    """How the bag was made up, from which lots, sealed; hexadecimal by recipient."""

    CHAIN: ClassVar[Chain] = "vault"
    bag: str
    sealed: Mapping[str, str]
