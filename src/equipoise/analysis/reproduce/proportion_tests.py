"""A printed p value of two proportions against tests, counted as published and as it should be."""

from __future__ import annotations

from dataclasses import replace

from equipoise.analysis.reproduce.counts import arm_size, tables_in
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import (
    INTERVALS,
    TESTS,
    Table,
    in_words,
    interval_of,
    p_of,
)
from equipoise.analysis.reproduce.rounding import satisfies
from equipoise.analysis.reproduce.words import figure, say, series, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published, PValue
from equipoise.protocol.published_checks import CountsCheck


def check_counts(published: Published, check: CountsCheck) -> Answer:
    """Compare a printed p value with the tests, on the published or on the corrected counts."""
    printed = published.p_value(check.of)
    tables = tables_in(published, check.counted_in, check.percentages)
    if not tables:
        return Answer("cannot be checked", say("no table"))
    counted = tables[0].n
    if check.denominators:
        one, two = (arm_size(published, check.denominators, arm) for arm in published.arms)
        tables = [Table(table.events, (one, two)) for table in tables]
    if check.kind == "fragility":
        answers = [_fragility(published, printed, table, counted) for table in tables]
        return min(answers, key=lambda answer: len(answer.recomputed))
    tests = [_judged(p_of(table, test), printed) for table in tables for test in TESTS]
    sentences = said(printed, tests)
    intervals: list[Recomputation] = []
    if check.kind == "reanalysis":
        intervals = [interval_of(table, method) for table in tables for method in INTERVALS]
        plain = [one for one in intervals if "corrected" not in one.method]
        sentences.append(say("all methods", others=in_words(plain)))
    recomputed, explanation = (*tests, *intervals), together(sentences)
    return Answer(verdict_of([bool(test.agrees) for test in tests]), explanation, recomputed)


def said(printed: PValue, ways: list[Recomputation]) -> list[Text]:
    """Which ways of recomputing a p value agree with the printed one and which do not."""
    sentences = []
    for key, wanted in (("agreeing", True), ("disagreeing", False)):
        chosen = [one for one in ways if one.agrees is wanted]
        if chosen:
            phrases = [
                Text(en=f"{one.how('en')} = {p}", zh=f"{one.how('zh')} = {p}")
                for one in chosen
                for p in [figure(one.value, 3 if one.value > 0.1 else 4)]
            ]
            sentences.append(say(key, printed=printed.claim, ways=series(phrases)))
    return sentences


def _judged(one: Recomputation, printed: PValue) -> Recomputation:
    return replace(one, agrees=satisfies(one.value, printed.comparison, printed.value))


def _fragility(
    published: Published, printed: PValue, table: Table, counted: tuple[int, int]
) -> Answer:
    """Add events to the arm with the lower rate until Fisher's test no longer says what is printed.

    It holds only if fewer participants of this arm were left out of the count than that takes.

    Source: Walsh et al., Journal of Clinical Epidemiology 2014;67:622 (fragility index).
    """
    (x1, x2), n = table
    lower = 0 if x1 * n[1] < x2 * n[0] else 1
    left_out = n[lower] - counted[lower]
    ways: list[Recomputation] = []
    for more in range(n[lower] - table.events[lower] + 1):
        events = (x1 + more, x2) if lower == 0 else (x1, x2 + more)
        ways.append(_judged(p_of(Table(events, n), "Fisher"), printed))
        if not ways[-1].agrees:
            break
    added = len(ways) - 1
    sentence = say(
        "fragile",
        more=added,
        arm=published.arm_label(published.arms[lower]),
        p=figure(ways[-1].value),
        left_out=left_out,
    )
    if added == 0:
        return Answer("does not hold", sentence, tuple(ways))
    return Answer("only if" if added <= left_out else "holds", sentence, tuple(ways))
