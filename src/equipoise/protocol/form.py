"""Forms: what is asked at an encounter, item by item, and the checks made on what was entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from equipoise.protocol.column import Column
from equipoise.protocol.model import ItemName, Label, Model, Name, SourceName, Why, Words

Kind = Literal["number", "code", "yesno", "date", "text"]


class Item(Model):
    """One thing that is recorded.

    A number is recorded in steps of ten to the minus ``decimals`` of its ``unit``, from ``low`` to
    ``high``. A derived item is computed from others by a question-language expression and rounded
    to its own step, halves away from zero.
    """

    name: ItemName
    label: Label
    kind: Kind = Field(description="A number needs `unit`, `low` and `high`; a code needs `codes`.")
    unit: str | None = Field(None, description="Unit of a number; `1` for a bare number.")
    decimals: int = Field(0, ge=0, le=6, description="Decimals with which a number is recorded.")
    low: Decimal | None = Field(None, description="Smallest value that can be entered.")
    high: Decimal | None = Field(None, description="Largest value that can be entered.")
    codes: dict[Name, Words] = Field({}, description="Code list: code and its words.")
    conversions: dict[str, Decimal] = Field(
        {}, description="Other unit of entry, and how many of it make one of `unit`."
    )
    derived: str | None = Field(None, description="Expression over other items of the encounter.")
    ask_if: str | None = Field(None, description="Question that must be yes for the item to show.")
    source: SourceName
    why: Why = None

    @model_validator(mode="after")
    def _complete(self) -> Item:
        if self.kind == "number" and (self.unit is None or self.low is None or self.high is None):
            raise ValueError(f"item {self.name} is a number: give `unit`, `low` and `high`")
        if self.kind == "number" and self.low is not None and self.high is not None:
            if self.low > self.high:
                raise ValueError(f"item {self.name}: low {self.low} is above high {self.high}")
        elif self.unit or self.decimals:
            raise ValueError(f"item {self.name} is a {self.kind}: it has no unit or decimals")
        if (self.kind == "code") != bool(self.codes):
            raise ValueError(f"item {self.name}: `codes` belong to items of kind code, and to all")
        return self

    def column(self, encounters: tuple[str, ...] = ()) -> Column:
        """The item as the question language sees it, collected at these encounters."""
        return Column(
            name=self.name,
            kind=self.kind,
            unit=self.unit or "1",
            decimals=self.decimals,
            low=self.low,
            high=self.high,
            codes=tuple(self.codes),
            encounters=encounters,
            conversions=tuple(self.conversions.items()),
        )


class ItemGroup(Model):
    """Items that are shown together."""

    name: Name
    label: Label
    items: tuple[Item, ...] = Field(
        min_length=1, description="The items, in the order in which they are asked."
    )


class EditCheck(Model):
    """A question that must be yes of a completed form; otherwise its message becomes a query."""

    id: Name
    question: str = Field(description="What must be yes.")
    message: Words = Field(description="Words of the query if it is not yes.")


class Form(Model):
    """One form: a file of the folder ``forms``."""

    form: Name = Field(description="Name by which activities call it.")
    label: Label
    groups: tuple[ItemGroup, ...] = Field(min_length=1, description="Groups of items, in order.")
    checks: tuple[EditCheck, ...] = Field((), description="Checks of what was entered.")

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for group in self.groups for item in group.items)
