"""Published group values beside ours, drawn."""

from __future__ import annotations

from equipoise.analysis.displays.beside.matches import Match, matches, quantity
from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, panels
from equipoise.analysis.displays.figures.over_time import INTERVAL_OF_MEAN
from equipoise.analysis.displays.scene import Scene


def agreement(scene: Scene) -> Figure | None:
    """Each published group value beside ours with its interval, a panel for each quantity."""
    found = matches(scene)
    if not found:
        return None
    drawn = []
    for name in dict.fromkeys(match.analysis.name for match in found):
        these = [match for match in found if match.analysis.name == name]
        visits = list(dict.fromkeys(match.encounter for match in these))
        dots = tuple(_dot(scene, match, visits) for match in these)
        drawn.append(panels.Panel(quantity(scene, these[0]), tuple(map(scene.visit, visits)), dots))
    says = scene.say["agreement says"].format(n=len(found), ours=scene.ours)
    keys = [
        (scene.say["whose"].format(whose=scene.ours, what=scene.arm(arm)), scene.look(arm))
        for arm in scene.arms
    ]
    size = (canvas.DOUBLE, panels.height(drawn))
    drawing = canvas.svg(
        "AGREEMENT",
        size,
        lambda sheet: panels.draw(sheet, drawn, keys, scene.say["published"]),
        says=says,
        mark=scene.mark,
    )
    title = scene.say["agreement"].format(ours=scene.ours)
    notes = (scene.say["agreement note"],)
    return Figure("AGREEMENT", title, says, drawing, notes, wide=True)


def _dot(scene: Scene, match: Match, visits: list[str]) -> panels.Dot:
    name, where = match.analysis.name, {"group": match.arm, "encounter": match.encounter}
    ends: list[float | None] = [None, None]
    if match.statistic == "median":
        ends = [scene.value(name, end, **where) for end in ("q1", "q3")]
    elif match.statistic == "mean":
        ends = [
            scene.value(name, end, method=INTERVAL_OF_MEAN, **where) for end in ("lower", "upper")
        ]
    else:
        ends = [scene.value(name, end, **where) for end in ("lower", "upper")]
    sign = -1 if match.number.statistic == "mean fall" else 1
    row = visits.index(match.encounter) + 0.3 * (scene.arms.index(match.arm) - 0.5)
    value = scene.value(name, match.statistic, **where)
    printed = sign * float(match.number.value)
    return panels.Dot(row, printed, value, ends[0], ends[1], scene.look(match.arm))
