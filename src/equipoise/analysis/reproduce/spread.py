"""Impossible standard deviations, and what a small count is still compatible with."""

from __future__ import annotations

from itertools import product
from math import floor, sqrt

from equipoise.analysis.reproduce.counts import arm_size
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.rounding import Span, span, total
from equipoise.analysis.reproduce.words import figure, say
from equipoise.errors import StatisticsError
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published
from equipoise.protocol.published_checks import SpreadCheck, UpperLimitCheck
from equipoise.statistics.proportion import clopper_pearson


def largest_sd(n: int, mean: float, lowest: float, highest: float) -> float:
    """The largest sample SD of ``n`` values inside a range with a given mean.

    The values that reach it stand at the ends of the range, but for one that makes the mean right.

    Raises:
        StatisticsError: There are fewer than two values, or the mean lies outside the range.

    >>> round(largest_sd(5, 12, 8, 24), 2)
    6.93
    """
    if n < 2 or not lowest <= mean <= highest:
        raise StatisticsError(
            f"{n} values from {lowest} to {highest} with mean {mean}: give at least two values and "
            "a mean inside the range"
        )
    if lowest == highest:
        return 0.0
    at_top = min(n - 1, floor(n * (mean - lowest) / (highest - lowest) + 1e-9))
    rest = n * mean - at_top * highest - (n - 1 - at_top) * lowest
    values = [highest] * at_top + [lowest] * (n - 1 - at_top) + [rest]
    return sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))


def largest_sd_of_rounded(n: int, mean: Span, lowest: Span, highest: Span) -> float:
    """The largest SD that the printed mean and range allow, rounding included.

    As a function of the mean the largest SD has its peaks where all values stand at the ends.
    """
    found = [0.0]
    for low, high in product(lowest[1:], highest[1:]):
        ends = [float(mean.lowest), float(mean.value), float(mean.highest)]
        peaks = [float(low) + k * float(high - low) / n for k in range(n + 1)]
        means = ends + [peak for peak in peaks if ends[0] <= peak <= ends[2]]
        found += [
            largest_sd(n, one, float(low), float(high))
            for one in means
            if float(low) <= one <= float(high)
        ]
    return max(found)


def check_spread(published: Published, check: SpreadCheck) -> Answer:
    """Compare a printed SD with the largest that the printed mean, range and count allow."""
    number, counted = published.number(check.of), published.number(check.counted)
    if number.sd is None or counted.count is None or counted.count < 2:
        return Answer("cannot be checked", say("nothing printed"))
    n, mean = counted.count, span(number.value)
    lowest, highest = total(published, check.lowest), total(published, check.highest)
    if mean.lowest > highest.highest or mean.highest < lowest.lowest:
        return Answer("does not hold", say("mean outside", mean=mean.value))
    centre = min(max(mean.value, lowest.value), highest.value)
    exact = largest_sd(n, *(float(one) for one in (centre, lowest.value, highest.value)))
    rounded = largest_sd_of_rounded(n, mean, lowest, highest)
    fits = float(span(number.sd).lowest) <= rounded
    sentence = say(
        "largest sd",
        n=n,
        lowest=lowest.value,
        highest=highest.value,
        mean=mean.value,
        sd=figure(exact, 3),
        rounded=figure(rounded, 5),
        printed=number.sd,
        least=span(number.sd).lowest,
    )
    how = Text(en=f"largest SD, n = {n}", zh=f"最大标准差，n = {n}")
    one = Recomputation(
        how=how, value=exact, lower=0.0, upper=rounded, agrees=fits, method="largest SD", n=(n,)
    )
    return Answer(verdict_of([fits]), sentence, (one,))


def check_upper_limit(published: Published, check: UpperLimitCheck) -> Answer:
    """Say up to which true rate a printed count is compatible."""
    events = int(published.number(check.of).value)
    n = arm_size(published, check.analysis_set, check.arm)
    limits = clopper_pearson(events, n)
    sentence = say("compatible", x=events, n=n, upper=figure(100 * limits.upper, 2))
    one = Recomputation(
        how=Text(en=f"{events}/{n}, Clopper–Pearson (%)", zh=f"{events}/{n}，Clopper–Pearson (%)"),
        value=100 * limits.estimate,
        lower=100 * limits.lower,
        upper=100 * limits.upper,
        method="Clopper-Pearson",
        events=(events,),
        n=(n,),
    )
    return Answer("cannot be checked", sentence, (one,))
