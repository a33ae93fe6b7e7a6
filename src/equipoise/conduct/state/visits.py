"""What is known of a participant's visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.visits import VisitCorrected, VisitHeld, VisitMissed
from equipoise.conduct.state.part import Part


@dataclass(frozen=True, slots=True)
class Visits(Part):
    """Visits by encounter: the day, or None when it was missed."""

    days: Mapping[str, PartialDate | None] = field(default_factory=dict)

    def held(self, encounter: str) -> PartialDate | None:
        """The day of a visit that was held."""
        return self.days.get(encounter)

    def after(self, entry: Entry) -> Visits:
        """The visits, once the entry is known too."""
        match entry.event:
            case VisitHeld(encounter, on) | VisitCorrected(encounter, on):
                return Visits({**self.days, encounter: on})
            case VisitMissed(encounter):
                return Visits({**self.days, encounter: None})
        return self
