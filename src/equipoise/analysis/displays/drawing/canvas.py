"""The sheet that figures are drawn on: sizes, colours, letters, and the same bytes every time.

Text stays text: a browser shows it, Chinese too, with the fonts that it has. Nothing is placed by
measuring text with an installed font, so the bytes do not depend on the machine.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Sheet

SINGLE, DOUBLE = 3.5, 7.0  # column widths of a journal, inches
INK, FAINT, RULE = "#1a1a1a", "#5a5a5a", "#b8b8b8"
STRIP: Final = 10  # height of the strip for the mark, points
DRAWN_IN: Final = "'DejaVu Sans'"
SHOWN_IN: Final = (
    "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', 'PingFang SC', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
)
STYLE: Final[Mapping[str, object]] = {
    "svg.hashsalt": "equipoise",
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": 7.5,
    "axes.titlesize": 8,
    "axes.titleweight": "bold",
    "axes.labelsize": 7.5,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 1.3,
    "lines.markersize": 4.5,
    "text.parse_math": False,
}


class Look(NamedTuple):
    """How one group is drawn: apart by colour, by marker and by line."""

    colour: str
    marker: str
    line: str


# Okabe M, Ito K. Color universal design, 2008 (vermilion darkened to be legible as text on white)
LOOKS: Final = (
    Look("#0072B2", "o", "-"),
    Look("#B84A00", "s", (0, (4, 1.6))),  # type: ignore[arg-type]  # a dash pattern is a line style
    Look("#00785A", "^", "-."),
    Look("#A0497A", "D", ":"),
    Look("#6B5B00", "v", "-"),
    Look("#3A3A3A", "P", "--"),
)


def svg(
    name: str,
    size: tuple[float, float],
    draw: Callable[[Sheet], None],
    *,
    says: str,
    mark: str = "",
) -> str:
    """Draw on a sheet of this size (inches) and return it as an ``<svg>`` element.

    Args:
        name: Prefix of every id, so that several drawings live on one page.
        size: Width and height, inches.
        draw: Draws on the empty sheet.
        says: What the figure shows, in a sentence.
        mark: Written at the foot, below the drawing.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure as Sheet

    text = StringIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        # letters that the drawing font lacks (Chinese) are still written, as text
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from")
        sheet = Sheet(figsize=size)
        draw(sheet)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        sheet.savefig(text, format="svg", metadata=nothing, transparent=True)
    return _marked(_alone(text.getvalue(), name, says), size, mark)


def _alone(text: str, name: str, says: str) -> str:
    """The bare element, with its own ids, a description and fonts that other machines have."""
    element = text[text.index("<svg") :].strip()
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
    for mark in ('id="', 'href="#', "url(#"):
        element = element.replace(mark, f"{mark}{prefix}-")
    element = element.replace(DRAWN_IN, SHOWN_IN)
    element = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", element, flags=re.DOTALL)
    label = (
        f'<svg role="img" aria-labelledby="{prefix}-says" '
        'stroke-linejoin="round" stroke-linecap="butt"'
    )
    title = f'<title id="{prefix}-says">{escape(says)}</title>'
    head, body = element.split(">", 1)
    return f"{head.replace('<svg', label, 1)}>\n {title}{body}\n"


def _marked(element: str, size: tuple[float, float], mark: str) -> str:
    """The drawing with a strip below it that says ``mark``."""
    if not mark:
        return element
    width, height = (72 * side for side in size)
    deeper = height + STRIP
    element = re.sub(r'height="[^"]*pt"', f'height="{deeper:g}pt"', element, count=1)
    view = f'viewBox="0 0 {width:g} {deeper:g}"'
    element = re.sub(r'viewBox="[^"]*"', view, element, count=1)
    style = f"font-size: 6.5px; font-family: {SHOWN_IN}; text-anchor: end; fill: #8a3700"
    text = f'<text style="{style}" x="{width - 1:g}" y="{deeper - 2:g}">{escape(mark)}</text>'
    return element.replace("</svg>", f"{text}\n</svg>")


def axes(sheet: Sheet, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes with these margins, inches."""
    width, height = sheet.get_size_inches()
    box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height)
    return sheet.add_axes(box)


LINE: Final = 0.135  # height of a line of small text, inches


def headline(sheet: Sheet, words: str) -> int:
    """Write what the axis measures above the plot, left; return how many lines it took."""
    width, height = sheet.get_size_inches()
    lines = wrapped(words, width * 72 / 7.5 - 1)
    for index, line in enumerate(lines):
        sheet.text(0.01, 1 - (0.03 + LINE * index) / height, line, va="top")
    return len(lines)


class Under(NamedTuple):
    """A row of numbers under a plot: whose, and what stands below which place of the axis."""

    label: str
    look: Look
    texts: tuple[tuple[float, str], ...]


def under(sheet: Sheet, plot: Axes, title: str, rows: Sequence[Under]) -> None:
    """Write rows of numbers at the foot of the sheet, each below its place of the axis."""
    height = sheet.get_size_inches()[1]
    top = LINE * (len(rows) + 0.75)
    sheet.text(0.01, top / height, title, size=6.5, color=FAINT, va="center")
    for index, row in enumerate(rows):
        at = (top - LINE * (index + 1)) / height
        sheet.text(0.01, at, row.label, size=6.5, color=row.look.colour, va="center")
        for place, text in row.texts:
            across = plot.transData.transform((place, 0))[0] / sheet.bbox.width
            sheet.text(across, at, text, size=6.5, ha="center", va="center")


def room_under(rows: int) -> float:
    """Height that ``under`` needs, inches."""
    return LINE * (rows + 1.2)


def ems(text: str) -> float:
    """How wide a text may be at most, in ems: full for Chinese, 0.6 for Latin letters."""
    return sum(1.0 if east_asian_width(letter) in "WF" else 0.6 for letter in text)


def wrapped(text: str, width: float, *, hang: str = "") -> list[str]:
    r"""Break a text into lines no wider than ``width`` ems, between words or Chinese characters.

    >>> wrapped("Lost to follow-up (n\u00a0=\u00a06)", 9)
    ['Lost to', 'follow-up', '(n\xa0=\xa06)']
    """
    lines: list[str] = []
    line = ""
    for piece in re.findall(r" +|[\u2e80-\uffef]|[^ \u2e80-\uffef]+", text):
        if line.strip() and ems(line + piece) > width and piece not in "，。；：）、":
            lines.append(line.rstrip())
            line = hang
            piece = piece.lstrip()  # noqa: PLW2901  # a break swallows the space
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def apart(heights: list[float], gap: float) -> list[float]:
    """Move labels up or down, as little as their order allows, until they are ``gap`` apart.

    >>> apart([1.0, 1.2, 5.0], 1.0)
    [0.6, 1.6, 5.0]
    """
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        while len(clusters) > 1 and _touch(clusters[-2], clusters[-1], heights, gap):
            last = clusters.pop()
            clusters[-1] += last
    placed = [0.0] * len(heights)
    for cluster in clusters:
        for step, index in enumerate(cluster):
            placed[index] = round(_low(cluster, heights, gap) + step * gap, 9)
    return placed


def _low(cluster: list[int], heights: list[float], gap: float) -> float:
    centre = sum(heights[index] for index in cluster) / len(cluster)
    return centre - gap * (len(cluster) - 1) / 2


def _touch(below: list[int], above: list[int], heights: list[float], gap: float) -> bool:
    top = _low(below, heights, gap) + gap * (len(below) - 1)
    return _low(above, heights, gap) - top < gap
