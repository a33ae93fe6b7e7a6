"""The people of a simulated trial: a disease model and its numbers, each with its source."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import Model, Name, Words

Status = Literal["known", "calibrated", "assumed"]


class Parameter(Model):
    """A number of the disease model.

    ``known`` comes from the literature, ``calibrated`` was fitted to the published results,
    ``assumed`` is neither and says why. ``low`` and ``high`` bound what is plausible.
    """

    value: float
    unit: str
    status: Status
    source: str
    why: str | None = None
    low: float | None = None
    high: float | None = None

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

    value: float = Field(ge=0, le=1)
    status: Status
    source: str
    why: str | None = None


class EventRate(Model):
    """How often an adverse event happens, in the placebo arm, and how it goes."""

    term: Name
    label: Words
    per: Literal["year", "dose"]
    rate: float = Field(ge=0, description="Events a year, or chance a dose.")
    rate_ratio: float = Field(1.0, gt=0, description="Experimental over placebo.")
    severe: float = Field(0.0, ge=0, le=1)
    serious: float = Field(0.0, ge=0, le=1)
    withdraws: float = Field(0.0, ge=0, le=1)
    duration: float = Field(3.0, gt=0, description="Median duration, days.")
    status: Status
    source: str
    why: str | None = None


class Recruitment(Model):
    """When people come: the first day and how many are screened a month."""

    first_day: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    screened_per_month: float = Field(gt=0)
    source: str
    why: str | None = None


class Population(Model):
    """``population.yaml``."""

    model: Name
    parameters: dict[Name, Parameter]
    prevalence: dict[Name, Share] = {}
    adverse_events: tuple[EventRate, ...] = ()
    recruitment: Recruitment
