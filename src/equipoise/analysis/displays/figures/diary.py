"""Home glucose week by week, arm by arm."""

from __future__ import annotations

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, course
from equipoise.analysis.displays.figures.over_time import INTERVAL_OF_MEAN, SIZE, ends
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import DiaryAnalysis


def diary(display: plan.Figure, scene: Scene) -> tuple[Figure, ...]:
    """One drawing for each analysis of the display."""
    return tuple(_one(display, scene, name) for name in display.analyses)


def _one(display: plan.Figure, scene: Scene, name: str) -> Figure:
    analysis, home = scene.analysis(name), scene.study.protocol.diary
    if not isinstance(analysis, DiaryAnalysis):
        raise TypeError(f"{display.name}: {name} is not an analysis of the diary")
    courses = [
        course.Course(scene.arm(arm), scene.look(arm), _points(scene, name, arm))
        for arm in scene.arms
    ]
    label = analysis.label(scene.lang)
    axis = scene.say["diary axis"].format(
        label=label, unit=f" ({home.unit})" if home else "", level=f"{100 * analysis.level:g}"
    )
    words = course.Words(axis, scene.say["week"], scene.say["observed"])
    says = scene.say["course says"].format(label=label, ends=ends(courses, scene, 1))
    drawing = canvas.svg(
        f"{display.name}-{name}",
        SIZE,
        lambda sheet: course.draw(sheet, courses, words),
        says=says,
        mark=scene.mark,
    )
    return Figure(display.name, display.title(scene.lang), says, drawing)


def _points(scene: Scene, name: str, arm: str) -> tuple[course.Point, ...]:
    weeks = sorted(scene.seen(name, "level", group=arm), key=int)
    return tuple(
        course.Point(
            int(week),
            scene.value(name, "mean", group=arm, level=week),
            scene.value(name, "lower", group=arm, level=week, method=INTERVAL_OF_MEAN),
            scene.value(name, "upper", group=arm, level=week, method=INTERVAL_OF_MEAN),
            scene.value(name, "n", group=arm, level=week),
        )
        for week in weeks
    )
