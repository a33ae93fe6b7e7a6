"""The primary endpoint by every population and method, the published way beside the right one."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.proportions import difference, p_value, share
from equipoise.protocol import plan


def primary(display: plan.Table, scene: Scene) -> Table:
    """For each analysis the counts, then a row for each method."""
    rows: list[Row] = []
    for name in display.analyses:
        rows.append(Row(scene.analysis(name).label(scene.lang)))
        for encounter in scene.encounters(display, name):
            rows += _methods(scene, name, encounter, strong=name == display.analyses[0])
    say = scene.say
    pair = (say["estimate interval"], say["p"])
    spans = [(say["participants with"], len(scene.arms))]
    spans += [(scene.contrast(contrast), 2) for contrast in scene.contrasts]
    columns = (say["method"], *map(scene.arm, scene.arms), *pair * len(scene.contrasts))
    notes = [display.note(scene.lang)] if display.note else []
    for name in display.analyses:
        analysis = scene.analysis(name)
        if analysis.note:
            notes.append(f"{analysis.label(scene.lang)}: {analysis.note(scene.lang)}")
    title = display.title(scene.lang)
    return Table(display.name, title, columns, tuple(rows), tuple(notes), tuple(spans))


def _methods(scene: Scene, name: str, encounter: str, *, strong: bool) -> Iterator[Row]:
    at = {"encounter": encounter, "group": scene.contrasts[0]}
    intervals = scene.methods(name, "lower", **at)
    tests = scene.methods(name, "p", **at)
    blank = [""] * len(scene.arms)
    counts = [share(scene, name, arm, encounter) for arm in scene.arms]
    for method in (*intervals, *(one for one in tests if one not in intervals)):
        first = method == intervals[0] if intervals else method == tests[0]
        cells = [*(counts if first else blank)]
        for contrast in scene.contrasts:
            with_interval = method in intervals
            cells += [
                difference(scene, name, method, contrast, encounter) if with_interval else "",
                p_value(scene, name, method, contrast, encounter) if method in tests else "",
            ]
        yield Row(scene.method(method), tuple(cells), indent=1, strong=strong and first)
