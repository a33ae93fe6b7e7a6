"""What the analysis plan says of the rest of the study, and of itself, must exist and fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from equipoise.errors import nearest
from equipoise.protocol.model import BUILT_IN_SOURCES
from equipoise.protocol.plan import (
    CharacteristicsAnalysis,
    DiaryAnalysis,
    Display,
    Endpoint,
    HypoglycaemiaAnalysis,
    NumberAnalysis,
    NumberEndpoint,
    Plan,
    ProportionAnalysis,
    TippingPointAnalysis,
    TitrationAnalysis,
)
from equipoise.protocol.tree import Place
from equipoise.protocol.whole import Study

Misfit = tuple[Place, str]

# which kinds of analysis a table or figure can show
SHOWS: dict[str, tuple[str, ...]] = {
    "characteristics": ("characteristics",),
    "primary": ("proportion", "number"),
    "proportion": ("proportion",),
    "forest": ("proportion", "number"),
    "tipping-point": ("tipping-point",),
    "number": ("number",),
    "over-time": ("number",),
    "diary": ("diary",),
    "hypoglycaemia": ("hypoglycaemia",),
    "titration": ("titration",),
    "adverse-events": ("adverse-events",),
    "disposition": ("disposition",),
    "exposure": ("exposure",),
}


def check_plan(plan: Plan, study: Study) -> list[Misfit]:
    """Every misfit of the plan: its place in ``analysis.yaml``, and what is wrong.

    That the endpoints' items, encounters and questions fit is checked with the other questions.
    """
    return [
        *_known(("reference",), [plan.reference], study.arms, "arm"),
        *_names(plan),
        *_sources(plan, study),
        *_endpoints(plan, study),
        *_estimands(plan),
        *_objectives(plan, study),
        *_analyses(plan, study),
        *_displays(plan, study),
        *_published(plan, study),
    ]


def _known(
    place: Place, names: Iterable[str], known: Collection[str], what: str
) -> Iterator[Misfit]:
    for name in names:
        if name not in known:
            yield place, f"there is no {what} {name}.{nearest(name, known)}"


def _names(plan: Plan) -> Iterator[Misfit]:
    """Names that are given twice in a list of the plan."""
    for key in ("populations", "estimands", "endpoints", "analyses", "displays"):
        seen: set[tuple[str, str]] = set()
        for index, one in enumerate(getattr(plan, key)):
            name = (getattr(one, "display", ""), one.name)
            if name in seen:
                yield (key, index, "name"), f"{one.name} is there already; give another name"
            seen.add(name)


def _sources(plan: Plan, study: Study) -> Iterator[Misfit]:
    sources = (*study.protocol.sources, *BUILT_IN_SOURCES)
    for key in ("populations", "estimands", "endpoints"):
        for index, one in enumerate(getattr(plan, key)):
            yield from _known((key, index, "source"), [one.source], sources, "source")


def _endpoints(plan: Plan, study: Study) -> Iterator[Misfit]:
    for index, endpoint in enumerate(plan.endpoints):
        if isinstance(endpoint, NumberEndpoint) and endpoint.item in study.items:
            yield from _collected(endpoint, ("endpoints", index), study)


def _collected(endpoint: NumberEndpoint, place: Place, study: Study) -> Iterator[Misfit]:
    item = study.items[endpoint.item]
    if item.kind != "number":
        yield (*place, "item"), f"{item.name} is a {item.kind}, not a number"
    collected = study.collected[item.name]
    baseline = () if endpoint.measure == "value" else (study.protocol.baseline,)
    for encounter in (*endpoint.encounters, *baseline):
        if encounter in study.encounters and encounter not in collected:
            yield (
                (*place, "encounters"),
                f"{item.name} is not collected at {encounter}; it is at {', '.join(collected)}",
            )


def _estimands(plan: Plan) -> Iterator[Misfit]:
    endpoints = [endpoint.name for endpoint in plan.endpoints]
    analyses = [analysis.name for analysis in plan.analyses]
    for index, estimand in enumerate(plan.estimands):
        place: Place = ("estimands", index)
        yield from _known((*place, "endpoint"), [estimand.endpoint], endpoints, "endpoint")
        yield from _known((*place, "analysis"), [estimand.analysis], analyses, "analysis")
        yield from _known((*place, "sensitivity"), estimand.sensitivity, analyses, "analysis")
        yield from _known((*place, "supplementary"), estimand.supplementary, analyses, "analysis")


def _objectives(plan: Plan, study: Study) -> Iterator[Misfit]:
    endpoints = [endpoint.name for endpoint in plan.endpoints]
    for objective in study.protocol.objectives:
        for name in objective.endpoints:
            if name not in endpoints:
                near = nearest(name, endpoints)
                yield ("endpoints",), f"an objective of the protocol needs {name}.{near}"


def _analyses(plan: Plan, study: Study) -> Iterator[Misfit]:
    populations = [population.name for population in plan.populations]
    endpoints = {endpoint.name: endpoint for endpoint in plan.endpoints}
    points = study.protocol.diary.points if study.protocol.diary else ()
    for index, analysis in enumerate(plan.analyses):
        place: Place = ("analyses", index)
        where = (*place, "population")
        yield from _known(where, [analysis.population], populations, "population")
        if isinstance(analysis, CharacteristicsAnalysis):
            yield from _known((*place, "items"), analysis.items, study.items, "item")
            at = [analysis.encounter]
            yield from _known((*place, "encounter"), at, study.encounters, "encounter")
            for name in analysis.items:
                if name in study.items and study.items[name].kind in {"date", "text"}:
                    yield (*place, "items"), f"{name} is a {study.items[name].kind}: not summarised"
        if isinstance(analysis, ProportionAnalysis | NumberAnalysis | TippingPointAnalysis):
            yield from _known((*place, "endpoint"), [analysis.endpoint], endpoints, "endpoint")
            if analysis.endpoint in endpoints:
                yield from _suits(analysis, endpoints[analysis.endpoint], place)
        if isinstance(analysis, DiaryAnalysis):
            yield from _known((*place, "point"), [analysis.point], points, "point of the diary")
        if isinstance(analysis, HypoglycaemiaAnalysis) and not points:
            yield (*place, "kind"), "the protocol has no diary of home readings"
        if isinstance(analysis, TitrationAnalysis) and not study.protocol.titration:
            yield (*place, "kind"), "the protocol titrates nothing"


def _suits(
    analysis: ProportionAnalysis | NumberAnalysis | TippingPointAnalysis,
    endpoint: Endpoint,
    place: Place,
) -> Iterator[Misfit]:
    wanted = "number" if isinstance(analysis, NumberAnalysis) else "binary"
    if endpoint.kind != wanted:
        message = f"{endpoint.name} is a {endpoint.kind} endpoint; {analysis.kind} needs a {wanted}"
        yield (*place, "endpoint"), message
    names = endpoint.encounters
    what = f"encounter of {endpoint.name}"
    if isinstance(analysis, TippingPointAnalysis):
        yield from _known((*place, "encounter"), [analysis.encounter], names, what)
    else:
        yield from _known((*place, "encounters"), analysis.encounters, names, what)


def _published(plan: Plan, study: Study) -> Iterator[Misfit]:
    """What `published.yaml` needs of the plan."""
    published = study.published
    analyses = [analysis.name for analysis in plan.analyses]
    endpoints = [endpoint.name for endpoint in plan.endpoints]
    for number in published.numbers if published else ():
        if number.counterpart and number.counterpart.analysis:
            names = [number.counterpart.analysis]
            yield from _known(("analyses",), names, analyses, f"analysis for {number.id}:")
    for one in published.directions if published else ():
        yield from _known(("endpoints",), [one.endpoint], endpoints, f"endpoint for {one.id}:")
        known = study.encounters
        yield from _known(("endpoints",), one.encounters, known, f"encounter for {one.id}:")


def _displays(plan: Plan, study: Study) -> Iterator[Misfit]:
    analyses: dict[str, str] = {analysis.name: analysis.kind for analysis in plan.analyses}
    for index, display in enumerate(plan.displays):
        place: Place = ("displays", index)
        yield from _known((*place, "analyses"), display.analyses, analyses, "analysis")
        known = study.encounters
        yield from _known((*place, "encounters"), display.encounters, known, "encounter")
        yield from _showable(display, analyses, place)


def _showable(display: Display, analyses: dict[str, str], place: Place) -> Iterator[Misfit]:
    if display.kind == "flow":
        return
    if display.display == "table" and not display.analyses:
        yield place, f"the table {display.name} shows no analysis; name some under `analyses`"
    shown = SHOWS[display.kind]
    for name in display.analyses:
        if name in analyses and analyses[name] not in shown:
            yield (
                (*place, "analyses"),
                f"{name} is of kind {analyses[name]}; {display.kind} shows {' or '.join(shown)}",
            )
