"""Watching a participant after a dose: which observations are made, and when."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from equipoise.protocol.form import Item
from equipoise.protocol.model import Model, Name, SourceName, Why

Minute = Annotated[int, Field(ge=0, le=10_080)]


class Alert(Model):
    """From this value up somebody must report an adverse event."""

    item: Name = Field(description="What is looked at.")
    at_least: Decimal = Field(description="Value from which on, in the item's unit.")
    term: Name = Field(description="Term of the adverse event, of the study's list.")
    source: SourceName
    why: Why = None


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
    alerts: tuple[Alert, ...] = Field(
        (), description="Values that are adverse events; none if not given."
    )
    source: SourceName
    why: Why = None

    @model_validator(mode="after")
    def _alerts_are_of_numbers(self) -> Watch:
        numbers = {item.name for item in self.items if item.kind == "number"}
        for alert in self.alerts:
            if alert.item not in numbers:
                raise ValueError(f"the alert is of {alert.item}, which is no number looked at")
        return self

    @model_validator(mode="after")
    def _minutes_rise(self) -> Watch:
        if list(self.minutes) != sorted(set(self.minutes)):
            raise ValueError("minutes rise, and none stands there twice")
        return self
