"""What is known of a participant's titrated medicine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.disposition import MedicineRestarted, MedicineStopped
from equipoise.conduct.events.titration import DoseDecided, DoseStarted, TitrationProposed
from equipoise.conduct.state.part import Part


@dataclass(frozen=True, slots=True)
class Medicine(Part):
    """The titrated medicine of a participant.

    Attributes:
        proposal: Of the last contact.
        decision: On that proposal; None while it waits.
        decided: Every decision, by the day of its contact.
        dose: As last prescribed, U/d; None while no dose was decided in the trial.
        since: Readings after this day count for the next contact; None: all.
        stopped: Since when the medicine is not given; None while it is.
    """

    proposal: TitrationProposed | None = None
    decision: DoseDecided | None = None
    decided: Mapping[str, DoseDecided] = field(default_factory=dict)
    dose: int | None = None
    since: PartialDate | None = None
    stopped: PartialDate | None = None

    @property
    def waiting(self) -> TitrationProposed | None:
        """The proposal that no physician has decided on yet."""
        return self.proposal if self.decision is None else None

    def after(self, entry: Entry) -> Medicine:
        """The medicine, once the entry is known too."""
        match entry.event:
            case DoseStarted(_, _, dose):
                return replace(self, dose=dose)
            case TitrationProposed(on) as proposal:
                return replace(self, proposal=proposal, decision=None, since=on)
            case DoseDecided(on, _, dose) as decision:
                decided = {**self.decided, str(on): decision}
                return replace(self, decision=decision, decided=decided, dose=dose)
            case MedicineStopped(on):
                return replace(self, stopped=on, dose=0)
            case MedicineRestarted(on, dose):
                return replace(self, stopped=None, dose=dose, since=on)
        return self
