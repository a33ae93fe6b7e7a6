"""Watching a participant after a dose: which observations are made, and when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from equipoise.protocol.form import Item
from equipoise.protocol.model import Model, SourceName, Why

Minute = Annotated[int, Field(ge=0, le=10_080)]


class Watch(Model):
    """Timed observations, counted from the start of the infusion."""

    minutes: tuple[Minute, ...] = Field(
        min_length=1, description="When to look, in minutes from the start; 0 is just before it."
    )
    late: int = Field(
        ge=1, le=1440, description="An observation is overdue this many minutes after its time."
    )
    items: tuple[Item, ...] = Field(
        min_length=1, description="What is looked at each time, in order."
    )
    source: SourceName
    why: Why = None

    @model_validator(mode="after")
    def _minutes_rise(self) -> Watch:
        if list(self.minutes) != sorted(set(self.minutes)):
            raise ValueError("minutes rise, and none stands there twice")
        return self
