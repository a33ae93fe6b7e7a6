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
from equipoise.protocol.model import Model, Name, SourceName, Words
from equipoise.protocol.published_checks import AnyCheck, Printed, Term, term_name


class Passage(Model):
    """Where in a source a number stands."""

    id: Name
    source: SourceName
    where: Words


class Statement(Model):
    """What every published statement has: its words as printed and what they are about."""

    id: Name
    printed: str
    passage: Name
    item: str | None = None
    endpoint: str | None = None
    encounter: str | None = None


class Number(Statement):
    """One printed value, with SD, range, count and denominator where they are printed with it."""

    statistic: Literal["count", "percentage", "mean", "mean fall", "reduction", "time", "design"]
    value: Printed
    sd: Printed | None = None
    lowest: Printed | None = None
    highest: Printed | None = None
    count: int | None = None
    denominator: int | None = None
    unit: str | None = None
    arm: str | None = None
    about: bool = False  # the source says "about": the last digit is not a rounding

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

    level: Printed = Decimal("0.95")
    lower: Printed
    upper: Printed
    unit: str | None = None

    @property
    def claim(self) -> str:
        """What is printed, in digits and signs only."""
        return f"{self.lower} – {self.upper}{f' {self.unit}' if self.unit else ''}"


class PValue(Statement):
    """A printed p value with its sign; ``compares`` names the two printed numbers it compares."""

    comparison: Literal["<", "=", ">"]
    value: Printed
    contrast: Literal["between arms", "within arm"]
    arm: str | None = None
    compares: tuple[Name, ...] = Field(default=(), max_length=2)

    @property
    def claim(self) -> str:
        """What is printed, in one form: ``p < 0.05``."""
        return f"p {self.comparison} {self.value}"


class AnalysisSet(Model):
    """Who may have been counted: for each arm, printed counts added or (``- x``) taken away."""

    id: Name
    label: Words
    n: dict[Name, tuple[Term, ...]]


AnyStatement = Number | PublishedInterval | PValue
Named = TypeVar("Named", Number, PublishedInterval, PValue, AnalysisSet, Passage)


class Published(Model):
    """``published.yaml``: everything published about a study's results."""

    arms: tuple[Name, Name] = Field(description="Differences are the first arm minus the second.")
    passages: tuple[Passage, ...]
    numbers: tuple[Number, ...]
    intervals: tuple[PublishedInterval, ...] = ()
    p_values: tuple[PValue, ...] = ()
    analysis_sets: tuple[AnalysisSet, ...] = ()
    checks: tuple[AnyCheck, ...] = ()

    @property
    def statements(self) -> tuple[AnyStatement, ...]:
        """All printed statements, in the order of the file."""
        return (*self.numbers, *self.intervals, *self.p_values)

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

    def misfits(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Ids that are given twice or name nothing: the place in the file, and what is wrong."""
        statements = [statement.id for statement in self.statements]
        passages = [passage.id for passage in self.passages]
        sets = [analysis_set.id for analysis_set in self.analysis_sets]
        for group in (statements, passages, sets, [check.id for check in self.checks]):
            for name, times in Counter(group).items():
                if times > 1:
                    yield (), f"the id {name!r} is given {times} times"
        for key in ("numbers", "intervals", "p_values"):
            for index, statement in enumerate(getattr(self, key)):
                yield from _unknown((key, index, "passage"), [statement.passage], passages)
        for index, p_value in enumerate(self.p_values):
            yield from _unknown(("p_values", index, "compares"), p_value.compares, statements)
        for index, analysis_set in enumerate(self.analysis_sets):
            for arm, terms in analysis_set.n.items():
                yield from _unknown(("analysis_sets", index, "n"), [arm], self.arms)
                used = [term_name(term) for term in terms]
                yield from _unknown(("analysis_sets", index, "n", arm), used, statements)
        for index, check in enumerate(self.checks):
            yield from _unknown(("checks", index), check.references, statements)
            yield from _unknown(("checks", index), check.sets, sets)


def _named(among: tuple[Named, ...], name: str) -> Named:
    return next(one for one in among if one.id == name)


def _unknown(
    place: tuple[str | int, ...], names: Iterable[str], known: Collection[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name in names:
        if name not in known:
            yield place, f"{name} is not the id of anything here.{nearest(name, known)}"
