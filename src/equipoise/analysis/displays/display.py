"""What a display is: a table of words or a drawing, free of the page that it is put on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal, NamedTuple

Tone = Literal["plain", "good", "partly", "bad", "assumed"]


class Badge(NamedTuple):
    """A word that is to catch the eye: a verdict, a source."""

    text: str
    tone: Tone

    def __str__(self) -> str:
        return self.text


Cell = str | Badge


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label and its cells. A heading row has no cells and spans the table.

    Attributes:
        indent: How many steps the label stands to the right.
        strong: The row is what the reader came for.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    indent: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is read, every number already rounded.

    Attributes:
        columns: Words above the label column and above each column of cells.
        spans: Words above several columns of cells, and how many; none if there are no such words.
        prose: Cells are sentences, not numbers, so they are set ragged.
        stacks: On a narrow screen each row becomes a block of lines, as rows of prose always do.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    spans: tuple[tuple[str, int], ...] = ()
    prose: bool = False
    stacks: bool = False

    def _repr_html_(self) -> str:
        """The table as a notebook shows it."""
        head = "".join(f'<th scope="col">{escape(word)}</th>' for word in self.columns)
        over = "".join(
            f'<th scope="colgroup" colspan="{width}">{escape(word)}</th>'
            for word, width in self.spans
        )
        above = f"<tr><td></td>{over}</tr>" if self.spans else ""
        body = "".join(_notebook_row(row, len(self.columns)) for row in self.rows)
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        caption = f"<caption><b>{escape(self.title)}</b></caption>"
        top = f"<thead>{above}<tr>{head}</tr></thead>"
        return f"<table>{caption}{top}<tbody>{body}</tbody></table>{notes}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing.

    Attributes:
        description: What the figure shows, in words, for those who do not see it.
        svg: The drawing, an ``<svg>`` element that needs nothing beside it.
        wide: It needs the full width of a page.
    """

    name: str
    title: str
    description: str
    svg: str
    notes: tuple[str, ...] = ()
    wide: bool = field(default=False, kw_only=True)

    def _repr_html_(self) -> str:
        """The figure as a notebook shows it."""
        caption = " ".join((f"<b>{escape(self.title)}</b>", *map(escape, self.notes)))
        return f"<figure>{self.svg}<figcaption>{caption}</figcaption></figure>"


Display = Table | Figure


@dataclass(frozen=True, slots=True)
class Gallery:
    """Displays one below the other, as a notebook shows them."""

    displays: Sequence[Display]

    def _repr_html_(self) -> str:
        return "\n".join(display._repr_html_() for display in self.displays)


def _notebook_row(row: Row, width: int) -> str:
    label = escape(row.label)
    if not row.cells:
        return f'<tr><th scope="rowgroup" colspan="{width}" align="left">{label}</th></tr>'
    style = f' style="padding-left:{1 + row.indent}em;text-align:left"'
    cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in row.cells)
    return f'<tr><th scope="row"{style}>{label}</th>{cells}</tr>'
