"""The difference between arms by every population and method, published and recomputed ones too."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, whiskers
from equipoise.analysis.displays.drawing.whiskers import Whisker
from equipoise.analysis.displays.rounding import estimate
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import ProportionAnalysis

PUBLISHED, RECOMPUTED = canvas.LOOKS[3], canvas.LOOKS[2]


def forest(display: plan.Figure, scene: Scene) -> tuple[Figure, ...]:
    """One drawing for each comparison of arms."""
    return tuple(_one(display, scene, contrast) for contrast in scene.contrasts)


def _one(display: plan.Figure, scene: Scene, contrast: str) -> Figure:
    rows = [*_printed(display, scene), *_recomputed(display, scene)]
    for name in display.analyses:
        for encounter in scene.encounters(display, name):
            rows += _simulated(scene, name, encounter, contrast)
    axis = scene.say["forest axis"].format(contrast=scene.contrast(contrast))
    heads = (scene.say["analysis and method"], scene.say["estimate interval"])
    first, second = (scene.arm(arm) for arm in contrast.split(" v "))
    sides = (scene.say["more in"].format(arm=second), scene.say["more in"].format(arm=first))
    says = scene.say["forest says"].format(
        rows=scene.listed(f"{row.label} {row.text}" for row in rows if row.text)
    )
    drawing = canvas.svg(
        f"{display.name}-{contrast}",
        (canvas.DOUBLE, whiskers.height(rows)),
        lambda sheet: whiskers.draw(sheet, rows, axis=axis, heads=heads, sides=sides),
        says=says,
        mark=scene.mark,
    )
    several = len(scene.contrasts) > 1
    title = display.title(scene.lang) + (f": {scene.contrast(contrast)}" if several else "")
    name = f"{display.name}-{contrast}" if several else display.name
    return Figure(name, title, says, drawing, wide=True)


def _endpoints(display: plan.Figure, scene: Scene) -> set[str]:
    chosen = (scene.analysis(name) for name in display.analyses)
    return {one.endpoint for one in chosen if isinstance(one, ProportionAnalysis)}


def _printed(display: plan.Figure, scene: Scene) -> Iterator[Whisker]:
    published = scene.study.published
    found = [
        one
        for one in (published.intervals if published else ())
        if one.endpoint in _endpoints(display, scene)
    ]
    for one in found:
        lower, upper = float(one.lower), float(one.upper)
        yield from whiskers.heading(scene.say["published"])
        text = f"{one.lower} {scene.to} {one.upper}"
        yield Whisker(scene.say["as printed"], None, lower, upper, text, PUBLISHED)


def _recomputed(display: plan.Figure, scene: Scene) -> Iterator[Whisker]:
    """The counts that give the printed interval, and the same events over all randomised."""
    kinds = {"interval": True, "reanalysis": None}
    first = scene.analysis(display.analyses[0])
    wanted = first.methods[0] if isinstance(first, ProportionAnalysis) and first.methods else ""
    published = scene.study.published
    ids = {
        one.id
        for one in (published.statements if published else ())
        if one.endpoint in _endpoints(display, scene)
    }
    rows = [
        Whisker(
            one.how(scene.lang),
            one.value,
            one.lower,
            one.upper,
            estimate(one.value, one.lower, one.upper, decimals=1, to=scene.to),
            RECOMPUTED,
        )
        for finding in scene.findings
        if finding.kind in kinds and finding.statements[0] in ids
        for one in finding.recomputed
        if one.lower is not None and one.agrees is kinds[finding.kind]
        if finding.kind == "interval" or one.method.lower() == wanted
    ]
    if rows:
        yield from whiskers.heading(scene.say["recomputed"])
        yield from rows


def _simulated(scene: Scene, name: str, encounter: str, contrast: str) -> Iterator[Whisker]:
    where = {"group": contrast, "encounter": encounter}
    methods = scene.methods(name, "lower", **where)
    if not methods:
        return
    counts = scene.say["versus"].join(
        f"{scene.value(name, 'events', group=arm, encounter=encounter):.0f}/"
        f"{scene.value(name, 'n', group=arm, encounter=encounter):.0f}"
        for arm in contrast.split(" v ")
    )
    label = scene.analysis(name).label(scene.lang)
    yield from whiskers.heading(scene.say["whose"].format(whose=scene.ours, what=label))
    for method in methods:
        value, lower, upper = (
            scene.value(name, statistic, method=method, **where)
            for statistic in ("estimate", "lower", "upper")
        )
        text = estimate(value, lower, upper, decimals=1, to=scene.to)
        yield Whisker(f"{counts}, {scene.method(method)}", value, lower, upper, text)
