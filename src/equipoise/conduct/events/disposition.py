"""What changes a participant's place in the trial after randomisation."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class TreatmentDiscontinued(Event, frozen=True):
    """No further dose of the product is given; the participant stays in the study."""

    RECORDS: ClassVar[bool] = True
    cause: str  # of records.schemas.WITHDRAWAL_REASONS
    on: PartialDate


class MedicineStopped(Event, frozen=True):
    """The titrated medicine was stopped."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate


class MedicineRestarted(Event, frozen=True):
    """The titrated medicine was given again."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    dose: int  # U/d


class StudyCompleted(Event, frozen=True):
    """The participant came to the end of the study."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate


class LateContact(Event, frozen=True):
    """Somebody who left or completed the study was asked, or asked about, for late effects."""

    on: PartialDate
    found: str  # one of commands.disposition.LATE
    text: str


class DispositionCorrected(Event, frozen=True):
    """Leaving, discontinuing or completing was otherwise than recorded; without a day, not at all.

    ``what`` is withdrawal, discontinuation or completion; the reason is in the envelope.
    """

    RECORDS: ClassVar[bool] = True
    what: str
    cause: str | None
    on: PartialDate | None
