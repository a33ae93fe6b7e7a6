"""Reductions of single people: ratios of whole units, told from means by their digits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from equipoise.analysis.reproduce.counts import counts_up_to
from equipoise.analysis.reproduce.finding import Answer, Recomputation
from equipoise.analysis.reproduce.rounding import span
from equipoise.analysis.reproduce.words import figure, say
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published
from equipoise.protocol.published_checks import WholeUnitsCheck
from equipoise.statistics.proportion import binomial_test


def whole_unit_percentages(largest: int, step: Decimal) -> set[Decimal]:
    """All percentages, rounded to ``step``, that are ratios of whole numbers up to ``largest``.

    >>> sorted(whole_unit_percentages(3, Decimal("0.1")))
    [Decimal('0.0'), Decimal('33.3'), Decimal('50.0'), Decimal('66.7'), Decimal('100.0')]
    """
    return {
        (Decimal(100 * part) / whole).quantize(step, rounding)
        for whole in range(1, largest + 1)
        for part in range(whole + 1)
        for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    }


def check_whole_units(published: Published, check: WholeUnitsCheck) -> Answer:
    """Count the printed reductions that are ratios of whole units, and compare with chance.

    Chance is the share of such ratios among all numbers of as many digits between the smallest and
    the largest printed. The median of an odd number of people is the reduction of one of them.
    """
    values = [published.number(name).value for name in check.reductions]
    hits = sum(bool(counts_up_to(span(value), check.largest)) for value in values)
    step = Decimal(1).scaleb(int(min(values).as_tuple().exponent))
    lowest, highest = min(values), max(values)
    ratios = whole_unit_percentages(check.largest, step)
    inside = sum(lowest <= ratio <= highest for ratio in ratios)
    share = inside / (int((highest - lowest) / step) + 1)
    p = binomial_test(hits, len(values), proportion=share).p
    sentence = say(
        "whole units",
        hits=hits,
        n=len(values),
        largest=check.largest,
        share=figure(100 * share, 2),
        p=figure(p, 2),
    )
    above = p < 0.05 and hits > share * len(values)
    how = Text(
        en=f"ratios of whole units: {hits}/{len(values)}, p",
        zh=f"整单位之比：{hits}/{len(values)}，p",
    )
    one = Recomputation(
        how=how, value=p, agrees=above, method="binomial", events=(hits,), n=(len(values),)
    )
    return Answer("holds" if above else "cannot be checked", sentence, (one,))
