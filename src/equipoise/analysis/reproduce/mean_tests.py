"""Printed p values of means: against mean, SD and n between arms, correlations within an arm."""

from __future__ import annotations

import math
from itertools import product

from scipy.special import stdtrit

from equipoise.analysis.reproduce.counts import arm_size
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.proportion_tests import said
from equipoise.analysis.reproduce.rounding import Span, satisfies, span
from equipoise.analysis.reproduce.words import figure, listed, say, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import AnalysisSet, Number, Published, PValue
from equipoise.protocol.published_checks import MeansCheck, WithinCheck
from equipoise.statistics.means import t_test_from_summary

_STUDENT = {"Student": True, "Welch": False}


def check_means(published: Published, check: MeansCheck) -> Answer:
    """Recompute a p value between arms from the printed means and SDs in each analysis set.

    It agrees when some numbers that round to the printed means and SDs give what was printed.
    """
    printed = published.p_value(check.of)
    if len(printed.compares) != 2:
        return Answer("cannot be checked", say("no means"))
    first, second = (published.number(name) for name in printed.compares)
    if not first.sd or not second.sd:
        return _largest_sd(published, printed, first, second)
    ways = [
        _t_test(published, printed, (first, second), analysis_set, method)
        for method, analysis_set in product(_STUDENT, published.analysis_sets)
    ]
    verdict = verdict_of([bool(way.agrees) for way in ways])
    sentences = said(printed, ways) if verdict != "holds" else [say("follows from means")]
    return Answer(verdict, together(sentences), tuple(ways))


def _t_test(
    published: Published,
    printed: PValue,
    numbers: tuple[Number, Number],
    analysis_set: AnalysisSet,
    method: str,
) -> Recomputation:
    one, two = (arm_size(published, analysis_set.id, arm) for arm in published.arms)
    (mean1, sd1), (mean2, sd2) = ((span(x.value), span(x.sd)) for x in numbers if x.sd)
    gap = mean1 + -mean2

    def p(difference: float, sds: tuple[float, float]) -> float:
        equal = _STUDENT[method]
        return t_test_from_summary((difference, 0.0), sds, (one, two), equal_variance=equal).p

    nearest, farthest = _ends(gap)
    highest = p(nearest, (float(sd1.highest), float(sd2.highest)))
    lowest = p(farthest, (float(sd1.lowest), float(sd2.lowest)))
    value = p(float(gap.value), (float(sd1.value), float(sd2.value)))
    fits = any(satisfies(x, printed.comparison, printed.value) for x in (lowest, value, highest))
    inside = printed.comparison == "=" and lowest <= float(printed.value) <= highest
    label = analysis_set.label
    return Recomputation(
        how=Text(
            en=f"{label('en')} {one}/{two}, {method} t test, p",
            zh=f"{label('zh')} {one}/{two}，{method} t 检验，p",
        ),
        value=value,
        lower=lowest,
        upper=highest,
        agrees=fits or inside,
        method=f"t test, {method}",
        n=(one, two),
    )


def _ends(gap: Span) -> tuple[float, float]:
    """The smallest and the largest size of a difference that may stand behind the print."""
    sizes = sorted((abs(float(gap.lowest)), abs(float(gap.highest))))
    return (0.0 if gap.lowest <= 0 <= gap.highest else sizes[0]), sizes[1]


def _largest_sd(published: Published, printed: PValue, first: Number, second: Number) -> Answer:
    """Without SDs: the common SD on one side of which Student's test gives the printed p."""
    gap = abs(float(first.value - second.value))
    recomputed, limits = [], []
    for analysis_set in published.analysis_sets:
        one, two = (arm_size(published, analysis_set.id, arm) for arm in published.arms)
        sd = gap / (_critical(printed, one + two - 2) * math.sqrt(1 / one + 1 / two))
        label = analysis_set.label
        how = Text(
            en=f"{label('en')} {one}/{two}, limit of the common SD",
            zh=f"{label('zh')} {one}/{two}，共同标准差的界限",
        )
        recomputed.append(Recomputation(how=how, value=sd, method="t test, SD", n=(one, two)))
        limits.append(say("limit", value=figure(sd, 3), label=label, n=f"{one}/{two}"))
    sentence = say(
        "largest sd for p",
        printed=printed.claim,
        side=_side(printed, larger_is_less_certain=True),
        limits=listed(limits),
    )
    if "reduction" in {first.statistic, second.statistic}:
        sentence = together([sentence, say("mean or median")])
    return Answer("only if", sentence, tuple(recomputed))


def check_within(published: Published, check: WithinCheck) -> Answer:
    """Find the correlations within persons at which a paired t test gives a printed p value.

    The SD of the change follows from the two SDs and the correlation; tried are the difference of
    the printed means and the printed change, with the size of the arm in each analysis set. Two
    measurements of the same person are taken not to correlate negatively.
    """
    printed = published.p_value(check.of)
    if len(printed.compares) != 2:
        return Answer("cannot be checked", say("no means"))
    after, before = (published.number(name) for name in printed.compares)
    if not after.sd or not before.sd:
        return Answer("cannot be checked", say("no means"))
    changes = [abs(after.value - before.value)]
    changes += [abs(published.number(check.change).value)] if check.change else []
    sds = float(after.sd), float(before.sd)
    sizes = dict.fromkeys(
        arm_size(published, analysis_set.id, printed.arm or "")
        for analysis_set in published.analysis_sets
    )
    tried = [_correlation(printed, float(change), sds, n) for change, n in product(changes, sizes)]
    recomputed = tuple(one for one, _ in tried)
    at_all = [one for one in recomputed if one.agrees is not False]
    if not at_all:
        verdict = verdict_of([False])
    else:
        verdict = "holds" if all(one.agrees for one in recomputed) else "only if"
    return Answer(verdict, together(sentence for _, sentence in tried), recomputed)


def _correlation(
    printed: PValue, change: float, sds: tuple[float, float], n: int
) -> tuple[Recomputation, Text]:
    """The limiting correlation; it agrees if any of nil or more will do, disagrees if none will."""
    of_change = change * math.sqrt(n) / _critical(printed, n - 1)
    limit = (sds[0] ** 2 + sds[1] ** 2 - of_change**2) / (2 * sds[0] * sds[1])
    needs_low = printed.comparison == ">"
    always = limit >= 1 if needs_low else limit <= 0
    never = limit <= 0 if needs_low else limit >= 1
    key = "any" if always else "none" if never else "needed"
    sentence = say(
        f"correlation {key}",
        n=n,
        change=figure(change),
        printed=printed.claim,
        side=_side(printed, larger_is_less_certain=False),
        r=figure(limit, 3),
    )
    agreement = True if always else False if never else None
    how = Text(
        en=f"n = {n}, change {change:g}, limit of the correlation",
        zh=f"n = {n}，变化 {change:g}，相关系数的界限",
    )
    method = "paired t test, correlation"
    return Recomputation(how=how, value=limit, agrees=agreement, method=method, n=(n,)), sentence


def _side(printed: PValue, *, larger_is_less_certain: bool) -> Text:
    """On which side of the limit the printed p value lies."""
    above = (printed.comparison == ">") is larger_is_less_certain
    return say("above" if above else "below")


def _critical(printed: PValue, df: float) -> float:
    """Student's t at which the two-sided p value is the printed limit."""
    return float(stdtrit(df, 1 - float(printed.value) / 2))
