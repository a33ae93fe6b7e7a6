"""Drawing estimates with their intervals in rows, words to the left, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

LINE = 0.19  # height of a row, inches
ROOM = 31  # ems that a heading may take to the left of the plot


class Whisker(NamedTuple):
    """A row: an estimate and its interval; a row without a value is a heading."""

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    text: str = ""
    look: canvas.Look = canvas.LOOKS[0]


def heading(words: str) -> list[Whisker]:
    """A heading, in as many rows as it needs beside the plot."""
    return [Whisker(line) for line in canvas.wrapped(words, ROOM)]


def height(rows: Sequence[Whisker]) -> float:
    """Height of the sheet that the rows need, inches."""
    return 0.95 + LINE * len(rows)


def draw(
    sheet: Sheet,
    rows: Sequence[Whisker],
    *,
    axis: str,
    heads: tuple[str, str],
    sides: tuple[str, str] | None = None,
) -> None:
    """Draw the rows.

    Args:
        sheet: Of the height that ``height`` gives.
        rows: From top to bottom.
        axis: What the axis measures, with its unit.
        heads: Words above the labels and above the numbers.
        sides: What lies left and right of no difference.
    """
    width, deep = sheet.get_size_inches()
    plot = canvas.axes(sheet, 3.1, 0.62, 1.55, 0.28)
    plot.spines["left"].set_visible(False)
    plot.set_yticks([])
    plot.set_ylim(len(rows) - 0.4, -0.6)
    plot.axvline(0, color=canvas.RULE, lw=0.8, zorder=0)
    for index, row in enumerate(rows):
        at = plot.transData.transform((0, index))[1] / sheet.bbox.height
        if row.value is None and not row.text:
            behind = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            sheet.text(0.005, at, row.label, weight="bold", size=7.2, va="center", bbox=behind)
        else:
            sheet.text(0.02, at, row.label, size=7.2, va="center")
            sheet.text(1 - 1.45 / width, at, row.text, size=7.2, va="center")
            _whisker(plot, index, row)
    plot.set_xlabel(axis, labelpad=2)
    sheet.text(0.005, 1 - 0.12 / deep, heads[0], size=6.8, color=canvas.FAINT, va="center")
    sheet.text(
        1 - 1.45 / width, 1 - 0.12 / deep, heads[1], size=6.8, color=canvas.FAINT, va="center"
    )
    if sides:
        _sides(sheet, plot.transData.transform((0, 0))[0] / sheet.bbox.width, sides)


def _whisker(plot: Axes, at: int, row: Whisker) -> None:
    if row.lower is not None and row.upper is not None:
        plot.hlines(at, row.lower, row.upper, color=row.look.colour, lw=1.2)
    if row.value is None:
        return
    plot.plot(
        [row.value],
        [at],
        marker=row.look.marker,
        color=row.look.colour,
        markerfacecolor=row.look.colour if row.look is canvas.LOOKS[0] else "white",
        linestyle="none",
    )


def _sides(sheet: Sheet, centre: float, sides: tuple[str, str]) -> None:
    at = 0.1 / sheet.get_size_inches()[1]
    for words, ha, shift in ((f"← {sides[0]}", "right", -0.012), (f"{sides[1]} →", "left", 0.012)):
        sheet.text(centre + shift, at, words, size=6.8, color=canvas.FAINT, ha=ha, va="center")
