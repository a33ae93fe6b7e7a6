"""The intervals and tests of two proportions that a printed number is tried against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Final, NamedTuple

from equipoise.analysis.reproduce.finding import Recomputation
from equipoise.analysis.reproduce.words import figure, say, series
from equipoise.protocol.model import Text
from equipoise.statistics import contingency, risk_difference
from equipoise.statistics.boschloo import boschloo
from equipoise.statistics.estimate import Interval, Test


class Table(NamedTuple):
    """Events and participants of the two arms, the first arm first."""

    events: tuple[int, int]
    n: tuple[int, int]

    @property
    def words(self) -> Text:
        """The counts as people write them: 9/45 v 2/44."""
        (x1, x2), (n1, n2) = self
        return Text(en=f"{x1}/{n1} v {x2}/{n2}", zh=f"{x1}/{n1} 对 {x2}/{n2}")


INTERVALS: Final[dict[str, Callable[..., Interval]]] = {
    "Wald": risk_difference.wald,
    "Wald, continuity corrected": partial(risk_difference.wald, continuity=True),
    "Newcombe": risk_difference.newcombe,
    "Newcombe, continuity corrected": partial(risk_difference.newcombe, continuity=True),
    "Miettinen-Nurminen": risk_difference.miettinen_nurminen,
    "Mee": risk_difference.mee,
}
TESTS: Final[dict[str, Callable[[tuple[int, int], tuple[int, int]], Test]]] = {
    "χ²": contingency.chi_squared,
    "χ², Yates": partial(contingency.chi_squared, yates=True),
    "Fisher": contingency.fisher,
    "Boschloo": boschloo,
}
_IN_CHINESE: Final = {
    "Wald, continuity corrected": "Wald（连续性校正）",
    "Newcombe, continuity corrected": "Newcombe（连续性校正）",
    "Miettinen-Nurminen": "Miettinen–Nurminen",
    "χ², Yates": "χ²（Yates 校正）",
    "Fisher": "Fisher 精确检验",
    "Boschloo": "Boschloo 检验",
}


def method_words(method: str) -> Text:
    """A method's name in both languages."""
    return Text(en=method.replace("Miettinen-", "Miettinen–"), zh=_IN_CHINESE.get(method, method))


def interval_of(table: Table, method: str, *, level: float = 0.95) -> Recomputation:
    """The risk difference in percent with its interval."""
    estimate = INTERVALS[method](table.events, table.n, level=level)
    return Recomputation(
        how=_how(table, method),
        value=100 * estimate.estimate,
        lower=100 * estimate.lower,
        upper=100 * estimate.upper,
        method=method,
        events=table.events,
        n=table.n,
    )


def in_words(intervals: Iterable[Recomputation], *, digits: int = 2) -> Text:
    """Intervals, one after another: the method and its limits."""
    phrases = (
        say(
            "limits by",
            method=method_words(one.method),
            lower=f"{one.lower:.{digits}f}",
            upper=f"{one.upper:.{digits}f}",
        )
        for one in intervals
    )
    return series(phrases)


def p_of(table: Table, method: str) -> Recomputation:
    """The two-sided p value of a test."""
    how, test = _how(table, method), TESTS[method](table.events, table.n)
    size = f" = {figure(test.statistic, 5)}" if method.startswith("χ²") else ""
    return Recomputation(
        how=Text(en=f"{how('en')}{size}, p", zh=f"{how('zh')}{size}，p"),
        value=test.p,
        method=method,
        events=table.events,
        n=table.n,
    )


def _how(table: Table, method: str) -> Text:
    counts, name = table.words, method_words(method)
    return Text(en=f"{counts('en')}, {name('en')}", zh=f"{counts('zh')}，{name('zh')}")
