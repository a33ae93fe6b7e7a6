"""Drawing a course over time: one line an arm, its error bars, and how many were observed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas
from equipoise.analysis.displays.rounding import count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet


class Point(NamedTuple):
    """One group at one time; ``lower`` and ``upper`` end its error bar."""

    week: float
    value: float | None
    lower: float | None
    upper: float | None
    observed: float | None


class Course(NamedTuple):
    """One group over time."""

    label: str
    look: canvas.Look
    points: tuple[Point, ...]


class Words(NamedTuple):
    """What is written on the axes."""

    value: str
    week: str
    observed: str


def draw(sheet: Sheet, courses: Sequence[Course], words: Words) -> None:
    """Draw the courses on a sheet: lines above, numbers observed below."""
    above = 0.14 + canvas.LINE * canvas.headline(sheet, words.value)
    plot = canvas.axes(sheet, 0.62, 0.4 + canvas.room_under(len(courses)), 0.78, above)
    weeks = sorted({point.week for course in courses for point in course.points})
    step = (weeks[-1] - weeks[0]) / 100 if len(weeks) > 1 else 0.1
    for index, course in enumerate(courses):
        _line(plot, course, (index - (len(courses) - 1) / 2) * 1.6 * step, dense=len(weeks) > 12)
    ticks = weeks if len(weeks) <= 12 else [week for week in weeks if week % 8 == 0]
    plot.set_xticks(ticks, [f"{week:g}" for week in ticks])
    plot.set_xlim(weeks[0] - 5 * step, weeks[-1] + 4 * step)
    plot.set_xlabel(words.week, labelpad=2)
    _names(sheet, plot, courses)
    rows = [
        canvas.Under(
            course.label,
            course.look,
            tuple((p.week, count(p.observed)) for p in course.points if p.week in ticks),
        )
        for course in courses
    ]
    canvas.under(sheet, plot, words.observed, rows)


def _line(plot: Axes, course: Course, shift: float, *, dense: bool) -> None:
    seen = [(p.week + shift, p.value) for p in course.points if p.value is not None]
    bars = [
        (p.week + shift, p.lower, p.upper)
        for p in course.points
        if p.lower is not None and p.upper is not None
    ]
    colour, marker, style = course.look
    weeks, lower, upper = ([float(bar[part]) for bar in bars] for part in range(3))
    if dense:
        plot.fill_between(weeks, lower, upper, color=colour, alpha=0.16, linewidth=0)
    else:
        plot.vlines(weeks, lower, upper, color=colour, lw=0.9)
    fill = "white" if course.look is not canvas.LOOKS[0] else colour
    plot.plot(
        [week for week, _ in seen],
        [value for _, value in seen],
        color=colour,
        linestyle=style,
        marker=marker,
        markevery=4 if dense else 1,
        markersize=3.5 if dense else 4.5,
        markerfacecolor=fill,
        markeredgewidth=0.9,
        clip_on=False,
        zorder=3,
    )


def _names(sheet: Sheet, plot: Axes, courses: Sequence[Course]) -> None:
    """Write each group's name at the end of its line, no name on another."""
    ends: dict[str, float] = {}
    for course in courses:
        for point in course.points:
            if point.value is not None:
                ends[course.label] = point.value
    low, high = plot.get_ylim()
    gap = (high - low) * canvas.LINE / (plot.get_position().height * sheet.get_size_inches()[1])
    heights = canvas.apart(list(ends.values()), gap)
    plot.set_ylim(low, high)
    looks = {course.label: course.look for course in courses}
    right = plot.get_xlim()[1]
    for label, height in zip(ends, heights, strict=True):
        for row, line in enumerate(canvas.wrapped(label, 7.5)):
            plot.text(
                right,
                height - row * gap * 0.95,
                line,
                color=looks[label].colour,
                weight="bold",
                size=7,
                va="center",
            )
