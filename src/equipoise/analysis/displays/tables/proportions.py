"""Percentages by visit: each arm, and the difference between arms."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import ProportionAnalysis


def proportion(display: plan.Table, scene: Scene) -> Table:
    """For each analysis and visit one row; the first interval and the first test of the plan."""
    rows: list[Row] = []
    notes: list[str] = []
    for name in display.analyses:
        analysis = scene.analysis(name)
        if not isinstance(analysis, ProportionAnalysis):
            raise TypeError(f"{display.name}: {name} is not an analysis of proportions")
        rows.append(Row(analysis.label(scene.lang)))
        rows += _visits(display, scene, analysis)
        interval, test = first_methods(scene, analysis)
        notes.append(
            scene.say["note proportion"].format(
                interval=scene.method(interval), test=scene.method(test)
            )
        )
    notes += [display.note(scene.lang)] if display.note else []
    say = scene.say
    pair = (say["estimate interval"], say["p"])
    spans = [(say["participants with"], len(scene.arms))]
    spans += [(scene.contrast(contrast), 2) for contrast in scene.contrasts]
    columns = (say["visit"], *map(scene.arm, scene.arms), *pair * len(scene.contrasts))
    once = tuple(dict.fromkeys(notes))
    title = display.title(scene.lang)
    return Table(display.name, title, columns, tuple(rows), once, tuple(spans))


def first_methods(scene: Scene, analysis: ProportionAnalysis) -> tuple[str, str]:
    """The first method that gives an interval of the difference, and the first that gives a p."""
    contrast = scene.contrasts[0]
    intervals = scene.methods(analysis.name, "lower", group=contrast)
    tests = scene.methods(analysis.name, "p", group=contrast)
    return (intervals or [""])[0], (tests or [""])[0]


def _visits(display: plan.Table, scene: Scene, analysis: ProportionAnalysis) -> Iterator[Row]:
    interval, test = first_methods(scene, analysis)
    for encounter in scene.encounters(display, analysis.name):
        cells = [share(scene, analysis.name, arm, encounter) for arm in scene.arms]
        for contrast in scene.contrasts:
            cells.append(difference(scene, analysis.name, interval, contrast, encounter))
            cells.append(p_value(scene, analysis.name, test, contrast, encounter))
        yield Row(scene.visit(encounter), tuple(cells), indent=1)


def share(scene: Scene, analysis: str, arm: str, encounter: str) -> str:
    """How many of how many, and the percentage."""
    where = {"group": arm, "encounter": encounter}
    events, n, percent = (
        scene.value(analysis, name, **where) for name in ("events", "n", "percent")
    )
    return f"{rounding.count(events)}/{rounding.count(n)} ({rounding.number(percent, 1)})"


def difference(scene: Scene, analysis: str, method: str, contrast: str, encounter: str) -> str:
    """The difference between two arms by a method, percentage points."""
    parts = (
        scene.value(analysis, name, method=method, group=contrast, encounter=encounter)
        for name in ("estimate", "lower", "upper")
    )
    return rounding.estimate(*parts, decimals=1, to=scene.to)


def p_value(scene: Scene, analysis: str, method: str, contrast: str, encounter: str) -> str:
    """The p value of a method."""
    return rounding.p_value(
        scene.value(analysis, "p", method=method, group=contrast, encounter=encounter)
    )
