"""A person's place in the trial: consent, eligibility, randomisation, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Chain, Event


class Enrolled(Event, frozen=True):
    """A person was given an identifier, never used again for another."""


class ConsentedV1(Event, frozen=True):
    """A person consented; written before a consent was one of the records that are signed."""

    form: str
    language: str
    on: PartialDate


class Consented(Event, frozen=True):
    """A person consented, with this version and language of the form."""

    VERSION: ClassVar[int] = 2
    RECORDS: ClassVar[bool] = True
    form: str
    language: str
    on: PartialDate


class DetailsRecorded(Event, frozen=True):
    """Name and other personal details, encrypted with the participant's own key; hexadecimal."""

    CHAIN: ClassVar[Chain] = "personal"
    sealed: str


class DetailsErased(Event, frozen=True):
    """The participant's key was to be destroyed: the details cannot be read any more."""


class Screened(Event, frozen=True):
    """Eligibility was judged from the recorded values: the answer to each criterion."""

    answers: Mapping[str, str]
    eligible: str


class Randomised(Event, frozen=True):
    """The participant got the next slot of the stratum. Nobody here knows its arm."""

    slot: str
    stratum: str
    position: int  # in the stratum, from 1


class Withdrawn(Event, frozen=True):
    """The participant left the study, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    cause: str  # of records.schemas.WITHDRAWAL_REASONS
    on: PartialDate


class ConsentCorrected(Event, frozen=True):
    """A consent was signed on another day than recorded, for the reason in the envelope."""

    RECORDS: ClassVar[bool] = True
    form: str
    language: str
    on: PartialDate


class EnrolmentCancelled(Event, frozen=True):
    """The identifier was given by mistake; nothing is known of the person, and it is not reused."""
