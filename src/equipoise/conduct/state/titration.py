"""What is known of a participant's titrated medicine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.disposition import MedicineRestarted, MedicineStopped
from equipoise.conduct.events.titration import (
    DoseCorrected,
    DoseDecided,
    DoseStarted,
    TitrationProposed,
)
from equipoise.conduct.state.part import Part

DECISION, START, STOP, RESTART = "decision", "start", "stop", "restart"


class Prescribed(NamedTuple):
    """What a physician prescribed on a day."""

    of: str  # decision, start, stop or restart
    on: PartialDate
    decision: str | None
    dose: int  # U/d


@dataclass(frozen=True, slots=True)
class Medicine(Part):
    """The titrated medicine of a participant.

    Attributes:
        proposals: Of every contact, in order.
        prescribed: In order, each as it is recorded now.
    """

    proposals: tuple[TitrationProposed, ...] = ()
    prescribed: tuple[Prescribed, ...] = ()

    @property
    def proposal(self) -> TitrationProposed | None:
        """The proposal of the last contact."""
        return self.proposals[-1] if self.proposals else None

    @property
    def decided(self) -> Mapping[str, Prescribed]:
        """Every decision, by the day of its contact."""
        return {str(one.on): one for one in self.prescribed if one.of == DECISION}

    @property
    def waiting(self) -> TitrationProposed | None:
        """The proposal that no physician has decided on yet."""
        last = self.proposal
        return None if last is None or str(last.on) in self.decided else last

    @property
    def dose(self) -> int | None:
        """As last prescribed, U/d; None while nothing was prescribed in the trial."""
        return self.prescribed[-1].dose if self.prescribed else None

    @property
    def stopped(self) -> PartialDate | None:
        """Since when the medicine is not given; None while it is."""
        last = self.prescribed[-1] if self.prescribed else None
        return last.on if last and last.of == STOP else None

    @property
    def since(self) -> PartialDate | None:
        """Readings after this day count for the next contact; None: all."""
        days = [one.on for one in self.proposals]
        days += [one.on for one in self.prescribed if one.of == RESTART]
        return max(days, key=str, default=None)

    def after(self, entry: Entry) -> Medicine:
        """The medicine, once the entry is known too."""
        match entry.event:
            case TitrationProposed() as proposal:
                return replace(self, proposals=(*self.proposals, proposal))
            case DoseStarted(on, _, dose):
                new = Prescribed(START, on, None, dose)
            case DoseDecided(on, decision, dose):
                new = Prescribed(DECISION, on, decision, dose)
            case MedicineStopped(on):
                new = Prescribed(STOP, on, None, 0)
            case MedicineRestarted(on, dose):
                new = Prescribed(RESTART, on, None, dose)
            case DoseCorrected() as corrected:
                return replace(self, prescribed=self._corrected(corrected))
            case _:
                return self
        return replace(self, prescribed=(*self.prescribed, new))

    def _corrected(self, said: DoseCorrected) -> tuple[Prescribed, ...]:
        """What is prescribed now; the stop that a corrected decision brought goes with it."""
        stopped = said.of == DECISION and self.decided[str(said.on)].decision == "stopped"
        found = []
        for one in self.prescribed:
            if (one.of, one.on) == (said.of, said.on):
                if said.dose is not None:
                    found.append(one._replace(decision=said.decision, dose=said.dose))
            elif not (stopped and (one.of, one.on) == (STOP, said.on)):
                found.append(one)
        return tuple(found)
