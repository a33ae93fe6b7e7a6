"""Whether a trial of the printed size could show the printed effect."""

from __future__ import annotations

from equipoise.analysis.reproduce.counts import arm_size
from equipoise.analysis.reproduce.finding import Answer, Recomputation, verdict_of
from equipoise.analysis.reproduce.methods import method_words
from equipoise.analysis.reproduce.words import figure, listed, same, say, together
from equipoise.protocol.model import Text
from equipoise.protocol.published import Published
from equipoise.protocol.published_checks import PowerCheck
from equipoise.statistics.power import participants_per_arm, power

_TESTS = {"Fisher": "fisher", "χ²": "chi_squared"}


def check_power(published: Published, check: PowerCheck) -> Answer:
    """The exact power with the printed percentages as the truth, and the arms that more power needs.

    It holds if every test reaches the first target.
    """
    first, second = (float(published.number(name).value) / 100 for name in check.percentages)
    one, two = (arm_size(published, check.analysis_set, arm) for arm in published.arms)
    wanted = float(check.targets[0])
    powers = [
        _recomputed(test, power((one, two), (first, second), test=name), (one, two), wanted)
        for test, name in _TESTS.items()
    ]
    sizes = [_size((first, second), float(target)) for target in check.targets]
    phrases = listed(same(f"{figure(p.value, 2)} ({p.method})") for p in powers)
    sentences = [say("power", n=f"{one}/{two}", powers=phrases)]
    sentences += [
        say("size for power", target=target, n=size.n[0])
        for target, size in zip(check.targets, sizes, strict=True)
    ]
    verdict = verdict_of([bool(power_.agrees) for power_ in powers])
    return Answer(verdict, together(sentences), (*powers, *sizes))


def _recomputed(test: str, value: float, n: tuple[int, int], wanted: float) -> Recomputation:
    name = method_words(test)
    return Recomputation(
        how=Text(en=f"power, {name('en')}, {n[0]}/{n[1]}", zh=f"效能，{name('zh')}，{n[0]}/{n[1]}"),
        value=value,
        agrees=100 * value >= wanted,
        method=test,
        n=n,
    )


def _size(p: tuple[float, float], target: float) -> Recomputation:
    size = participants_per_arm(p, wanted=target / 100, test="chi_squared")
    return Recomputation(
        how=Text(en=f"per arm for {target:g} % (χ²)", zh=f"{target:g} % 效能所需每组人数（χ²）"),
        value=float(size),
        method="χ²",
        n=(size, size),
    )
