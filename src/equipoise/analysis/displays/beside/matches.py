"""Which published number speaks of the same thing as which result."""

from __future__ import annotations

from typing import NamedTuple

from equipoise.analysis.displays.scene import Scene
from equipoise.protocol.plan import NumberAnalysis, NumberEndpoint, ProportionAnalysis
from equipoise.protocol.published import Number, PValue

MEASURED = {  # what a published statistic of an item is: the endpoint's measure, and our statistic
    "mean": ("value", "mean"),
    "mean fall": ("change", "mean"),
    "reduction": ("percent reduction", "median"),
}


class Match(NamedTuple):
    """A published number and the result that speaks of the same thing."""

    number: Number
    analysis: NumberAnalysis | ProportionAnalysis
    statistic: str
    encounter: str
    arm: str


def matches(scene: Scene) -> list[Match]:
    """Published numbers that have an analysis of the same quantity, visit and arm."""
    published = scene.study.published
    found = (_match(scene, number) for number in (published.numbers if published else ()))
    seen: dict[tuple[str, str, str], Match] = {}
    for match in found:
        if match:
            seen.setdefault((match.analysis.name, match.encounter, match.arm), match)
    return list(seen.values())


def _match(scene: Scene, number: Number) -> Match | None:
    if (
        number.encounter is None
        or number.arm is None
        or number.encounter not in scene.study.encounters
    ):
        return None
    for analysis in scene.study.planned().analyses:
        if not isinstance(analysis, NumberAnalysis | ProportionAnalysis):
            continue
        endpoint = scene.endpoint(analysis.endpoint)
        if number.encounter not in (analysis.encounters or endpoint.encounters):
            continue
        if isinstance(endpoint, NumberEndpoint):
            measure, statistic = MEASURED.get(number.statistic, ("", ""))
            if (endpoint.item, endpoint.measure) == (number.item, measure):
                return Match(number, analysis, statistic, number.encounter, number.arm)
        elif (endpoint.name, "percentage") == (number.endpoint, number.statistic):
            return Match(number, analysis, "percent", number.encounter, number.arm)
    return None


def quantity(scene: Scene, match: Match) -> str:
    """What a published number measures, with its unit."""
    endpoint = scene.endpoint(match.analysis.endpoint)
    unit = f" ({scene.unit(endpoint)})" if scene.unit(endpoint) else ""
    statistic = scene.say[f"statistic {match.statistic}"]
    return f"{endpoint.label(scene.lang)}{unit}{scene.say['comma']}{statistic}"


def p_between(scene: Scene, ids: set[str]) -> PValue | None:
    """The published p value that compares one of these numbers between the arms."""
    published = scene.study.published
    found = [
        one
        for one in (published.p_values if published else ())
        if one.contrast == "between arms" and ids & set(one.compares)
    ]
    exact = [one for one in found if one.comparison == "="]
    return next(iter(exact or found), None)
