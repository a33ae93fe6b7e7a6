"""The blinded doses: how a bag was made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.events.event import Chain, Event


@dataclass(frozen=True, slots=True)
class DosePrepared(Event):
    """A blinded bag is ready for an encounter: its code tells nothing; two people checked it."""

    encounter: str
    bag: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class WorksheetFiled(Event):
    """How the bag was made up, sealed; hexadecimal by recipient."""

    CHAIN: ClassVar[Chain] = "vault"
    bag: str
    sealed: Mapping[str, str]
