"""A person's place in the trial: consent, eligibility, randomisation, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Chain, Event


@dataclass(frozen=True, slots=True)
class Enrolled(Event):
    """A person was given an identifier, never used again for another."""


@dataclass(frozen=True, slots=True)
class Consented(Event):
    """A person consented, with this version and language of the form."""

    form: str
    language: str
    on: PartialDate


@dataclass(frozen=True, slots=True)
class DetailsRecorded(Event):
    """Name and other personal details, encrypted with the participant's own key; hexadecimal."""

    CHAIN: ClassVar[Chain] = "personal"
    sealed: str


@dataclass(frozen=True, slots=True)
class DetailsErased(Event):
    """The participant's key was to be destroyed: the details cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Screened(Event):
    """Eligibility was judged from the recorded values: the answer to each criterion."""

    answers: Mapping[str, str]
    eligible: str


@dataclass(frozen=True, slots=True)
class Randomised(Event):
    """The participant got the next slot of the stratum. Nobody here knows its arm."""

    slot: str
    stratum: str
    position: int  # in the stratum, from 1


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """The participant left the study, for the reason in the envelope."""

    cause: str  # of records.schemas.WITHDRAWAL_REASONS
    on: PartialDate
