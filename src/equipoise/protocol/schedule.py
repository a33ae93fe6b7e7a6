"""When things happen: epochs, encounters with their windows, and the activities at each."""

from __future__ import annotations

from pydantic import Field, model_validator

from equipoise.protocol.model import Claim, ItemName, Label, Model, Name, SourceName, Why


class Epoch(Model):
    """A span of the trial."""

    name: Name
    label: Label


class Encounter(Model):
    """A planned contact; ``day`` counts from the first dose, day 0, ``window`` days around it."""

    name: ItemName
    label: Label
    epoch: Name = Field(description="Epoch that it belongs to.")
    day: int = Field(ge=-365, le=3650, description="Planned study day.")
    window: tuple[int, int] = Field(
        (0, 0), description="Days that it may come early (negative) and late."
    )
    source: SourceName
    why: Why = None
    conflicts: tuple[Claim[int], ...] = Field(
        (), description="Study days that other sources, or other places of a source, give."
    )

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
    label: Label
    encounters: tuple[Name, ...] = Field(
        min_length=1, description="Encounters at which it is done."
    )
    forms: tuple[Name, ...] = Field((), description="Forms that are filled in.")
    source: SourceName
    why: Why = None
