"""Percentages against counts: which whole numbers over which denominators give the printed digits.

Source: the idea is Brown and Heathers' GRIM test, Social Psychological and Personality Science
2017;8:363, for percentages.
"""

from __future__ import annotations

import math
from itertools import product

from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import Table
from equipoise.analysis.reproduce.rounding import Span, agrees, span, total
from equipoise.analysis.reproduce.words import figure, listed, same, say, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Number, Published
from equipoise.protocol.published_checks import PercentageCheck

Count = tuple[int, int]  # events, participants


def counts_giving(percentage: Span, n: int) -> list[Count]:
    """The counts over ``n`` that round to a printed percentage.

    >>> from decimal import Decimal
    >>> counts_giving(span(Decimal("4.55")), 44), counts_giving(span(Decimal("4.55")), 46)
    ([(2, 44)], [])
    """
    fewest = max(0, math.ceil(percentage.lowest * n / 100))
    most = min(n, math.floor(percentage.highest * n / 100))
    return [(x, n) for x in range(fewest, most + 1)]


def counts_up_to(percentage: Span, largest: int) -> list[Count]:
    """The counts over any denominator up to ``largest`` that round to a printed percentage."""
    return [count for n in range(1, largest + 1) for count in counts_giving(percentage, n)]


def arm_size(published: Published, analysis_set: str, arm: str) -> int:
    """How many participants of an arm an analysis set has."""
    return int(total(published, published.analysis_set(analysis_set).n[arm]).value)


def tables_in(published: Published, analysis_set: str, percentages: tuple[str, str]) -> list[Table]:
    """The counts of both arms that give both printed percentages in an analysis set."""
    first, second = (
        counts_giving(span(published.number(name).value), arm_size(published, analysis_set, arm))
        for name, arm in zip(percentages, published.arms, strict=True)
    )
    return [Table((x1, x2), (n1, n2)) for (x1, n1), (x2, n2) in product(first, second)]


def check_percentage(published: Published, check: PercentageCheck) -> Answer:
    """Say which counts give a printed percentage, and whether the printed counts do."""
    number = published.number(check.of)
    count, denominator = number.count, number.denominator
    if check.count and check.denominator:
        count = int(published.number(check.count).value)
        denominator = int(published.number(check.denominator).value)
    largest = int(published.number(check.largest).value)
    if count is not None and denominator is not None:
        return _against_counts(number, count, denominator, largest)
    return _among_sets(published, number, largest)


def _against_counts(number: Number, x: int, n: int, largest: int) -> Answer:
    value = 100 * x / n
    recomputed = [_recomputed((x, n), agrees=agrees(value, number.value))]
    sentences = [say("ratio", x=x, n=n, value=figure(value))]
    if not recomputed[0].agrees:
        others = counts_giving(span(number.value), n)
        recomputed += [_recomputed(other, agrees=True) for other in others]
        key = "other count" if others else "no other count"
        sentences.append(say(key, printed=number.value, others=_words(others), n=n))
        if not any(x == count for count, _ in counts_up_to(span(number.value), largest)):
            sentences.append(say("no denominator", printed=number.value, x=x, largest=largest))
    return Answer(verdict_of([bool(recomputed[0].agrees)]), together(sentences), tuple(recomputed))


def _among_sets(published: Published, number: Number, largest: int) -> Answer:
    agreements: list[bool] = []
    recomputed: list[Recomputation] = []
    sentences: list[Text] = []
    for analysis_set in published.analysis_sets:
        n = arm_size(published, analysis_set.id, number.arm or "")
        counts = counts_giving(span(number.value), n)
        agreements.append(bool(counts))
        fresh = [_recomputed(count, agrees=True) for count in counts]
        recomputed += [one for one in fresh if one not in recomputed]
        key = "set gives" if counts else "set gives nothing"
        sentences.append(say(key, label=analysis_set.label, n=n, counts=_words(counts)))
    every = counts_up_to(span(number.value), largest)
    sentences.append(say("all counts", printed=number.value, largest=largest, counts=_words(every)))
    return Answer(verdict_of(agreements), together(sentences), tuple(recomputed))


def _recomputed(count: Count, *, agrees: bool) -> Recomputation:
    x, n = count
    return Recomputation(
        how=same(f"{x}/{n} (%)"), value=100 * x / n, agrees=agrees, events=(x,), n=(n,)
    )


def _words(counts: list[Count]) -> Text:
    return listed(same(f"{x}/{n}") for x, n in counts)
