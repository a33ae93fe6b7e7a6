"""Percentages of participants with an endpoint at each visit, arm by arm."""

from __future__ import annotations

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import bars, canvas
from equipoise.analysis.displays.rounding import number
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import ProportionAnalysis

SIZE = (canvas.SINGLE, 2.7)


def proportion(display: plan.Figure, scene: Scene) -> tuple[Figure, ...]:
    """One drawing for each analysis of the display."""
    return tuple(_one(display, scene, name) for name in display.analyses)


def _one(display: plan.Figure, scene: Scene, name: str) -> Figure:
    analysis = scene.analysis(name)
    if not isinstance(analysis, ProportionAnalysis):
        raise TypeError(f"{display.name}: {name} is not an analysis of proportions")
    visits = scene.encounters(display, name)
    groups = [
        bars.Bars(
            scene.arm(arm), scene.look(arm), tuple(_bar(scene, name, arm, at) for at in visits)
        )
        for arm in scene.arms
    ]
    endpoint = scene.endpoint(analysis.endpoint).label(scene.lang)
    axis = scene.say["percent axis"].format(label=endpoint, level=f"{100 * analysis.level:g}")
    words = (axis, scene.say["events of n"])
    labels = [scene.visit(visit) for visit in visits]
    says = scene.say["bars says"].format(
        label=endpoint,
        ends=" ".join(
            scene.say["course end"].format(
                arm=group.label,
                values=scene.listed(
                    f"{label} {number(bar.percent, 1)} %"
                    for label, bar in zip(labels, group.bars, strict=True)
                ),
            )
            for group in groups
        ),
    )
    drawing = canvas.svg(
        f"{display.name}-{name}",
        SIZE,
        lambda sheet: bars.draw(sheet, groups, labels, words),
        says=says,
        mark=scene.mark,
    )
    anchor = display.name if len(display.analyses) == 1 else f"{display.name}-{name}"
    label = display.title(scene.lang) if len(display.analyses) == 1 else analysis.label(scene.lang)
    return Figure(anchor, label, says, drawing, (scene.say["note exact"],))


def _bar(scene: Scene, analysis: str, arm: str, encounter: str) -> bars.Bar:
    names = ("percent", "lower", "upper", "events", "n")
    return bars.Bar(
        *(scene.value(analysis, name, group=arm, encounter=encounter) for name in names)
    )
