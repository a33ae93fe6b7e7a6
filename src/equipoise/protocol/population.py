"""The people of a simulated trial: a disease model and its numbers, each with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import Label, Model, Name, Why, Words

Status = Literal["known", "calibrated", "assumed"]
Origin = Annotated[Words, Field(description="Publication, or how it was calibrated, or `assumed`.")]


class Parameter(Model):
    """A number of the disease model.

    ``known`` comes from the literature, ``calibrated`` was fitted to the published results,
    ``assumed`` is neither and says why. ``low`` and ``high`` bound what is plausible.
    """

    label: Words | None = Field(
        None, description="What people call it, where its name does not say it to them."
    )
    value: float = Field(description="The number.")
    unit: str = Field(description="Unit of the number.")
    status: Status = Field(description="How it is known.")
    source: Origin
    why: Why = None
    low: float | None = Field(None, description="Smallest plausible value.")
    high: float | None = Field(None, description="Largest plausible value.")

    @model_validator(mode="after")
    def _honest(self) -> Parameter:
        if self.status == "assumed" and not self.why:
            raise ValueError("an assumed parameter says `why`")
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value} is outside its bounds {low} to {high}")
        return self


class Share(Model):
    """How often a yes/no finding is present among those who come to screening."""

    value: float = Field(ge=0, le=1, description="Share of people in whom it is present.")
    status: Status = Field(description="How it is known.")
    source: Origin
    why: Why = None


class EventRate(Model):
    """How often an adverse event happens, in the placebo arm, and how it goes."""

    term: Name = Field(description="Name of the event in the records.")
    label: Label
    per: Literal["year", "dose"] = Field(description="What `rate` counts by.")
    rate: float = Field(ge=0, description="Events a year, or chance a dose.")
    rate_ratio: float = Field(1.0, gt=0, description="Experimental over placebo.")
    severe: float = Field(0.0, ge=0, le=1, description="Share of events that are severe.")
    serious: float = Field(0.0, ge=0, le=1, description="Share of events that are serious.")
    withdraws: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of events that end participation; only of a yearly rate.",
    )
    duration: float = Field(3.0, gt=0, description="Median duration, days.")
    status: Status = Field(description="How it is known.")
    source: Origin
    why: Why = None


class Recruitment(Model):
    """When people come: the first day and how many are screened a month."""

    first_day: str = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$", description="Date of the first screening, YYYY-MM-DD."
    )
    screened_per_month: float = Field(gt=0, description="People screened a month, on average.")
    source: Origin
    why: Why = None


class Population(Model):
    """``population.yaml``."""

    model: Name = Field(description="Name of the disease model.")
    like: Name | None = Field(
        None,
        description="Study that comes with Equipoise: parameters that are not given here are as in "
        "its population, but for its `own`.",
    )
    own: tuple[Name, ...] = Field(
        (),
        description="Parameters of this study's people, centre and product, which no study that is "
        "`like` it takes over.",
    )
    parameters: dict[Name, Parameter] = Field(
        description="Numbers that the disease model asks for, by name."
    )
    prevalence: dict[Name, Share] = Field(
        {}, description="Yes/no items that are drawn by chance at screening."
    )
    adverse_events: tuple[EventRate, ...] = Field((), description="Adverse events that can happen.")
    recruitment: Recruitment = Field(description="When people come to screening.")
