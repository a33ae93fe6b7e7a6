"""The questions that can be put to published numbers.

Each kind has its method in ``analysis/reproduce``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from equipoise.protocol.model import KindOf, Model, Name, Words

About = Literal["print", "expectation", "registry"]
Verdict = Literal["holds", "does not hold", "only if", "cannot be checked"]


def _printed_digits(value: object) -> object:
    if isinstance(value, float):
        raise ValueError(  # noqa: TRY004 - pydantic turns a ValueError into a problem of the file
            "a binary float has lost its printed digits; give text"
        )
    return value


Printed = Annotated[Decimal, BeforeValidator(_printed_digits)]
Term = Annotated[
    str,
    Field(
        pattern=r"^(- )?[A-Za-z][A-Za-z0-9_-]*(\.(lowest|highest))?$",
        description="The id of a number, added or (with `- ` before it) taken away.",
    ),
]


def term_name(term: str) -> str:
    """The id in a term.

    >>> term_name("- insulin-free-from.lowest")
    'insulin-free-from'
    """
    return term.removeprefix("- ").split(".")[0]


class Check(Model):
    """One question to the printed numbers.

    ``expectation`` says what should hold; ``readings`` gives, for a verdict, what it means, shown
    only when the recomputation arrives at that verdict.
    """

    refers: ClassVar[tuple[str, ...]] = ()  # fields that name published statements
    subject: ClassVar[Literal["numbers", "intervals", "p_values"]] = "numbers"  # what `of` names

    id: Name
    label: Words | None = Field(
        None, description="What is asked; that of the statement `of` if not given."
    )
    about: About = Field(
        "print",
        description="What is compared: printed numbers with one another, with what we expect of a "
        "good trial, or with the registry.",
    )
    expectation: Words = Field(description="What should hold.")
    ambiguous: bool = Field(
        default=False,
        description="Whether the print can be read in more than one way: what does not hold in one "
        "reading is then conditional.",
    )
    readings: dict[Verdict, Words] = Field(
        default_factory=dict,
        description="For a verdict, what it means; shown only with this verdict.",
    )

    @property
    def references(self) -> tuple[str, ...]:
        """The ids of all the published statements that the check uses."""
        return tuple(term_name(term) for term in self._values(self.refers))

    @property
    def sets(self) -> tuple[str, ...]:
        """The ids of the analysis sets that the check names."""
        return self._values(("analysis_set", "counted_in", "denominators"))

    def _values(self, fields: Iterable[str]) -> tuple[str, ...]:
        values = (getattr(self, field, None) for field in fields)
        return tuple(
            name
            for value in values
            if value is not None
            for name in ((value,) if isinstance(value, str) else value)
        )


C = TypeVar("C", bound=Check)


def _paired(check: C, first: tuple[str, ...], second: tuple[str, ...]) -> C:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} numbers do not go in pairs")
    return check


class PercentageCheck(Check):
    """Which counts over which denominators give a printed percentage."""

    refers = ("of", "count", "denominator", "largest")
    kind: KindOf[Literal["percentage"]]
    of: Name = Field(description="The percentage.")
    count: Name | None = Field(
        None, description="Number of events, where it is not printed with the percentage."
    )
    denominator: Name | None = Field(
        None,
        description="Denominator of `count`; without one, all analysis sets are tried.",
    )
    largest: Name = Field(description="Number up to which denominators are tried.")


class IntervalCheck(Check):
    """Which counts and which method give a printed interval of a risk difference."""

    refers = ("of", "percentages", "largest")
    subject = "intervals"
    kind: KindOf[Literal["interval"]]
    of: Name = Field(description="The interval.")
    percentages: tuple[Name, Name] = Field(
        description="The percentages whose difference it is about, in the order of `arms`."
    )
    largest: tuple[Name, Name] = Field(
        description="For each arm, the number up to which denominators are tried."
    )


class CountsCheck(Check):
    """Which tests of two proportions agree with a printed p value.

    The counts are those that give both percentages in analysis set ``counted_in``; with
    ``denominators`` the same events are counted over that set instead.
    """

    refers = ("of", "percentages")
    subject = "p_values"
    kind: Literal["p of counts", "reanalysis", "fragility"] = Field(
        description="Test as published, test again, or count the events that undo it."
    )
    of: Name = Field(description="The p value.")
    percentages: tuple[Name, Name] = Field(
        description="The percentages that it compares, in the order of `arms`."
    )
    counted_in: Name = Field(description="Analysis set in which the counts give the percentages.")
    denominators: Name | None = Field(
        None, description="Analysis set that the events are counted over instead."
    )


class MeansCheck(Check):
    """Which analysis sets make a p value between arms follow from the printed means and SDs."""

    refers = ("of",)
    subject = "p_values"
    kind: KindOf[Literal["p of means"]]
    of: Name = Field(description="The p value.")


class WithinCheck(Check):
    """Which correlation within persons a printed p value within an arm needs."""

    refers = ("of", "change")
    subject = "p_values"
    kind: KindOf[Literal["p within arm"]]
    of: Name = Field(description="The p value.")
    change: Name | None = Field(
        None, description="Printed change, tried beside the difference of the means."
    )


class SumCheck(Check):
    """Whether printed numbers add up to another, or to no more than it."""

    refers = ("of", "terms")
    kind: KindOf[Literal["sum"]]
    of: Name = Field(description="The number that they should add up to.")
    terms: tuple[Term, ...] = Field(min_length=1, description="The numbers, added or taken away.")
    relation: Literal["equal", "at most"] = Field(
        "equal", description="Whether they add up to it or to no more than it."
    )


class AgreementCheck(Check):
    """Whether two places print the same number."""

    refers = ("of", "other")
    kind: KindOf[Literal["agreement"]]
    of: Name = Field(description="The number in one place.")
    other: Name = Field(description="The number in the other place.")


class RatioCheck(Check):
    """Whether printed percent reductions are ratios of the printed means to one common baseline."""

    refers = ("levels", "reductions")
    kind: KindOf[Literal["ratio of means"]]
    levels: tuple[Name, ...] = Field(min_length=1, description="The means.")
    reductions: tuple[Name, ...] = Field(
        description="The percent reduction of each mean, in the same order."
    )

    @model_validator(mode="after")
    def _in_pairs(self) -> RatioCheck:
        return _paired(self, self.levels, self.reductions)


class WholeUnitsCheck(Check):
    """Whether printed reductions are ratios of whole units, as those of single people are."""

    refers = ("reductions",)
    kind: KindOf[Literal["whole units"]]
    reductions: tuple[Name, ...] = Field(min_length=1, description="The percent reductions.")
    largest: int = Field(gt=1, description="Largest baseline thought of, in whole units.")


class QuotientCheck(Check):
    """What quotients of printed means imply, and whether they agree within ``within`` percent."""

    refers = ("numerators", "divisors")
    kind: KindOf[Literal["quotient"]]
    numerators: tuple[Name, ...] = Field(min_length=1, description="The numbers that are divided.")
    divisors: tuple[Name, ...] = Field(description="What each is divided by, in the same order.")
    unit: str = Field(description="Unit of the quotients.")
    within: Printed = Field(description="How far apart the quotients may be, % of the smallest.")

    @model_validator(mode="after")
    def _in_pairs(self) -> QuotientCheck:
        return _paired(self, self.numerators, self.divisors)


class SpreadCheck(Check):
    """Whether ``n`` values with the printed mean, inside the range, can have the printed SD."""

    refers = ("of", "counted", "lowest", "highest")
    kind: KindOf[Literal["spread"]]
    of: Name = Field(description="The mean, printed with its SD.")
    counted: Name = Field(description="A number whose printed count is how many values there are.")
    lowest: tuple[Term, ...] = Field(
        (), description="Terms that add up to the lower end of the range; 0 if not given."
    )
    highest: tuple[Term, ...] = Field(
        description="Terms that add up to the upper end of the range."
    )


class UpperLimitCheck(Check):
    """With which true rates a count of events in an arm is compatible (exact 95 % interval)."""

    refers = ("of",)
    kind: KindOf[Literal["upper limit"]]
    of: Name = Field(description="The count of events.")
    analysis_set: Name = Field(description="Analysis set that they are counted over.")
    arm: str = Field(description="Arm in which they are counted.")


class PowerCheck(Check):
    """How probable a significant result was if the printed percentages are the truth."""

    refers = ("percentages",)
    kind: KindOf[Literal["power"]]
    percentages: tuple[Name, Name] = Field(
        description="The percentages taken as the truth, in the order of `arms`."
    )
    analysis_set: Name = Field(description="Analysis set that gives the size of the arms.")
    targets: tuple[Printed, ...] = Field(
        min_length=1, description="Wanted power, %; the first must be reached."
    )


AnyCheck = Annotated[
    PercentageCheck
    | IntervalCheck
    | CountsCheck
    | MeansCheck
    | WithinCheck
    | SumCheck
    | AgreementCheck
    | RatioCheck
    | WholeUnitsCheck
    | QuotientCheck
    | SpreadCheck
    | UpperLimitCheck
    | PowerCheck,
    Field(discriminator="kind"),
]
