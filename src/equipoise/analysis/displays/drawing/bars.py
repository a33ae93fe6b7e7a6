"""Drawing percentages as bars side by side, with their intervals and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas
from equipoise.analysis.displays.rounding import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet


class Bar(NamedTuple):
    """One group at one time: percent with its interval, and the counts behind it."""

    percent: float | None
    lower: float | None
    upper: float | None
    events: float | None
    n: float | None


class Bars(NamedTuple):
    """One group at each time."""

    label: str
    look: canvas.Look
    bars: tuple[Bar, ...]


def draw(
    sheet: Sheet, groups: Sequence[Bars], times: Sequence[str], words: tuple[str, str]
) -> None:
    """Draw the bars; ``words`` are the axis' and those above the counts."""
    above = 0.14 + canvas.LINE * canvas.headline(sheet, words[0])
    plot = canvas.axes(sheet, 0.75, 0.22 + canvas.room_under(len(groups)), 0.1, above)
    each = 0.76 / len(groups)
    for index, group in enumerate(groups):
        for at, bar in enumerate(group.bars):
            _bar(plot, at + (index - (len(groups) - 1) / 2) * each, each * 0.86, bar, group.look)
    plot.set_xticks(range(len(times)), times)
    plot.tick_params(axis="x", length=0)
    plot.set_xlim(-0.55, len(times) - 0.45)
    tops = [bar.upper or bar.percent or 0 for group in groups for bar in group.bars]
    plot.set_ylim(0, min(100, max(10, *tops) * 1.1))
    rows = [
        canvas.Under(
            group.label,
            group.look,
            tuple((at, f"{count(b.events)}/{count(b.n)}") for at, b in enumerate(group.bars)),
        )
        for group in groups
    ]
    canvas.under(sheet, plot, words[1], rows)


def _bar(plot: Axes, middle: float, width: float, bar: Bar, look: canvas.Look) -> None:
    if bar.percent is None:
        return
    first = look is canvas.LOOKS[0]
    plot.bar(
        middle,
        bar.percent,
        width,
        color=look.colour if first else "white",
        edgecolor=look.colour,
        hatch=None if first else "/////",
        linewidth=0.9,
    )
    if bar.lower is not None and bar.upper is not None:
        plot.vlines(middle, bar.lower, bar.upper, color=canvas.INK, lw=0.9)
    plot.text(
        middle,
        (bar.upper or bar.percent),
        number(bar.percent, 0),
        size=6.5,
        ha="center",
        va="bottom",
    )
