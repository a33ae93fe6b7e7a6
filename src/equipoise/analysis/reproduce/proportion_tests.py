"""A printed p value of two proportions against tests, counted as published and as it should be."""

from __future__ import annotations

from dataclasses import replace

from equipoise.analysis.reproduce.counts import arm_size, table_in
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import INTERVALS, TESTS, Table, interval_of, p_of
from equipoise.analysis.reproduce.rounding import satisfies
from equipoise.analysis.reproduce.words import figure, listed, say, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published, PValue
from equipoise.protocol.published_checks import CountsCheck


def check_counts(published: Published, check: CountsCheck) -> Answer:
    """Compare a printed p value with the tests, on the published or on the corrected counts."""
    printed = published.p_value(check.of)
    table = table_in(published, check.counted_in, check.percentages)
    if table is None:
        return Answer("cannot be checked", say("no table"))
    counted = table.n
    if check.denominators:
        first, second = (arm_size(published, check.denominators, arm) for arm in published.arms)
        table = Table(table.events, (first, second))
    if check.kind == "fragility":
        return _fragility(published, printed, table, left_out=table.n[1] - counted[1])
    tests = [_judged(p_of(table, test), printed) for test in TESTS]
    intervals = [interval_of(table, method) for method in INTERVALS]
    recomputed = (*tests, *(intervals if check.kind == "reanalysis" else ()))
    explanation = together(said(printed, tests))
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
            sentences.append(say(key, printed=printed.claim, ways=listed(phrases)))
    return sentences


def _judged(one: Recomputation, printed: PValue) -> Recomputation:
    return replace(one, agrees=satisfies(one.value, printed.comparison, printed.value))


def _fragility(published: Published, printed: PValue, table: Table, left_out: int) -> Answer:
    """Add events to the second arm, one by one, until Fisher's test no longer says what is printed.

    Source: Walsh et al., Journal of Clinical Epidemiology 2014;67:622 (fragility index).
    """
    (x1, x2), n = table
    ways = []
    for more in range(n[1] - x2 + 1):
        ways.append(_judged(p_of(Table((x1, x2 + more), n), "Fisher"), printed))
        if not ways[-1].agrees:
            break
    flips = len(ways) - 1
    sentence = say(
        "fragile", more=flips, arm=published.arms[1], p=figure(ways[-1].value), left_out=left_out
    )
    if not ways[0].agrees:
        verdict = verdict_of([False])
    else:
        verdict = "only if" if flips <= left_out else "holds"
    return Answer(verdict, sentence, tuple(ways))
