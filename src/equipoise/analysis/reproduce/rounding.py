"""What a printed number can stand for: all the values that round to its digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from equipoise.errors import StatisticsError
from equipoise.protocol.published import Number, Published
from equipoise.protocol.published_checks import term_name

_EXACT = Decimal(0)


class Span(NamedTuple):
    """A printed value with the lowest and highest number that may stand behind it."""

    value: Decimal
    lowest: Decimal
    highest: Decimal

    def __add__(self, other: object) -> Span:
        if not isinstance(other, Span):
            return NotImplemented
        return Span(*(a + b for a, b in zip(self, other, strict=True)))

    def __neg__(self) -> Span:
        return Span(-self.value, -self.highest, -self.lowest)

    def meets(self, other: Span) -> bool:
        """Whether some number may stand behind both."""
        return self.lowest <= other.highest and other.lowest <= self.highest


def span(printed: Decimal, *, exact: bool = False) -> Span:
    """The span of a printed value: half a unit of its last digit to each side.

    Both ends belong to it, as halves are rounded up by some and to even by others.

    >>> span(Decimal("4.55"))
    Span(value=Decimal('4.55'), lowest=Decimal('4.545'), highest=Decimal('4.555'))
    """
    half = _EXACT if exact else Decimal(5).scaleb(int(printed.as_tuple().exponent) - 1)
    return Span(printed, printed - half, printed + half)


def span_of(number: Number) -> Span:
    """The span of a published number."""
    return span(number.value, exact=number.statistic in ("count", "design"))


def agrees(value: float, printed: Decimal) -> bool:
    """Whether a recomputed value rounds to the printed digits.

    >>> agrees(28.6630977, Decimal("28.66")), agrees(28.6630977, Decimal("28.6"))
    (True, False)
    """
    behind = span(printed)
    return float(behind.lowest) - 1e-9 <= value <= float(behind.highest) + 1e-9


def satisfies(p: float, comparison: str, printed: Decimal) -> bool:
    """Whether a p value is what was printed, sign and digits."""
    limit = float(printed)
    return {"<": p < limit, ">": p > limit, "=": agrees(p, printed)}[comparison]


def total(published: Published, terms: Iterable[str]) -> Span:
    """Printed numbers added up and taken away, with the span of the result."""
    result = Span(_EXACT, _EXACT, _EXACT)
    for term in terms:
        addend = _term_span(published, term)
        result = result + (-addend if term.startswith("- ") else addend)
    return result


def _term_span(published: Published, term: str) -> Span:
    number = published.number(term_name(term))
    end = term.partition(".")[2]
    if not end:
        return span_of(number)
    value = number.lowest if end == "lowest" else number.highest
    if value is None:
        raise StatisticsError(f"{term}: the number {number.id} has no printed {end} value.")
    return span(value)
