"""What is given and decided: arms, allocation, product, doses, titration and its limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import Model, Name, Sourced, SourceName, Words

Parameter = int | Decimal | str | tuple[int, ...]


class Amount(Sourced[Decimal]):
    """A sourced number with its unit."""

    unit: str


class Arm(Model):
    """A group of participants that is treated alike."""

    name: Name
    label: Words
    role: Literal["experimental", "placebo", "active comparator", "no intervention"]
    product: Name
    ratio: int = Field(1, ge=1, le=20)


class Stratum(Model):
    """A factor of stratification: a question, yes or no, on what is known before randomisation."""

    name: Name
    label: Words
    question: str


class Allocation(Model):
    """How participants are allocated to arms; ``method`` and its ``parameters`` name a rule."""

    participants: Sourced[int]
    screened: Sourced[int] | None = Field(None, description="Screened in the published trial.")
    method: Name
    parameters: dict[Name, Parameter] = {}
    strata: tuple[Stratum, ...] = ()
    source: SourceName
    why: str | None = None


class ReleaseTest(Model):
    """A test that a lot passes before it is released."""

    name: Name
    label: Words
    expected: Words
    source: SourceName
    why: str | None = None


class Product(Model):
    """What is given in an arm. Products of a blinded trial look alike and have the same volume."""

    name: Name
    label: Words
    description: Words
    release_tests: tuple[ReleaseTest, ...] = ()
    source: SourceName


class Dosing(Model):
    """The blinded administrations: the rule, its amounts, and the encounters they belong to."""

    rule: Name
    amount: Amount
    volume: Amount | None = Field(None, description="Volume given, where it is a fluid.")
    weight: Name | None = Field(None, description="Item with the weight, for a dose by weight.")
    encounters: tuple[Name, ...] = Field(min_length=1)
    observation: Amount | None = Field(None, description="How long the participant is watched.")
    parameters: dict[Name, Parameter] = {}


class Band(Model):
    """From this mean fasting glucose up, the daily dose changes by units and by percent."""

    at_least: Decimal
    units: int = 0
    percent: int = Field(0, ge=-100, le=100)


class Hypoglycaemia(Model):
    """With this many readings below the limit the dose is cut, whatever their mean says."""

    below: Decimal
    readings: int = Field(1, ge=1)
    percent: int = Field(ge=-100, le=0)


class DoseLimit(Model):
    """A daily dose per body weight at which the protocol demands something."""

    dose: Amount
    then: Words


class Titration(Model):
    """The table by which the dose of a background medicine follows home readings."""

    item: Name = Field(description="Item with the daily dose.")
    weight: Name
    rule: Name
    unit: str = Field("mmol/L", description="Unit of the bands and limits.")
    every: Amount
    target_low: Amount
    target_high: Amount
    bands: tuple[Band, ...] = Field(min_length=1)
    hypoglycaemia: tuple[Hypoglycaemia, ...] = ()
    stop: DoseLimit | None = None
    withdraw: DoseLimit | None = None
    source: SourceName
    why: str | None = None

    @model_validator(mode="after")
    def _bands_rise(self) -> Titration:
        edges = [band.at_least for band in self.bands]
        if edges != sorted(set(edges)) or edges[0] != 0:
            raise ValueError("bands start at_least 0 and rise")
        return self


class Diary(Model):
    """Home readings between visits."""

    points: tuple[Name, ...] = Field(min_length=1)
    readings_per_week: Sourced[int]
    profile_days_per_week: Sourced[int] = Field(description="Days a week with every point.")
    unit: str = "mmol/L"
