"""Whether a trial of the printed size could show the printed effect."""

from __future__ import annotations

from math import ceil, sqrt

from scipy.special import ndtri

from equipoise.analysis.reproduce.counts import arm_size
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import method_words
from equipoise.analysis.reproduce.words import figure, listed, say, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published
from equipoise.protocol.published_checks import PowerCheck
from equipoise.statistics.power import participants_per_arm, power

_TESTS = {"Fisher": "fisher", "χ²": "chi_squared"}
_APPROXIMATION = Text(en="normal approximation", zh="正态近似")


def check_power(published: Published, check: PowerCheck) -> Answer:
    """The exact power if the printed percentages are the truth, and the arms that more power needs.

    It holds if every test reaches the first target.
    """
    first, second = (float(published.number(name).value) / 100 for name in check.percentages)
    one, two = (arm_size(published, check.analysis_set, arm) for arm in published.arms)
    wanted = float(check.targets[0])
    powers = [
        _power(test, power((one, two), (first, second), test=name), (one, two), wanted)
        for test, name in _TESTS.items()
    ]
    phrases = [_phrase(figure(each.value, 2), method_words(each.method)) for each in powers]
    sentences = [say("power", n=f"{one}/{two}", powers=listed(phrases))]
    recomputed = list(powers)
    for target in check.targets:
        sizes = _sizes((first, second), float(target))
        phrases = [_phrase(str(size.n[0]), _rule(size.method)) for size in sizes]
        sentences.append(say("size for power", target=target, sizes=listed(phrases)))
        recomputed += sizes
    verdict = verdict_of([bool(each.agrees) for each in powers])
    return Answer(verdict, together(sentences), tuple(recomputed))


def approximate_size(p: tuple[float, float], wanted: float) -> int:
    """Participants per arm by the usual formula for two proportions at the two-sided 5 % level.

    Source: Fleiss, Statistical Methods for Rates and Proportions, 2nd edition, 1981, chapter 3.

    >>> approximate_size((0.2, 0.0455), 0.8)
    70
    """
    pooled = sum(p) / 2
    spread = ndtri(0.975) * sqrt(2 * pooled * (1 - pooled))
    spread += ndtri(wanted) * sqrt(sum(share * (1 - share) for share in p))
    return ceil(float(spread / (p[0] - p[1])) ** 2)


def _sizes(p: tuple[float, float], target: float) -> list[Recomputation]:
    wanted = target / 100
    chi_squared = participants_per_arm(p, wanted=wanted, test="chi_squared")
    fisher = chi_squared  # Fisher's test is the more careful one, so it never needs fewer
    while power((fisher, fisher), p) < wanted:
        fisher += 1
    sizes = {"Fisher": fisher, "χ²": chi_squared}
    sizes[_APPROXIMATION("en")] = approximate_size(p, wanted)
    return [
        Recomputation(
            how=Text(
                en=f"per arm for {target:g} %, {_rule(test)('en')}",
                zh=f"{target:g} % 效能每组人数，{_rule(test)('zh')}",
            ),
            value=float(size),
            method=test,
            n=(size, size),
        )
        for test, size in sizes.items()
    ]


def _power(test: str, value: float, n: tuple[int, int], wanted: float) -> Recomputation:
    name = method_words(test)
    return Recomputation(
        how=Text(en=f"power, {name('en')}, {n[0]}/{n[1]}", zh=f"效能，{name('zh')}，{n[0]}/{n[1]}"),
        value=value,
        agrees=100 * value >= wanted,
        method=test,
        n=n,
    )


def _rule(method: str) -> Text:
    return _APPROXIMATION if method == _APPROXIMATION("en") else method_words(method)


def _phrase(value: str, method: Text) -> Text:
    return Text(en=f"{value} ({method('en')})", zh=f"{value}（{method('zh')}）")
