"""The analysis plan: who is counted, what is estimated, how, and what the report shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from equipoise.protocol.model import KindOf, Label, Model, Name, SourceName, Why, Words
from equipoise.protocol.plan_displays import Display, Figure, Table

__all__ = [
    "AdverseEventsAnalysis",
    "Analysis",
    "AnalysisPopulation",
    "BinaryEndpoint",
    "CharacteristicsAnalysis",
    "DiaryAnalysis",
    "Display",
    "DispositionAnalysis",
    "Endpoint",
    "Estimand",
    "ExposureAnalysis",
    "Figure",
    "HypoglycaemiaAnalysis",
    "IntercurrentEvent",
    "Measure",
    "Membership",
    "NumberAnalysis",
    "NumberEndpoint",
    "NumberMethod",
    "Plan",
    "ProportionAnalysis",
    "ProportionMethod",
    "Strategy",
    "Table",
    "TippingPointAnalysis",
    "TitrationAnalysis",
    "WithdrawalReason",
]

Membership = Literal["randomised", "first dose", "all doses", "completed"]
Strategy = Literal[
    "treatment policy",
    "composite",
    "hypothetical",
    "while on treatment",
    "principal stratum",
]
Measure = Literal["value", "change", "percent change", "percent reduction"]
WithdrawalReason = Literal[
    "adverse event",
    "lost to follow-up",
    "uncontrolled glucose",
    "withdrawal by participant",
    "death",
    "other",
]
ProportionMethod = Literal[
    "wald",
    "newcombe",
    "miettinen-nurminen",
    "mee",
    "chi-squared",
    "fisher",
    "boschloo",
]
NumberMethod = Literal["t-test", "paired-t-test", "wilcoxon", "hodges-lehmann"]


class AnalysisPopulation(Model):
    """A set of randomised participants; each belongs when every rule of ``who`` holds."""

    name: Name
    label: Label
    who: tuple[Membership, ...] = Field(min_length=1, description="Rules that must all hold.")
    source: SourceName
    why: Why = None


class IntercurrentEvent(Model):
    """Something after randomisation that changes what a value means, and what is done about it."""

    event: Words = Field(description="What happens.")
    strategy: Strategy = Field(description="Strategy by its name in ICH E9(R1).")
    how: Words = Field(description="What the strategy means here.")


class Estimand(Model):
    """What is to be estimated, in the attributes of ICH E9(R1)."""

    name: Name
    label: Label
    treatment: Words = Field(description="Treatments that are compared.")
    population: Words = Field(description="People whom the answer is about.")
    endpoint: Name = Field(description="Endpoint that is analysed.")
    variable: Words = Field(description="What is observed of each participant.")
    intercurrent_events: tuple[IntercurrentEvent, ...] = Field(
        (), description="Events that are foreseen."
    )
    summary: Words = Field(description="Summary by which arms are compared.")
    missing: Words = Field(description="What is done about values that were never seen.")
    analysis: Name = Field(description="The analysis that estimates it.")
    sensitivity: tuple[Name, ...] = Field(
        (), description="Analyses of the same estimand under other assumptions on missing values."
    )
    supplementary: tuple[Name, ...] = Field(
        (), description="Analyses that answer another question, shown beside it."
    )
    source: SourceName
    why: Why = None


class BinaryEndpoint(Model):
    """A question about each participant, asked at each of the encounters.

    A participant withdrawn for one of the reasons in ``failures`` on or before the encounter is a
    no, whatever was recorded.
    """

    kind: KindOf[Literal["binary"]]
    name: Name
    label: Label
    question: str = Field(description="The question, in the question language.")
    encounters: tuple[Name, ...] = Field(
        min_length=1, description="Encounters at which it is asked."
    )
    failures: tuple[WithdrawalReason, ...] = Field(
        (), description="Reasons of withdrawal that make a no."
    )
    source: SourceName
    why: Why = None


class NumberEndpoint(Model):
    """An item at each of the encounters, as it is or against the protocol's baseline."""

    kind: KindOf[Literal["number"]]
    name: Name
    label: Label
    item: Name = Field(description="Item that is measured.")
    measure: Measure = Field("value", description="The value, or what became of it since baseline.")
    encounters: tuple[Name, ...] = Field(
        min_length=1, description="Encounters at which it is measured."
    )
    source: SourceName
    why: Why = None


Endpoint = Annotated[BinaryEndpoint | NumberEndpoint, Field(discriminator="kind")]


