"""What changes a participant's place in the trial after randomisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class TreatmentDiscontinued(Event):
    """No further dose of the product is given; the participant stays in the study."""

    RECORDS: ClassVar[bool] = True
    cause: str  # of records.schemas.WITHDRAWAL_REASONS
    on: PartialDate


@dataclass(frozen=True, slots=True)
class MedicineStopped(Event):
    """The titrated medicine was stopped."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate


@dataclass(frozen=True, slots=True)
class MedicineRestarted(Event):
    """The titrated medicine was given again."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    dose: int  # U/d


@dataclass(frozen=True, slots=True)
class StudyCompleted(Event):
    """The participant came to the end of the study."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
