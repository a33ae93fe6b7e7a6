"""The primary endpoint three ways: ours, as published, and recomputed from the printed numbers."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.beside.matches import matches, p_between
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.proportion import (
    difference,
    first_methods,
    p_value,
    share,
)
from equipoise.protocol.plan import ProportionAnalysis


def primary_three_ways(scene: Scene) -> Table | None:
    """The primary endpoint: ours, as published, and as it follows from the printed numbers."""
    estimands = scene.study.planned().estimands
    if not estimands:
        return None
    say, contrast = scene.say, scene.contrasts[0]
    rows = [*_ours(scene, estimands[0].analysis), *_published(scene), *_recomputed(scene)]
    arms = contrast.split(" v ")
    columns = (say["version"], *map(scene.arm, arms), say["estimate interval"], say["p"])
    notes = (say["three ways note"].format(contrast=scene.contrast(contrast)),)
    title = estimands[0].variable(scene.lang)
    return Table("THREE_WAYS", title, columns, tuple(rows), notes)


def _ours(scene: Scene, name: str) -> Iterator[Row]:
    analysis, contrast = scene.analysis(name), scene.contrasts[0]
    encounter = scene.seen(name, "encounter")[-1]
    label = scene.say["whose"].format(whose=scene.ours, what=analysis.label(scene.lang))
    if isinstance(analysis, ProportionAnalysis):
        interval, _ = first_methods(scene, analysis)
        methods = scene.methods(name, "p", group=contrast)
        test = "fisher" if "fisher" in methods else (methods or [""])[0]
        arms = contrast.split(" v ")
        shares = [share(scene, name, arm, encounter) for arm in arms]
        gap = difference(scene, name, interval, contrast, encounter)
        p = p_value(scene, name, test, contrast, encounter)
        how = f"{label} ({scene.method(interval)}; {scene.method(test)})"
        yield Row(how, (*shares, gap, p), strong=True)


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
    found = [
        (finding.kind, one)
        for finding in scene.findings
        if finding.kind in {"interval", "p of counts", "reanalysis"}
        for one in finding.recomputed
        if len(one.n) == len(one.events) == 2
    ]
    for events, n in dict.fromkeys((one.events, one.n) for _, one in found):
        same = [(kind, one) for kind, one in found if (one.events, one.n) == (events, n)]
        interval = next(
            (
                one
                for kind, one in same
                if _telling(kind, one.agrees, one.method) and one.lower is not None
            ),
            None,
        )
        p = next((one for _, one in same if one.method == "Fisher"), None)
        if interval is None:
            continue
        shares = [
            f"{x}/{size} ({rounding.number(100 * x / size, 1)})"
            for x, size in zip(events, n, strict=True)
        ]
        methods = "; ".join([interval.method, *(["Fisher"] if p else [])])
        cells = (
            *shares,
            rounding.estimate(interval.value, interval.lower, interval.upper, 1, scene.to),
            rounding.p_value(p.value if p else None),
        )
        yield Row(f"{scene.say['recomputed']} ({methods})", cells)


def _telling(kind: str, agrees: bool | None, method: str) -> bool:
    """An interval that gives the printed one, or the interval of the primary analysis."""
    return bool(agrees) if kind == "interval" else method == "Miettinen-Nurminen"
