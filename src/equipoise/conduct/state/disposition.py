"""What is known of a participant's place in the trial."""

from __future__ import annotations

from dataclasses import dataclass, replace

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.disposition import (
    DispositionCorrected,
    LateContact,
    StudyCompleted,
    TreatmentDiscontinued,
)
from equipoise.conduct.events.participant import Withdrawn
from equipoise.conduct.state.part import Part


@dataclass(frozen=True, slots=True)
class Disposition(Part):
    """Days on which a participant discontinued the treatment, left, or completed the study.

    Attributes:
        cause: Of the discontinuation.
        late: Contacts after the participant left or completed the study.
    """

    discontinued: PartialDate | None = None
    cause: str | None = None
    left: PartialDate | None = None
    completed: PartialDate | None = None
    late: tuple[LateContact, ...] = ()

    def after(self, entry: Entry) -> Disposition:
        """The place in the trial, once the entry is known too."""
        match entry.event:
            case TreatmentDiscontinued(cause, on) | DispositionCorrected(
                "discontinuation", cause, on
            ):
                return replace(self, discontinued=on, cause=cause)
            case Withdrawn(_, on) | DispositionCorrected("withdrawal", _, on):
                return replace(self, left=on)
            case StudyCompleted(on) | DispositionCorrected("completion", _, on):
                return replace(self, completed=on)
            case LateContact() as contact:
                return replace(self, late=(*self.late, contact))
        return self
