"""Sums, agreements and quotients of printed numbers."""

from __future__ import annotations

from decimal import Decimal

from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.labels import claim_of
from equipoise.analysis.reproduce.rounding import Span, span_of, total
from equipoise.analysis.reproduce.words import figure, listed, same, say, together
from equipoise.errors import StatisticsError
from equipoise.protocol.model import Text
from equipoise.protocol.published import Number, Published
from equipoise.protocol.published_checks import (
    AgreementCheck,
    QuotientCheck,
    RatioCheck,
    SumCheck,
    term_name,
)


def check_sum(published: Published, check: SumCheck) -> Answer:
    """Add printed numbers up; rounding of each is allowed for."""
    number = published.number(check.of)
    target, added = span_of(number), total(published, check.terms)
    fits = target.meets(added) if check.relation == "equal" else added.lowest <= target.highest
    terms = _as_written(published, check.terms)
    sentence = say(
        "sum" if check.relation == "equal" else "sum at most",
        terms=terms,
        value=added.value,
        printed=target.value,
    )
    return Answer(verdict_of([fits]), sentence, (_of_span(same(terms), added, agrees=fits),))


def check_agreement(published: Published, check: AgreementCheck) -> Answer:
    """Compare two prints of the same quantity."""
    first, second = published.number(check.of), published.number(check.other)
    fits = first.value == second.value
    sentence = say(
        "two prints", a=_with_source(published, first), b=_with_source(published, second)
    )
    where = published.passage(second.passage).where
    other = Recomputation(how=where, value=float(second.value), agrees=fits)
    return Answer(verdict_of([fits]), sentence, (other,))


def check_ratio(published: Published, check: RatioCheck) -> Answer:
    """See whether percent reductions are ratios of means: all must imply the same baseline mean."""
    recomputed: list[Recomputation] = []
    spans: list[Span] = []
    pairs = [
        (published.number(level), published.number(reduction))
        for level, reduction in zip(check.levels, check.reductions, strict=True)
    ]
    for level, reduction in pairs:
        left = Span(Decimal(100), Decimal(100), Decimal(100)) + -span_of(reduction)
        spans.append(_quotient(span_of(level), left, times=Decimal(100)))
        recomputed.append(_of_span(same(f"{level.value} / {left.value} %"), spans[-1]))
    fits = max(one.lowest for one in spans) <= min(one.highest for one in spans)
    last, printed = pairs[-1]
    against_first = 100 * (1 - float(last.value) / float(spans[0].value))
    how = same(f"1 − {last.value} / {figure(float(spans[0].value))} (%)")
    recomputed.append(Recomputation(how=how, value=against_first, agrees=fits))
    sentences = [
        say("common baseline", baselines=listed(same(figure(float(one.value))) for one in spans)),
        say("baselines agree")
        if fits
        else say("baselines differ", reduction=figure(against_first, 3), printed=printed.value),
    ]
    return Answer(verdict_of([fits]), together(sentences), tuple(recomputed))


def check_quotient(published: Published, check: QuotientCheck) -> Answer:
    """Divide printed means by one another and see whether the quotients agree."""
    recomputed = []
    for over, under in zip(check.numerators, check.divisors, strict=True):
        top, bottom = published.number(over), published.number(under)
        quotient = _quotient(span_of(top), span_of(bottom))
        how = same(f"{top.value} / {bottom.value} ({check.unit})")
        recomputed.append(_of_span(how, quotient))
    values = [one.value for one in recomputed]
    apart = 100 * (max(values) - min(values)) / min(values)
    sentence = say(
        "quotients",
        lowest=figure(min(values), 3),
        highest=figure(max(values), 3),
        unit=check.unit,
    )
    return Answer(verdict_of([apart <= float(check.within)]), sentence, tuple(recomputed))


def _quotient(top: Span, bottom: Span, *, times: Decimal = Decimal(1)) -> Span:
    """The quotient of two positive spans."""
    if bottom.lowest <= 0:
        raise StatisticsError(
            f"{top.value} / {bottom.value}: the divisor may be zero; leave it out"
        )
    return Span(
        times * top.value / bottom.value,
        times * top.lowest / bottom.highest,
        times * top.highest / bottom.lowest,
    )


def _of_span(how: Text, value: Span, *, agrees: bool | None = None) -> Recomputation:
    exact = value.lowest == value.highest
    return Recomputation(
        how=how,
        value=float(value.value),
        lower=None if exact else float(value.lowest),
        upper=None if exact else float(value.highest),
        agrees=agrees,
    )


def _as_written(published: Published, terms: tuple[str, ...]) -> str:
    """The sum with the printed values: 45 − 2 − 6."""
    words = ""
    for term in terms:
        sign = " − " if term.startswith("- ") else " + "
        number = published.number(term_name(term))
        value = getattr(number, term.partition(".")[2] or "value")
        words += f"{sign}{value}"
    return words.removeprefix(" + ").strip()


def _with_source(published: Published, number: Number) -> Text:
    where, claim = published.passage(number.passage).where, claim_of(number)
    return Text(en=f"{claim('en')} ({where('en')})", zh=f"{claim('zh')}（{where('zh')}）")
