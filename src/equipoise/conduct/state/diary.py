"""What is known of a participant's home readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from equipoise.conduct.entry import Entry
from equipoise.conduct.events.diary import ReadingCorrected, ReadingsRecorded
from equipoise.conduct.glucose import counted
from equipoise.conduct.state.part import Part


@dataclass(frozen=True, slots=True)
class Diary(Part):
    """Home readings, mmol/L, by day and point, or time of day for those beyond the diary's points.

    None where a correction said that there was none.
    """

    readings: Mapping[tuple[str, str], str | None] = field(default_factory=dict)

    @property
    def values(self) -> Iterator[tuple[date, Decimal]]:
        """Day of every reading that there was, and what it counts as in mmol/L."""
        for (day, _), value in self.readings.items():
            if value is not None:
                yield date.fromisoformat(day), counted(value)

    def after(self, entry: Entry) -> Diary:
        """The diary, once the entry is known too."""
        match entry.event:
            case ReadingsRecorded(readings):
                new = {(day, point): value for day, point, value in readings}
                return Diary({**self.readings, **new})
            case ReadingCorrected(on, point, value):
                return Diary({**self.readings, (str(on), point): value})
        return self
