"""The p value for every number of the missing who may have responded, as a grid."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.displays import rounding
from equipoise.analysis.displays.display import Row, Table
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import TippingPointAnalysis

MOST = 12  # columns of a grid that a page has room for


def tipping_point(display: plan.Table, scene: Scene) -> Table:
    """A grid for each analysis and comparison: rows of the arm, columns of the reference."""
    rows: list[Row] = []
    notes: list[str] = []
    columns: list[int] = []
    reference = scene.study.planned().reference
    for name in display.analyses:
        analysis = scene.analysis(name)
        if not isinstance(analysis, TippingPointAnalysis):
            raise TypeError(f"{display.name}: {name} is not a tipping-point analysis")
        columns = _shown(scene, name, reference)
        for contrast in scene.contrasts:
            rows += _grid(scene, name, contrast, columns)
            notes += _bounds(scene, name, analysis, contrast)
        notes += [
            scene.say["note tipping"].format(test=scene.method(test))
            for test in scene.methods(name, "p", group=scene.contrasts[0])[:1]
        ]
    notes += [display.note(scene.lang)] if display.note else []
    spans = ((scene.say["missing responded"].format(arm=scene.arm(reference)), len(columns)),)
    heads = ("", *map(str, columns))
    return Table(display.name, display.title(scene.lang), heads, tuple(rows), tuple(notes), spans)


def _grid(scene: Scene, name: str, contrast: str, columns: list[int]) -> Iterator[Row]:
    arm, _ = contrast.split(" v ")
    yield Row(scene.say["missing responded"].format(arm=scene.arm(arm)))
    for test in scene.methods(name, "p", group=contrast)[:1]:
        for more in range(_missing(scene, name, arm) + 1):
            cells = (
                scene.value(name, "p", group=contrast, method=test, level=f"{more} v {other}")
                for other in columns
            )
            yield Row(f"{more}", tuple(map(rounding.p_value, cells)), indent=1)


def _missing(scene: Scene, name: str, arm: str) -> int:
    return int(scene.value(name, "unjudged", group=arm) or 0)


def _shown(scene: Scene, name: str, arm: str) -> list[int]:
    """All the numbers, or every second, third ... and the last, where there are too many."""
    most = _missing(scene, name, arm)
    return sorted({*range(0, most + 1, 1 + most // MOST), most})


def _bounds(
    scene: Scene, name: str, analysis: TippingPointAnalysis, contrast: str
) -> Iterator[str]:
    """The interval where the missing are worst, and where they are best, for the arm."""
    arm, reference = contrast.split(" v ")
    corners = ((0, _missing(scene, name, reference)), (_missing(scene, name, arm), 0))
    for method in scene.methods(name, "lower", group=contrast)[:1]:
        ends = []
        for more, other in corners:
            where = {"group": contrast, "method": method, "level": f"{more} v {other}"}
            parts = (scene.value(name, part, **where) for part in ("estimate", "lower", "upper"))
            ends.append(rounding.estimate(*parts, decimals=1, to=scene.to))
        yield scene.say["tipping bounds"].format(
            method=scene.method(method),
            level=f"{100 * analysis.level:g}",
            worst=ends[0],
            best=ends[1],
            arm=scene.arm(arm),
            reference=scene.arm(reference),
        )
