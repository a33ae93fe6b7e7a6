"""What has been published about a trial: every printed number, its place, and what to check.

A number is kept as it was printed: ``4.55`` and ``4.550`` are different statements about rounding,
so values arrive as text, whole numbers or ``Decimal`` and never as binary floats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Literal, TypeVar

from pydantic import Field

from equipoise.errors import nearest
from equipoise.protocol.model import Label, Model, Name, SourceName, Text, Words
from equipoise.protocol.published_checks import (
    AnyCheck,
    PercentageCheck,
    Printed,
    Term,
    UpperLimitCheck,
    term_name,
)


class Passage(Model):
    """Where in a source a number stands."""

    id: Name
    source: SourceName
    where: Words = Field(description="Its place in the source.")


class Statement(Model):
    """What every published statement has: its words as printed and what they are about."""

    id: Name
    label: Words | None = Field(
        None,
        description="What it is about, where the name of its endpoint or item does not say it; "
        "encounter and arm are added.",
    )
    printed: str = Field(description="The source's own words.")
    passage: Name = Field(description="Passage in which it stands.")
    item: str | None = Field(None, description="Item that it is about.")
    endpoint: str | None = Field(None, description="Endpoint that it is about.")
    encounter: str | None = Field(None, description="Encounter that it is about.")
    arm: str | None = Field(None, description="Arm that it is about.")


class Counterpart(Model):
    """Which result of a trial's own records speaks of the same thing as a printed number.

    It is a count of the flow of participants (``stage``) or a statistic of an ``analysis``.
    """

    stage: str | None = Field(None, description="Stage of the flow, e.g. completed.")
    reason: str | None = Field(None, description="Reason, of a stage that has reasons.")
    analysis: Name | None = Field(None, description="Analysis of the plan.")
    endpoint: str | None = Field(None, description="What the analysis counts, if several things.")
    encounters: tuple[Name, ...] = Field((), description="Encounters that it is shown at.")


class Direction(Model):
    """A printed statement in words on how a number went, where its values are not printed."""

    id: Name
    endpoint: Name = Field(description="Number endpoint that it is about.")
    arm: str = Field(description="Arm that it is about.")
    encounters: tuple[Name, ...] = Field(
        min_length=2, description="Encounters from the first to the last that it is about."
    )
    direction: Literal["up", "down", "unchanged"] = Field(description="How the number went.")
    printed: str = Field(description="The source's own words.")
    passage: Name = Field(description="Passage in which it stands.")


class Number(Statement):
    """One printed value, with SD, range, count and denominator where they are printed with it."""

    statistic: Literal[
        "count", "percentage", "mean", "mean fall", "reduction", "time", "design"
    ] = Field(description="What kind of number it is.")
    value: Printed = Field(description="The number with all its printed digits.")
    sd: Printed | None = Field(None, description="SD printed with it.")
    lowest: Printed | None = Field(None, description="Lower end of the range printed with it.")
    highest: Printed | None = Field(None, description="Upper end of the range printed with it.")
    count: int | None = Field(None, description="Count printed with a percentage.")
    denominator: int | None = Field(None, description="Denominator printed with a percentage.")
    unit: str | None = Field(None, description="Unit of the number.")
    counterpart: Counterpart | None = Field(
        None, description="What of a trial's results it goes with, where names do not tell."
    )
    about: bool = Field(
        default=False, description='Whether the source says "about"; its digits are then not exact.'
    )

    @property
    def claim(self) -> str:
        """What is printed, in digits and signs only: ``12 ± 7.6 (8–24) week``."""
        spread = f" ± {self.sd}" if self.sd is not None else ""
        ends = f" ({self.lowest}–{self.highest})" if self.lowest is not None else ""
        count = f" ({self.count}/{self.denominator})" if self.count is not None else ""
        unit = f" {self.unit}" if self.unit else ""
        return f"{'≈ ' if self.about else ''}{self.value:,}{spread}{ends}{unit}{count}"


class PublishedInterval(Statement):
    """A printed interval, in the unit of what it is about."""

    level: Printed = Field(Decimal("0.95"), description="Confidence level.")
    lower: Printed = Field(description="Lower limit as printed.")
    upper: Printed = Field(description="Upper limit as printed.")
    unit: str | None = Field(None, description="Unit of the limits.")

    @property
    def claim(self) -> str:
        """What is printed, in digits and signs only."""
        return f"{self.lower} – {self.upper}{f' {self.unit}' if self.unit else ''}"


class PValue(Statement):
    """A printed p value with its sign; ``compares`` names the two printed numbers it compares."""

    comparison: Literal["<", "=", ">"] = Field(description="Sign before the value.")
    value: Printed = Field(description="The value as printed.")
    contrast: Literal["between arms", "within arm"] = Field(
        description="Whether arms or visits of one arm are compared."
    )
    compares: tuple[Name, ...] = Field(
        default=(),
        max_length=2,
        description="The two numbers; in one arm, after and before.",
    )

    @property
    def claim(self) -> str:
        """What is printed, in one form: ``p < 0.05``."""
        return f"p {self.comparison} {self.value}"


class AnalysisSet(Model):
    """Who may have been counted: for each arm, printed counts added or (``- x``) taken away."""

    id: Name
    label: Label
    n: dict[Name, tuple[Term, ...]] = Field(
        description="For each arm, the numbers that it is made of."
    )


Misfit = tuple[tuple[str | int, ...], str]
AnyStatement = Number | PublishedInterval | PValue
Named = TypeVar("Named", Number, PublishedInterval, PValue, AnalysisSet, Passage)


class Published(Model):
    """``published.yaml``: everything published about a study's results."""

    arms: tuple[Name, Name] = Field(description="Differences are the first arm minus the second.")
    arm_labels: dict[Name, Words] = Field(
        default_factory=dict, description="The protocol's labels if not given."
    )
    passages: tuple[Passage, ...] = Field(description="Where in the sources the numbers stand.")
    numbers: tuple[Number, ...] = Field(description="Printed numbers.")
    intervals: tuple[PublishedInterval, ...] = Field((), description="Printed intervals.")
    p_values: tuple[PValue, ...] = Field((), description="Printed p values.")
    directions: tuple[Direction, ...] = Field(
        (), description="Printed statements on how a number went, without values."
    )
    analysis_sets: tuple[AnalysisSet, ...] = Field(
        (), description="Sets over which percentages and means may have been taken."
    )
    checks: tuple[AnyCheck, ...] = Field((), description="Questions to the printed numbers.")

    @property
    def statements(self) -> tuple[AnyStatement, ...]:
        """All printed statements, in the order of the file."""
        return (*self.numbers, *self.intervals, *self.p_values)

    def arm_label(self, arm: str) -> Text:
        """What people call an arm: its label, or its name where it has none."""
        return self.arm_labels.get(arm) or Text(en=arm)

    def number(self, name: str) -> Number:
        """The printed number with this id."""
        return _named(self.numbers, name)

    def interval(self, name: str) -> PublishedInterval:
        """The printed interval with this id."""
        return _named(self.intervals, name)

    def p_value(self, name: str) -> PValue:
        """The printed p value with this id."""
        return _named(self.p_values, name)

    def analysis_set(self, name: str) -> AnalysisSet:
        """The analysis set with this id."""
        return _named(self.analysis_sets, name)

    def passage(self, name: str) -> Passage:
        """The passage with this id."""
        return _named(self.passages, name)

    def misfits(self) -> Iterator[Misfit]:
        """Ids given twice or naming nothing of the right kind: place in the file, what is wrong."""
        numbers = [number.id for number in self.numbers]
        for key in ("passages", "analysis_sets", "checks", "directions"):
            yield from _twice(key, [one.id for one in getattr(self, key)])
        yield from _unknown(("arm_labels",), self.arm_labels, self.arms)
        yield from _twice("numbers", [statement.id for statement in self.statements])
        for key in ("numbers", "intervals", "p_values", "directions"):
            passages = [passage.id for passage in self.passages]
            for index, statement in enumerate(getattr(self, key)):
                yield from _unknown((key, index, "passage"), [statement.passage], passages)
                named = [statement.arm] if statement.arm else []
                yield from _unknown((key, index, "arm"), named, self.arms)
                compared = getattr(statement, "compares", ())
                yield from _unknown((key, index, "compares"), compared, numbers)
        for index, analysis_set in enumerate(self.analysis_sets):
            place = ("analysis_sets", index, "n")
            yield from _unknown(place, analysis_set.n, self.arms)
            for arm in self.arms:
                if arm not in analysis_set.n:
                    yield place, f"the arm {arm} is missing"
                terms = analysis_set.n.get(arm, ())
                yield from _unknown((*place, arm), map(term_name, terms), numbers)
        for index, check in enumerate(self.checks):
            yield from self._misfits_of(("checks", index), check)

    def _misfits_of(self, place: tuple[str | int, ...], check: AnyCheck) -> Iterator[Misfit]:
        numbers = {number.id: number for number in self.numbers}
        subjects = {one.id: one for one in getattr(self, check.subject)}
        others = list(check.references)
        if hasattr(check, "of"):
            yield from _unknown((*place, "of"), [others.pop(0)], subjects)
        yield from _unknown(place, others, numbers)
        yield from _unknown(place, check.sets, [one.id for one in self.analysis_sets])
        if isinstance(check, UpperLimitCheck):
            yield from _unknown((*place, "arm"), [check.arm], self.arms)
        if isinstance(check, PercentageCheck) and not check.count:
            number = numbers.get(check.of)
            if number and not number.arm and number.count is None:
                yield (*place, "of"), f"{number.id} has no arm and no counts to be checked against"


def _named(among: tuple[Named, ...], name: str) -> Named:
    return next(one for one in among if one.id == name)


def _twice(key: str, names: list[str]) -> Iterator[Misfit]:
    for name, times in Counter(names).items():
        if times > 1:
            yield (key,), f"the id {name!r} is given {times} times"


def _unknown(
    place: tuple[str | int, ...], names: Iterable[str], known: Collection[str]
) -> Iterator[Misfit]:
    for name in names:
        if name not in known:
            yield place, f"{name} names nothing that fits here.{nearest(name, known)}"
