"""What the report shows, as the analysis plan lists it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.protocol.model import KindOf, Model, Name, Words


class _Display(Model):
    """What every table and figure has."""

    name: Name
    title: Words = Field(description="Title in the report.")
    section: Literal["participants", "baseline", "primary", "secondary", "safety"] = Field(
        description="Section of the report."
    )
    analyses: tuple[Name, ...] = Field((), description="Analyses whose results it shows.")
    encounters: tuple[Name, ...] = Field((), description="All that were analysed if not given.")
    note: Words | None = Field(None, description="Note below it.")


class Table(_Display):
    """A table of the report; ``show`` says how numbers are summarised."""

    display: KindOf[Literal["table"]]
    kind: Literal[
        "characteristics",
        "primary",
        "proportion",
        "tipping-point",
        "number",
        "titration",
        "adverse-events",
        "hypoglycaemia",
        "disposition",
        "exposure",
    ] = Field(description="What it shows.")
    show: tuple[Literal["mean-sd", "median-quartiles"], ...] = Field(
        ("mean-sd",), description="Summaries of a number."
    )


class Figure(_Display):
    """A figure of the report; ``spread`` is what its error bars show."""

    display: KindOf[Literal["figure"]]
    kind: Literal["flow", "over-time", "proportion", "diary", "forest"] = Field(
        description="What it shows."
    )
    centre: Literal["mean", "median"] = Field(
        "mean", description="Summary at each point of a figure over time."
    )
    spread: Literal["sd", "se", "interval", "quartiles", "none"] = Field(
        "interval", description="Error bars of a figure over time."
    )

    @model_validator(mode="after")
    def _shows_something(self) -> Figure:
        if (self.kind == "flow") == bool(self.analyses):
            raise ValueError("a flow figure has no `analyses`; any other figure has some")
        return self


Display = Annotated[Table | Figure, Field(discriminator="display")]
