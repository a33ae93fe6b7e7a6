"""The recorded deviations of a participant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.entry import Entry
from equipoise.conduct.events.deviations import DeviationRecorded, DeviationReviewed
from equipoise.conduct.events.participant import Screened
from equipoise.conduct.state.part import Part


class Deviation(NamedTuple):
    """One deviation, as it is classed now."""

    deviation: str
    category: str
    severity: str
    on: PartialDate
    text: str
    rule: str | None
    by: str
    reviewed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Deviations(Part):
    """Deviations by number.

    Attributes:
        screened_under: Version of the protocol by which eligibility was judged last.
        screened_line: Line of the main chain that says so.
    """

    recorded: Mapping[str, Deviation] = field(default_factory=dict)
    screened_under: str | None = None
    screened_line: int = 0

    @property
    def rules(self) -> frozenset[str | None]:
        """What rules found and was recorded."""
        return frozenset(one.rule for one in self.recorded.values())

    def after(self, entry: Entry) -> Deviations:
        """The deviations, once the entry is known too."""
        match entry.event:
            case Screened():
                under = entry.envelope.protocol
                return replace(self, screened_under=under, screened_line=entry.sequence)
            case DeviationRecorded(number, category, severity, on, text, rule):
                by = entry.envelope.actor
                new = Deviation(number, category, severity, on, text, rule, by)
            case DeviationReviewed(number, severity):
                before = self.recorded[number]
                new = before._replace(severity=severity, reviewed_by=entry.envelope.actor)
            case _:
                return self
        return replace(self, recorded={**self.recorded, number: new})
