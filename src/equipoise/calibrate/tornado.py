"""Tornado figure: what moves a result most, longest bar on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

LINE = 0.19  # height of a bar, inches
MOST = 15  # bars


class Bar(NamedTuple):
    """A lever: the change of the result when it is moved down and when it is moved up."""

    lever: str
    step: str
    down: float
    up: float


def tornado(bars: Sequence[Bar], *, axis: str, name: str = "tornado") -> str:
    """Draw the levers that move a result most, as an SVG element.

    Args:
        bars: In any order.
        axis: What the axis measures, with its unit.
        name: Prefix of ids.
    """
    longest = sorted(bars, key=lambda bar: -max(abs(bar.down), abs(bar.up)))[:MOST]
    size = (canvas.DOUBLE, 0.95 + LINE * len(longest))
    says = f"What changes {axis} most: " + ", ".join(bar.lever for bar in longest[:3])
    return canvas.svg(
        name, size, lambda sheet: _draw(sheet, longest, axis), says=says, mark="Simulated"
    )


def _draw(sheet: Sheet, bars: Sequence[Bar], axis: str) -> None:
    plot = canvas.axes(sheet, 2.6, 0.62, 0.15, 0.1)
    plot.spines["left"].set_visible(False)
    plot.set_ylim(len(bars) - 0.4, -0.6)
    plot.axvline(0, color=canvas.RULE, lw=0.8, zorder=0)
    down, up = canvas.LOOKS[0], canvas.LOOKS[1]
    for place, bar in enumerate(bars):
        plot.barh(place, bar.up, 0.62, color=up.colour, edgecolor=up.colour, linewidth=0.7)
        plot.barh(
            place,
            bar.down,
            0.62,
            color="white",
            edgecolor=down.colour,
            hatch="/////",
            linewidth=0.7,
        )
    plot.set_yticks(range(len(bars)), [f"{bar.lever}, {bar.step}" for bar in bars])
    plot.tick_params(axis="y", length=0)
    plot.set_xlabel(axis, labelpad=2)
    height = sheet.get_size_inches()[1]
    sheet.text(0.01, 0.1 / height, "filled: moved up", size=6.8, color=up.colour, va="center")
    sheet.text(0.2, 0.1 / height, "hatched: moved down", size=6.8, color=down.colour, va="center")
