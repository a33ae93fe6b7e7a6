"""Drawing published values beside ours: a panel for each quantity, a row for each visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

ROW, HEAD, FOOT, COLUMNS = 0.3, 0.44, 0.3, 2  # inches, and panels side by side
TOP = 0.3


class Dot(NamedTuple):
    """A published value and ours with its interval, in a row counted from the top."""

    row: float
    published: float
    value: float | None
    lower: float | None
    upper: float | None
    look: canvas.Look


class Panel(NamedTuple):
    """One quantity."""

    title: str
    rows: tuple[str, ...]
    dots: tuple[Dot, ...]


def _title(panel: Panel) -> list[str]:
    return canvas.wrapped(panel.title, 30)


def _deep(panels: Sequence[Panel]) -> float:
    return HEAD + FOOT + ROW * max(len(panel.rows) for panel in panels)


def _shelves(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    return [panels[at : at + COLUMNS] for at in range(0, len(panels), COLUMNS)]


def height(panels: Sequence[Panel]) -> float:
    """Height of the sheet that the panels need, inches."""
    return TOP + sum(_deep(shelf) for shelf in _shelves(panels))


def draw(
    sheet: Sheet,
    panels: Sequence[Panel],
    keys: Sequence[tuple[str, canvas.Look]],
    published: str,
) -> None:
    """Draw the panels; ``keys`` name the filled marks, ``published`` the hollow ones."""
    width, tall = sheet.get_size_inches()
    _key(sheet, keys, published)
    top = TOP
    each = width / COLUMNS
    for shelf in _shelves(panels):
        for column, panel in enumerate(shelf):
            deep = HEAD + FOOT + ROW * len(panel.rows)
            right = width - (column + 1) * each + 0.12
            plot = canvas.axes(
                sheet, column * each + 0.68, tall - top - deep + FOOT, right, top + HEAD
            )
            for line, text in enumerate(_title(panel)):
                place = (column * each / width + 0.002, 1 - (top + 0.12 + 0.13 * line) / tall)
                sheet.text(*place, text, size=7.2, weight="bold", va="center")
            _panel(plot, panel)
        top += _deep(shelf)


def _panel(plot: Axes, panel: Panel) -> None:
    plot.set_ylim(len(panel.rows) - 0.5, -0.5)
    plot.set_yticks(range(len(panel.rows)), panel.rows)
    plot.tick_params(axis="y", length=0)
    plot.spines["left"].set_visible(False)
    plot.locator_params(axis="x", nbins=5)
    for line in range(1, len(panel.rows)):
        plot.axhline(line - 0.5, color="#e4e4e4", lw=0.6, zorder=0)
    for dot in panel.dots:
        colour, marker, _ = dot.look
        if dot.lower is not None and dot.upper is not None:
            plot.hlines(dot.row, dot.lower, dot.upper, color=colour, lw=1.1)
        if dot.value is not None:
            plot.plot([dot.value], [dot.row], marker=marker, color=colour, linestyle="none")
        plot.plot(
            [dot.published],
            [dot.row],
            marker="D",
            color=canvas.INK,
            markerfacecolor="white",
            markeredgewidth=0.9,
            markersize=4,
            linestyle="none",
            zorder=4,
        )


def _key(sheet: Sheet, keys: Sequence[tuple[str, canvas.Look]], published: str) -> None:
    from matplotlib.lines import Line2D

    width, tall = sheet.get_size_inches()
    at = 0.08
    entries = [(label, look.marker, look.colour, look.colour) for label, look in keys]
    entries.append((published, "D", canvas.INK, "white"))
    for text, marker, edge, fill in entries:
        mark = Line2D(
            [at / width],
            [1 - 0.1 / tall],
            marker=marker,
            color=edge,
            markerfacecolor=fill,
            linestyle="none",
            markersize=4.5,
        )
        sheet.add_artist(mark)
        sheet.text((at + 0.08) / width, 1 - 0.1 / tall, text, size=7, va="center")
        at += 0.3 + canvas.ems(text) * 7 / 72
