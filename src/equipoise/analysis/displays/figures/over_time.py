"""The course of an endpoint over the visits, arm by arm."""

from __future__ import annotations

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.drawing import canvas, course
from equipoise.analysis.displays.rounding import number
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan
from equipoise.protocol.plan import NumberAnalysis

SIZE = (canvas.SINGLE, 2.7)
ENDS = {"interval": ("lower", "upper"), "quartiles": ("q1", "q3")}  # statistics at a bar's ends
INTERVAL_OF_MEAN = "t-interval"


def over_time(display: plan.Figure, scene: Scene) -> tuple[Figure, ...]:
    """One drawing for each analysis of the display."""
    return tuple(_one(display, scene, name) for name in display.analyses)


def _one(display: plan.Figure, scene: Scene, name: str) -> Figure:
    analysis = scene.analysis(name)
    if not isinstance(analysis, NumberAnalysis):
        raise TypeError(f"{display.name}: {name} is not an analysis of numbers")
    endpoint = scene.endpoint(analysis.endpoint)
    unit = f" ({scene.unit(endpoint)})" if scene.unit(endpoint) else ""
    axis = scene.say[f"measured {display.centre} {display.spread}"].format(
        label=endpoint.label(scene.lang), unit=unit, level=f"{100 * analysis.level:g}"
    )
    courses = [
        course.Course(
            scene.arm(arm),
            scene.look(arm),
            tuple(
                _point(display, scene, name, arm, encounter)
                for encounter in scene.encounters(display, name)
            ),
        )
        for arm in scene.arms
    ]
    words = course.Words(axis, scene.say["week"], scene.say["observed"])
    says = scene.say["course says"].format(
        label=endpoint.label(scene.lang), ends=ends(courses, scene, scene.decimals(endpoint))
    )
    label = display.title(scene.lang) if len(display.analyses) == 1 else analysis.label(scene.lang)
    drawing = canvas.svg(
        f"{display.name}-{name}",
        SIZE,
        lambda sheet: course.draw(sheet, courses, words),
        says=says,
        mark=scene.mark,
    )
    notes = (display.note(scene.lang),) if display.note else ()
    anchor = display.name if len(display.analyses) == 1 else f"{display.name}-{name}"
    return Figure(anchor, label, says, drawing, notes)


def _point(
    display: plan.Figure, scene: Scene, analysis: str, arm: str, encounter: str
) -> course.Point:
    where = {"group": arm, "encounter": encounter}
    value = scene.value(analysis, display.centre, **where)
    lower = upper = None
    if display.spread in ENDS:
        method = INTERVAL_OF_MEAN if display.spread == "interval" else None
        lower, upper = (
            scene.value(analysis, end, method=method, **where) for end in ENDS[display.spread]
        )
    elif display.spread in {"sd", "se"}:
        spread = scene.value(analysis, display.spread, **where)
        if value is not None and spread is not None:
            lower, upper = value - spread, value + spread
    observed = scene.value(analysis, "n", **where)
    return course.Point(scene.week(encounter), value, lower, upper, observed)


def ends(courses: list[course.Course], scene: Scene, decimals: int) -> str:
    """First and last value of every course, in words, for those who do not see the drawing."""
    sentences = [
        scene.say["course end"].format(
            arm=line.label,
            values=scene.listed(
                scene.say["at week"].format(
                    value=number(point.value, decimals), week=f"{point.week:g}"
                )
                for point in dict.fromkeys((line.points[0], line.points[-1]))
            ),
        )
        for line in courses
        if line.points
    ]
    return " ".join(sentences)
