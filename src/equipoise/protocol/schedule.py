"""When things happen: epochs, encounters with their windows, and the activities at each."""

from __future__ import annotations

from pydantic import Field, model_validator

from equipoise.protocol.model import ItemName, Model, Name, SourceName, Words


class Epoch(Model):
    """A span of the trial."""

    name: Name
    label: Words


class Encounter(Model):
    """A planned contact; ``day`` counts from the first dose, day 0, ``window`` days around it."""

    name: ItemName
    label: Words
    epoch: Name
    day: int = Field(ge=-365, le=3650)
    window: tuple[int, int] = (0, 0)
    source: SourceName
    why: str | None = None

    @model_validator(mode="after")
    def _window_spans_the_day(self) -> Encounter:
        if not self.window[0] <= 0 <= self.window[1]:
            raise ValueError(
                f"window {list(self.window)} of {self.name} must reach from <= 0 to >= 0"
            )
        return self


class Activity(Model):
    """Something done at encounters: forms filled in, a dose given, a test made."""

    name: Name
    label: Words
    encounters: tuple[Name, ...] = Field(min_length=1)
    forms: tuple[Name, ...] = ()
    source: SourceName
    why: str | None = None
