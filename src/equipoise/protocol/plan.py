"""The analysis plan: who is counted, what is estimated, how, and what the report shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import Model, Name, SourceName, Words

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
    label: Words
    who: tuple[Membership, ...] = Field(min_length=1)
    source: SourceName
    why: str | None = None


class IntercurrentEvent(Model):
    """Something after randomisation that changes what a value means, and what is done about it."""

    event: Words
    strategy: Strategy
    how: Words


class Estimand(Model):
    """What is to be estimated, in the attributes of ICH E9(R1)."""

    name: Name
    label: Words
    treatment: Words
    population: Words
    endpoint: Name
    variable: Words
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    summary: Words
    missing: Words = Field(description="What is done about values that were never seen.")
    analysis: Name = Field(description="The analysis that estimates it.")
    sensitivity: tuple[Name, ...] = Field((), description="Analyses under other assumptions.")
    source: SourceName
    why: str | None = None


class BinaryEndpoint(Model):
    """A question about each participant, asked at each of the encounters.

    A participant withdrawn for one of the reasons in ``failures`` on or before the encounter is a
    no, whatever was recorded.
    """

    kind: Literal["binary"]
    name: Name
    label: Words
    question: str
    encounters: tuple[Name, ...] = Field(min_length=1)
    failures: tuple[WithdrawalReason, ...] = Field(
        (), description="Reasons of withdrawal that make a no."
    )
    source: SourceName
    why: str | None = None


class NumberEndpoint(Model):
    """An item at each of the encounters, as it is or against the protocol's baseline."""

    kind: Literal["number"]
    name: Name
    label: Words
    item: Name
    measure: Measure = "value"
    encounters: tuple[Name, ...] = Field(min_length=1)
    source: SourceName
    why: str | None = None


Endpoint = Annotated[BinaryEndpoint | NumberEndpoint, Field(discriminator="kind")]


class _Analysis(Model):
    """What every analysis has."""

    name: Name
    label: Words
    population: Name
    note: Words | None = Field(None, description="What a reader should know of it.")


class CharacteristicsAnalysis(_Analysis):
    """Items as last recorded up to and with an encounter, by arm and in total."""

    kind: Literal["characteristics"]
    items: tuple[Name, ...] = Field(min_length=1)
    encounter: Name


class ProportionAnalysis(_Analysis):
    """Shares of participants with an endpoint, and their differences between arms.

    Who cannot be judged counts as a no (``non-responder``) or is ``left out``; how many they are
    is always reported.
    """

    kind: Literal["proportion"]
    endpoint: Name
    encounters: tuple[Name, ...] = Field((), description="All of the endpoint if not given.")
    missing: Literal["non-responder", "left out"]
    methods: tuple[ProportionMethod, ...] = ()
    level: float = Field(0.95, gt=0.5, lt=1)


class NumberAnalysis(_Analysis):
    """Means, medians and their spread by arm, and differences between arms, of observed values."""

    kind: Literal["number"]
    endpoint: Name
    encounters: tuple[Name, ...] = Field((), description="All of the endpoint if not given.")
    methods: tuple[NumberMethod, ...] = ()
    level: float = Field(0.95, gt=0.5, lt=1)


class DiaryAnalysis(_Analysis):
    """Each participant's mean of home readings of one point, week by week from the first dose."""

    kind: Literal["diary"]
    point: Name
    level: float = Field(0.95, gt=0.5, lt=1)


class HypoglycaemiaAnalysis(_Analysis):
    """Home readings below each limit from the first dose on: participants, readings and rates."""

    kind: Literal["hypoglycaemia"]
    below: tuple[Decimal, ...] = Field(min_length=1, description="Limits, in the diary's unit.")
    level: float = Field(0.95, gt=0.5, lt=1)


class AdverseEventsAnalysis(_Analysis):
    """Events that began on or after the first dose: participants, events, and rates."""

    kind: Literal["adverse-events"]
    level: float = Field(0.95, gt=0.5, lt=1)


class DispositionAnalysis(_Analysis):
    """How many completed and how many withdrew, by reason."""

    kind: Literal["disposition"]


class ExposureAnalysis(_Analysis):
    """Doses given, their amount, and time under observation."""

    kind: Literal["exposure"]


Analysis = Annotated[
    CharacteristicsAnalysis
    | ProportionAnalysis
    | NumberAnalysis
    | DiaryAnalysis
    | HypoglycaemiaAnalysis
    | AdverseEventsAnalysis
    | DispositionAnalysis
    | ExposureAnalysis,
    Field(discriminator="kind"),
]


class _Display(Model):
    """What every table and figure has."""

    name: Name
    title: Words
    section: Literal["participants", "baseline", "primary", "secondary", "safety"]
    analyses: tuple[Name, ...] = ()
    encounters: tuple[Name, ...] = Field((), description="All that were analysed if not given.")
    note: Words | None = None


class Table(_Display):
    """A table of the report; ``show`` says how numbers are summarised."""

    display: Literal["table"]
    kind: Literal[
        "characteristics",
        "primary",
        "proportion",
        "number",
        "adverse-events",
        "hypoglycaemia",
        "disposition",
        "exposure",
    ]
    show: tuple[Literal["mean-sd", "median-quartiles"], ...] = ("mean-sd",)


class Figure(_Display):
    """A figure of the report; ``spread`` is what its error bars show."""

    display: Literal["figure"]
    kind: Literal["flow", "over-time", "proportion", "diary", "forest"]
    centre: Literal["mean", "median"] = "mean"
    spread: Literal["sd", "se", "interval", "quartiles", "none"] = "interval"

    @model_validator(mode="after")
    def _shows_something(self) -> Figure:
        if (self.kind == "flow") == bool(self.analyses):
            raise ValueError("a flow figure has no `analyses`; any other figure has some")
        return self


Display = Annotated[Table | Figure, Field(discriminator="display")]


class Plan(Model):
    """``analysis.yaml``."""

    reference: Name = Field(description="The arm that every other arm is compared with.")
    populations: tuple[AnalysisPopulation, ...] = Field(min_length=1)
    estimands: tuple[Estimand, ...] = ()
    endpoints: tuple[Endpoint, ...] = Field(min_length=1)
    analyses: tuple[Analysis, ...] = Field(min_length=1)
    displays: tuple[Display, ...] = Field((), description="Tables and figures, in order.")
