"""Drawing a CONSORT flow diagram: boxes that grow with their words, and the arrows between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from equipoise.analysis.displays.drawing import canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

LINE, PAD, GAP = 0.145, 0.07, 0.24  # a line of text, the margin in a box, between boxes; inches
LETTERS = 7.2  # points
EDGE = 0.02  # so that the last line is whole, inches
STAGES = 0.82  # width of the column with the names of the stages, inches


class Box(NamedTuple):
    """A box: a heading and, one a line, what it breaks down to."""

    head: str
    items: tuple[str, ...] = ()


class Chart(NamedTuple):
    """What the diagram says.

    Attributes:
        stages: Names of enrolment and of each level of ``arms``.
        arms: For each arm the boxes from allocation to analysis.
    """

    stages: tuple[str, ...]
    assessed: Box
    excluded: Box
    randomised: Box
    arms: tuple[tuple[Box, ...], ...]


class Frame(NamedTuple):
    """A box on the page; inches from the left and from the top."""

    left: float
    top: float
    width: float
    lines: tuple[tuple[str, bool], ...]
    deep: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.deep

    @property
    def middle(self) -> float:
        """The middle of its width."""
        return self.left + self.width / 2


def _lines(box: Box, width: float) -> tuple[tuple[str, bool], ...]:
    room = (width - 2 * PAD) * 72 / LETTERS
    head = [(line, True) for line in canvas.wrapped(box.head, room)]
    items = [(ln, False) for item in box.items for ln in canvas.wrapped(item, room, hang="   ")]
    return (*head, *items)


def _frames(boxes: Sequence[Box], lefts: Sequence[float], top: float, width: float) -> list[Frame]:
    """Boxes side by side, all as deep as the deepest."""
    lines = [_lines(box, width) for box in boxes]
    deep = 2 * PAD + LINE * max(len(one) for one in lines)
    return [Frame(left, top, width, one, deep) for left, one in zip(lefts, lines, strict=True)]


def layout(chart: Chart, width: float = canvas.DOUBLE) -> tuple[list[list[Frame]], float]:
    """Place every box; rows of frames from the top, and the height of the page, inches."""
    room = width - STAGES - EDGE
    half = (room - GAP) / 2
    top = _frames([chart.assessed], [STAGES], 0.04, half)
    beside = _frames([chart.excluded], [STAGES + half + GAP], top[0].bottom + GAP / 2, half)
    randomised = _frames([chart.randomised], [STAGES], beside[0].bottom + GAP / 2, half)
    rows = [top, beside, randomised]
    each = (room - GAP * (len(chart.arms) - 1)) / len(chart.arms)
    lefts = [STAGES + index * (each + GAP) for index in range(len(chart.arms))]
    start = randomised[0].bottom + 1.5 * GAP
    for level in zip(*chart.arms, strict=True):
        rows.append(_frames(level, lefts, start, each))
        start = rows[-1][0].bottom + GAP
    return rows, start - GAP + 0.04


def draw(sheet: Sheet, chart: Chart) -> None:
    """Draw the diagram on a sheet of the size that ``layout`` gives."""
    width, height = sheet.get_size_inches()
    page = sheet.add_axes((0, 0, 1, 1))
    page.set_axis_off()
    page.set_xlim(0, width)
    page.set_ylim(height, 0)
    rows, _ = layout(chart, width)
    for row in rows:
        for frame in row:
            _box(page, frame)
    (assessed,), (excluded,), (randomised,), *levels = rows
    _arrow(page, (assessed.middle, assessed.bottom), (randomised.middle, randomised.top))
    beside = excluded.top + excluded.deep / 2
    _arrow(page, (assessed.middle, beside), (excluded.left, beside))
    split = randomised.bottom + 0.75 * GAP
    page.plot([randomised.middle] * 2, [randomised.bottom, split], color=canvas.INK, lw=0.8)
    ends = (min(levels[0][0].middle, randomised.middle), levels[0][-1].middle)
    page.plot(ends, [split, split], color=canvas.INK, lw=0.8)
    for frame in levels[0]:
        _arrow(page, (frame.middle, split), (frame.middle, frame.top))
    for above, below in pairwise(levels):
        for start, end in zip(above, below, strict=True):
            _arrow(page, (start.middle, start.bottom), (end.middle, end.top))
    for name, row in zip(chart.stages, [rows[0], *levels], strict=True):
        for index, line in enumerate(canvas.wrapped(name, STAGES * 72 / LETTERS - 1)):
            at = row[0].top + PAD + LINE * (index + 0.5)
            page.text(0.02, at, line, size=LETTERS, weight="bold", color="#0072B2", va="center")


def _box(page: Axes, frame: Frame) -> None:
    from matplotlib.patches import Rectangle

    page.add_patch(
        Rectangle(
            (frame.left, frame.top), frame.width, frame.deep, fc="white", ec=canvas.INK, lw=0.8
        )
    )
    for index, (line, head) in enumerate(frame.lines):
        inset = PAD + LETTERS / 72 * 0.3 * (len(line) - len(line.lstrip()))
        page.text(
            frame.left + inset,
            frame.top + PAD + LINE * (index + 0.5),
            line.lstrip(),
            size=LETTERS,
            weight="bold" if head else "normal",
            va="center",
        )


def _arrow(page: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    style = {"arrowstyle": "-|>", "color": canvas.INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
    page.annotate("", xy=end, xytext=start, arrowprops={**style, "mutation_scale": 7})