class _Analysis(Model):
    """What every analysis has."""

    name: Name
    label: Label
    population: Name = Field(description="Analysis population that is counted.")
    note: Words | None = Field(None, description="What a reader should know of it.")


class CharacteristicsAnalysis(_Analysis):
    """Items as last recorded up to and with an encounter, by arm and in total."""

    kind: KindOf[Literal["characteristics"]]
    items: tuple[Name, ...] = Field(min_length=1, description="Items that are summarised.")
    encounter: Name = Field(description="Last encounter that counts.")


class ProportionAnalysis(_Analysis):
    """Shares of participants with an endpoint, and their differences between arms.

    Who cannot be judged counts as a no (``non-responder``) or is ``left out``; how many they are
    is always reported.
    """

    kind: KindOf[Literal["proportion"]]
    endpoint: Name = Field(description="Binary endpoint that is analysed.")
    encounters: tuple[Name, ...] = Field((), description="All of the endpoint if not given.")
    missing: Literal["non-responder", "left out"] = Field(
        description="What becomes of who cannot be judged."
    )
    methods: tuple[ProportionMethod, ...] = Field(
        (), description="Methods for the difference between arms."
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class TippingPointAnalysis(_Analysis):
    """The difference between arms for every number of the missing who may have responded.

    Participants who cannot be judged are counted as responders one by one, in each arm on its own.
    """

    kind: KindOf[Literal["tipping-point"]]
    endpoint: Name = Field(description="Binary endpoint that is analysed.")
    encounter: Name = Field(description="Encounter at which it is analysed.")
    methods: tuple[ProportionMethod, ...] = Field(
        min_length=1, description="Methods for the difference between arms."
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class NumberAnalysis(_Analysis):
    """Means, medians and their spread by arm, and differences between arms, of observed values."""

    kind: KindOf[Literal["number"]]
    endpoint: Name = Field(description="Number endpoint that is analysed.")
    encounters: tuple[Name, ...] = Field((), description="All of the endpoint if not given.")
    methods: tuple[NumberMethod, ...] = Field(
        (), description="Methods for differences between arms or from baseline."
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class DiaryAnalysis(_Analysis):
    """Each participant's mean of home readings of one point, week by week from the first dose."""

    kind: KindOf[Literal["diary"]]
    point: Name = Field(description="Point of the diary.")
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class HypoglycaemiaAnalysis(_Analysis):
    """Home readings below each limit from the first dose on: participants, readings and rates."""

    kind: KindOf[Literal["hypoglycaemia"]]
    below: tuple[Decimal, ...] = Field(min_length=1, description="Limits, in the diary's unit.")
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class TitrationAnalysis(_Analysis):
    """Contacts at which a dose was decided: what the rule proposed and what was prescribed."""

    kind: KindOf[Literal["titration"]]


class AdverseEventsAnalysis(_Analysis):
    """Events that began on or after the first dose: participants, events, and rates."""

    kind: KindOf[Literal["adverse-events"]]
    level: float = Field(0.95, gt=0.5, lt=1, description="Confidence level of intervals.")


class DispositionAnalysis(_Analysis):
    """How many completed and how many withdrew, by reason."""

    kind: KindOf[Literal["disposition"]]


class ExposureAnalysis(_Analysis):
    """Doses given, their amount, and time under observation."""

    kind: KindOf[Literal["exposure"]]


Analysis = Annotated[
    CharacteristicsAnalysis
    | ProportionAnalysis
    | TippingPointAnalysis
    | NumberAnalysis
    | DiaryAnalysis
    | HypoglycaemiaAnalysis
    | TitrationAnalysis
    | AdverseEventsAnalysis
    | DispositionAnalysis
    | ExposureAnalysis,
    Field(discriminator="kind"),
]


class Plan(Model):
    """``analysis.yaml``."""

    reference: Name = Field(description="The arm that every other arm is compared with.")
    populations: tuple[AnalysisPopulation, ...] = Field(min_length=1, description="Who is counted.")
    estimands: tuple[Estimand, ...] = Field((), description="What is to be estimated.")
    endpoints: tuple[Endpoint, ...] = Field(
        min_length=1, description="What is asked or measured of each participant."
    )
    analyses: tuple[Analysis, ...] = Field(min_length=1, description="What is computed.")
    multiplicity: Words | None = Field(
        None, description="What is done about the number of tests, and which are confirmatory."
    )
    displays: tuple[Display, ...] = Field((), description="Tables and figures, in order.")
