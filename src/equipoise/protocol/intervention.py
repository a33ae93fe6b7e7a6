"""What is given and decided: arms, allocation, product, doses, titration and its limits."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import Label, Model, Name, Sourced, SourceName, Why, Words
from equipoise.protocol.watch import Watch

Parameter = int | Decimal | str | tuple[int, ...]


class Amount(Sourced[Decimal]):
    """A sourced number with its unit."""

    unit: str = Field(description="Unit of the value.")


class Arm(Model):
    """A group of participants that is treated alike."""

    name: Name
    label: Label
    role: Literal["experimental", "placebo", "active comparator", "no intervention"] = Field(
        description="Its part in the comparison."
    )
    product: Name = Field(description="Product that it is given.")
    ratio: int = Field(
        1, ge=1, le=20, description="Its part of the allocation ratio: 2 beside 1 is two to one."
    )


class Stratum(Model):
    """A factor of stratification: a question, yes or no, on what is known before randomisation."""

    name: Name
    label: Label
    question: str = Field(description="Question whose yes and no are the levels.")


class Allocation(Model):
    """How participants are allocated to arms; ``method`` and its ``parameters`` name a rule."""

    participants: Sourced[int] = Field(description="How many are randomised.")
    screened: Sourced[int] | None = Field(None, description="Screened in the published trial.")
    method: Name = Field(description="Name of the method.")
    parameters: dict[Name, Parameter] = Field({}, description="Parameters of the method.")
    strata: tuple[Stratum, ...] = Field(
        (), description="Factors of stratification; none if not given."
    )
    source: SourceName
    why: Why = None


class ReleaseTest(Model):
    """A test that a lot passes before it is released."""

    name: Name
    label: Label
    expected: Words = Field(description="Result that a lot must have.")
    at_least: Amount | None = Field(
        None, description="Lowest number that passes, where the result is a number."
    )
    source: SourceName
    why: Why = None


class Product(Model):
    """What is given in an arm. Products of a blinded trial look alike and have the same volume."""

    name: Name
    label: Label
    description: Words = Field(description="What it is made of.")
    passage: int | None = Field(None, ge=0, description="Passage that a lot of cells must have.")
    release_tests: tuple[ReleaseTest, ...] = Field((), description="Tests that a lot passes.")
    source: SourceName
    why: Why = None


class Dosing(Model):
    """The blinded administrations: the rule, its amounts, and the encounters they belong to."""

    rule: Name = Field(description="Name of the method: `fixed` or `by-weight`.")
    amount: Amount = Field(
        description="Amount of one administration; for a dose by weight, per kg."
    )
    volume: Amount | None = Field(None, description="Volume given, where it is a fluid.")
    weight: Name | None = Field(None, description="Item with the weight, for a dose by weight.")
    encounters: tuple[Name, ...] = Field(
        min_length=1, description="Encounters at which a dose is given."
    )
    use_within: Amount | None = Field(
        None,
        description="Longest time from when making up begins (thawing of cells) to the end of the "
        "infusion.",
    )
    observation: Amount | None = Field(None, description="How long the participant is watched.")
    watch: Watch | None = Field(
        None, description="What is looked at meanwhile, and when; nothing if not given."
    )
    parameters: dict[Name, Parameter] = Field({}, description="Further parameters of the method.")


class Band(Model):
    """From this mean fasting glucose up, the daily dose changes by units and by percent."""

    at_least: Decimal = Field(
        description="Mean fasting glucose from which the band counts, up to the next."
    )
    units: int = Field(0, description="Change of the daily dose, U.")
    percent: int = Field(0, ge=-100, le=100, description="Further change, % of the daily dose.")


class Hypoglycaemia(Model):
    """With this many readings below the limit the dose is cut, whatever their mean says."""

    below: Decimal = Field(description="Limit, in the titration's unit.")
    readings: int = Field(1, ge=1, description="Readings below it since the last contact.")
    percent: int = Field(ge=-100, le=0, description="Change of the daily dose, %.")


class DoseLimit(Model):
    """A daily dose per body weight at which the protocol demands something."""

    dose: Amount = Field(description="Daily dose per kg of body weight.")
    then: Words = Field(description="What the protocol then demands.")


class Titration(Model):
    """The table by which the dose of a background medicine follows home readings."""

    item: Name = Field(description="Item with the daily dose.")
    weight: Name = Field(description="Item with the body weight.")
    rule: Name = Field(description="Name of the rule, e.g. bands.")
    unit: str = Field("mmol/L", description="Unit of the bands and limits.")
    every: Amount = Field(description="Time between contacts.")
    first: Name | None = Field(
        None, description="Encounter after which contacts begin; `baseline` if not given."
    )
    last: Name | None = Field(
        None, description="Encounter with which they end; the last one if not given."
    )
    start: Amount | None = Field(
        None,
        description="Daily dose that those without the medicine begin with at `baseline`, in U/d "
        "or U/kg/d; none if not given.",
    )
    target_low: Amount = Field(description="Lower end of the fasting glucose aimed at.")
    target_high: Amount = Field(description="Upper end; a mean above it is uncontrolled.")
    bands: tuple[Band, ...] = Field(
        min_length=1, description="Bands of mean fasting glucose; the first starts at 0."
    )
    hypoglycaemia: tuple[Hypoglycaemia, ...] = Field(
        (), description="Cuts for low readings, whatever the time of day."
    )
    stop: DoseLimit | None = Field(
        None, description="At or below this dose the medicine is stopped."
    )
    withdraw: DoseLimit | None = Field(
        None, description="Uncontrolled above this dose, a participant leaves."
    )
    note: Words | None = Field(
        None, description="What readers should know of how it is carried out."
    )
    source: SourceName
    why: Why = None

    @model_validator(mode="after")
    def _bands_rise(self) -> Titration:
        edges = [band.at_least for band in self.bands]
        if edges != sorted(set(edges)) or edges[0] != 0:
            raise ValueError("bands start at_least 0 and rise")
        return self


class Diary(Model):
    """Home readings between visits."""

    points: tuple[Name, ...] = Field(
        min_length=1, description="Times of the day at which glucose is read."
    )
    readings_per_week: Sourced[int] = Field(description="All readings of a week.")
    profile_days_per_week: Sourced[int] = Field(description="Days a week with every point.")
    unit: str = Field("mmol/L", description="Unit of the readings.")
