"""The primary endpoint three ways: ours, as published, and recomputed from the printed numbers."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.beside.matches import matches, p_between
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables import numbers, proportions
from equipoise.analysis.reproduce.finding import Recomputation
from equipoise.analysis.reproduce.methods import method_words
from equipoise.protocol.plan import NumberAnalysis, ProportionAnalysis


def primary_three_ways(scene: Scene) -> Table | None:
    """The primary endpoint: ours, as published, and as it follows from the printed numbers."""
    estimands = scene.study.planned().estimands
    if not estimands:
        return None
    say, contrast = scene.say, scene.contrasts[0]
    rows = [_ours(scene, estimands[0].analysis), *_published(scene), *_recomputed(scene)]
    arms = contrast.split(" v ")
    columns = (say["version"], *map(scene.arm, arms), say["estimate interval"], say["p"])
    who = scene.analysis(estimands[0].analysis).label(scene.lang)
    notes = [say["whose"].format(whose=scene.ours, what=who) + say["stop"]]
    if len(rows) > 1:
        notes.append(say["three ways note"].format(contrast=scene.contrast(contrast)))
    title = estimands[0].variable(scene.lang)
    return Table("THREE_WAYS", title, columns, tuple(rows), tuple(notes), stacks=True)


def _ours(scene: Scene, name: str) -> Row:
    """The primary analysis at its last encounter."""
    analysis, contrast = scene.analysis(name), scene.contrasts[0]
    encounter, arms = scene.seen(name, "encounter")[-1], contrast.split(" v ")
    if isinstance(analysis, NumberAnalysis):
        values = [numbers.summary(scene, analysis, "mean-sd", encounter, arm)[1] for arm in arms]
        cells = (*values, *numbers.difference(scene, analysis, "mean-sd", encounter, contrast))
        methods = [scene.method(method) for method in numbers.BETWEEN["mean-sd"]]
    elif isinstance(analysis, ProportionAnalysis):
        interval, test = proportions.first_methods(scene, analysis)
        values = [proportions.share(scene, name, arm, encounter) for arm in arms]
        gap = proportions.difference(scene, name, interval, contrast, encounter)
        cells = (*values, gap, proportions.p_value(scene, name, test, contrast, encounter))
        methods = [scene.method(method) for method in (interval, test)]
    else:
        raise TypeError(f"{name} is not an analysis of an endpoint")
    how = scene.say["ours by"].format(
        ours=scene.ours, methods=scene.listed(dict.fromkeys(filter(None, methods)))
    )
    return Row(how, cells, strong=True)


def _published(scene: Scene) -> Iterator[Row]:
    name = scene.study.planned().estimands[0].analysis
    these = [match for match in matches(scene) if match.analysis.name == name]
    published = scene.study.published
    if not these or published is None:
        return
    ids = {match.number.id for match in these}
    endpoint = these[0].number.endpoint
    interval = next((one for one in published.intervals if one.endpoint == endpoint), None)
    p = p_between(scene, ids)
    values = {match.arm: f"{match.number.value} %" for match in these}
    arms = scene.contrasts[0].split(" v ")
    limits = f"{interval.lower} {scene.to} {interval.upper}" if interval else rounding.MISSING
    shown = f"{p.comparison.replace('=', '')}{p.value}" if p else rounding.MISSING
    yield Row(scene.say["published"], (*(values.get(arm, "") for arm in arms), limits, shown))


def _recomputed(scene: Scene) -> Iterator[Row]:
    """For each set of counts that the checks used: its interval and its Fisher p value."""
    for one in (each for kind, each in _checked(scene) if _telling(kind, each)):
        same = [each for _, each in _checked(scene) if (each.events, each.n) == (one.events, one.n)]
        p = next((each.value for each in same if each.method == "Fisher"), None)
        shares = [
            f"{x}/{n} ({rounding.number(100 * x / n, 1)})"
            for x, n in zip(one.events, one.n, strict=True)
        ]
        gap = rounding.estimate(one.value, one.lower, one.upper, decimals=1, to=scene.to)
        used = [one.method, *(["Fisher"] if p is not None else [])]
        methods = scene.listed(method_words(method)(scene.lang) for method in used)
        label = scene.say["recomputed by"].format(methods=methods)
        yield Row(label, (*shares, gap, rounding.p_value(p)))


def _checked(scene: Scene) -> list[tuple[str, Recomputation]]:
    """What was recomputed from counts of the primary endpoint in both arms."""
    endpoint = scene.study.planned().estimands[0].endpoint
    published = scene.study.published
    statements = published.statements if published else ()
    ids = {statement.id for statement in statements if statement.endpoint == endpoint}
    return [
        (finding.kind, one)
        for finding in scene.findings
        if finding.statements[0] in ids
        for one in finding.recomputed
        if len(one.n) == len(one.events) == 2
    ]


def _telling(kind: str, one: Recomputation) -> bool:
    """The interval that gives the printed one, and the one that today's reader is given."""
    if one.lower is None:
        return False
    today = kind == "reanalysis" and one.method == "Miettinen-Nurminen"
    return today or (kind == "interval" and one.agrees is True)
