"""A printed interval against methods: which counts and which method give its digits."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from equipoise.analysis.reproduce.counts import counts_up_to
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import (
    INTERVALS,
    Table,
    in_words,
    interval_of,
    method_words,
)
from equipoise.analysis.reproduce.rounding import agrees, span
from equipoise.analysis.reproduce.words import say, series, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published, PublishedInterval
from equipoise.protocol.published_checks import IntervalCheck


def check_interval(published: Published, check: IntervalCheck) -> Answer:
    """Try every method on all counts that give both printed percentages."""
    printed = published.interval(check.of)
    largest = tuple(int(published.number(name).value) for name in check.largest)
    tables = _tables(published, check.percentages, largest)
    tried = [_judged(table, method, printed) for table, method in product(tables, INTERVALS)]
    giving = [one for one in tried if one.agrees]
    if not giving:
        return Answer("does not hold", say("interval by none", tried=len(tried)))
    beside = [
        one
        for one in tried
        if (one.events, one.n) == (giving[0].events, giving[0].n) and one not in giving
    ]
    others = series(one.how for one in giving[1:])
    sentence = say(
        "interval given by",
        method=method_words(giving[0].method),
        counts=_table(giving[0]).words,
        tried=len(tried),
        none=say("others", others=others) if giving[1:] else say("no other"),
    )
    unadjusted = [one for one in beside if "corrected" not in one.method]
    also = say("other methods", others=in_words(unadjusted))
    missing = _missing(published, _table(giving[0]), largest)
    verdict = verdict_of([not missing, True])
    return Answer(verdict, together([sentence, also, *missing]), (*giving, *beside))


def _tables(
    published: Published, percentages: tuple[str, str], largest: tuple[int, ...]
) -> list[Table]:
    """All counts, over denominators up to the randomised, that give both printed percentages."""
    first, second = (
        counts_up_to(span(published.number(name).value), most)
        for name, most in zip(percentages, largest, strict=True)
    )
    return [Table((x1, x2), (n1, n2)) for (x1, n1), (x2, n2) in product(first, second)]


def _judged(table: Table, method: str, printed: PublishedInterval) -> Recomputation:
    one = interval_of(table, method, level=float(printed.level))
    ends = ((one.lower, printed.lower), (one.upper, printed.upper))
    return replace(one, agrees=all(end is not None and agrees(end, print_) for end, print_ in ends))


def _table(one: Recomputation) -> Table:
    (x1, x2), (n1, n2) = one.events, one.n
    return Table((x1, x2), (n1, n2))


def _missing(published: Published, table: Table, largest: tuple[int, ...]) -> list[Text]:
    """A sentence for each arm of which not all the randomised were counted."""
    return [
        say(
            "denominator differs",
            arm=published.arm_label(arm),
            n=n,
            randomised=most,
            missing=most - n,
        )
        for arm, n, most in zip(published.arms, table.n, largest, strict=True)
        if n < most
    ]
