"""The report as a PDF: the same bytes every time, tagged for screen readers."""

from __future__ import annotations

import json
import math
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from equipoise.analysis.displays.display import Badge, Cell, Figure, Table
from equipoise.analysis.displays.drawing import canvas
from equipoise.analysis.displays.words import words
from equipoise.analysis.report import contents
from equipoise.analysis.report.contents import Numbered, Paragraph, Placed, Report
from equipoise.errors import OutputError

if TYPE_CHECKING:
    import typst

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"
CHINESE: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
CHINESE_SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
EPOCH: Final = 0  # creation time written into the file; a clock would change its bytes


def has_chinese_letters() -> bool:
    """Whether this machine has a font for Chinese words in a PDF."""
    return not {*CHINESE, *CHINESE_SERIF}.isdisjoint(_fonts(system=True).families())


@cache
def _fonts(*, system: bool) -> typst.Fonts:
    """Letters of the libraries, so that all machines set alike; for Chinese the system's too."""
    import matplotlib as mpl
    import typst

    own = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=system, font_paths=[own])


def _fonts_for(text: str) -> typst.Fonts:
    return _fonts(system=any(east_asian_width(letter) in "WF" for letter in text))


def write_pdf(report: Report, target: Path) -> None:
    """Set the report.

    Raises:
        OutputError: The typesetter refuses it.
    """
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(TEMPLATE, root / "report.typ")
        tree = json.dumps(_tree(report, root), ensure_ascii=False)
        (root / "report.json").write_text(tree, encoding="utf-8")
        try:
            typst.compile(
                root / "report.typ",
                target,
                font_paths=_fonts_for(tree),
                timestamp=EPOCH,
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            raise OutputError(f"{target.name} cannot be typeset: {error.diagnostic}") from error


def write_figure(figure: Figure, target: Path) -> None:
    """Write one drawing as a PDF of its own size."""
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "figure.svg").write_text(_fit_for_print(figure.svg), encoding="utf-8")
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("figure.svg")\n'
        (root / "figure.typ").write_text(page, encoding="utf-8")
        fonts = _fonts_for(figure.svg)
        typst.compile(root / "figure.typ", target, font_paths=fonts, timestamp=EPOCH)


def _fit_for_print(svg: str) -> str:
    """A drawing in the letters that it was laid out in."""
    families = ", ".join(f"'{family}'" for family in CHINESE)
    return svg.replace(canvas.SHOWN_IN, f"{canvas.DRAWN_IN}, {families}")


def _tree(report: Report, root: Path) -> dict[str, object]:
    say = words("zh" if report.lang == "zh" else "en")
    status = f"{report.status}: " if report.status else ""
    return {
        "stop": say["stop"],
        "gap": say["between sentences"],
        "lang": report.lang,
        "heading": f"{status}{report.title}",
        "title": report.title,
        "subtitle": report.subtitle,
        "identifiers": report.identifiers,
        "status": report.status,
        "banner": report.banner,
        "sections": [
            {"title": section.title, "blocks": [_block(block, root) for block in section.blocks]}
            for section in report.sections
        ],
    }


def _block(block: Placed, root: Path) -> dict[str, object]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lead": block.lead, "text": block.text}
    if isinstance(block, contents.Row):
        return {"kind": "row", "figures": [_figure(one, root) for one in block.figures]}
    return _figure(block, root) if isinstance(block.display, Figure) else _table(block)


def _figure(placed: Numbered, root: Path) -> dict[str, object]:
    figure = placed.display
    assert isinstance(figure, Figure)  # noqa: S101 - the caller has looked
    file = f"{placed.anchor}.svg"
    (root / file).write_text(_fit_for_print(figure.svg), encoding="utf-8")
    return {
        "kind": "figure",
        "label": placed.label,
        "title": figure.title,
        "says": figure.description,
        "notes": figure.notes,
        "file": file,
    }


def _table(placed: Numbered) -> dict[str, object]:
    table = placed.display
    assert isinstance(table, Table)  # noqa: S101 - the caller has looked
    return {
        "kind": "table",
        "label": placed.label,
        "title": table.title,
        "columns": table.columns,
        "spans": table.spans,
        "widths": _widths(table),
        "prose": table.prose,
        "notes": table.notes,
        "rows": [
            {
                "label": row.label,
                "cells": [_cell(cell) for cell in row.cells],
                "indent": row.indent,
                "strong": row.strong,
            }
            for row in table.rows
        ],
    }


def _cell(cell: Cell) -> str | dict[str, str]:
    return cell if isinstance(cell, str) else {"text": cell.text, "tone": cell.tone}


def _widths(table: Table) -> list[float | None]:
    """Shares of the page for columns of prose, by how long their words are; none for badges."""
    rows = ((row.label, *row.cells) for row in table.rows if row.cells)
    return [_share(column) for column in zip(*rows, strict=True)]


def _share(column: tuple[Cell, ...]) -> float | None:
    if any(isinstance(cell, Badge) for cell in column):
        return None
    lengths = [canvas.ems(str(cell)) for cell in column]
    return max(3.0, math.sqrt(sum(lengths) / len(lengths) + max(lengths) / 4))
