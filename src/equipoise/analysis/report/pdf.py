"""The report as a PDF: the same bytes every time, tagged for screen readers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from equipoise.analysis.displays.display import Badge, Figure, Table
from equipoise.analysis.displays.drawing import canvas
from equipoise.analysis.report import contents
from equipoise.analysis.report.contents import Numbered, Paragraph, Placed, Report
from equipoise.errors import OutputError

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"
CHINESE: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei")
CHINESE_SERIF: Final = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
EPOCH: Final = 0  # creation time written into the file; a clock would change its bytes


def has_chinese_letters() -> bool:
    """Whether this machine has a font for a Chinese PDF."""
    import typst

    return not {*CHINESE, *CHINESE_SERIF}.isdisjoint(typst.Fonts().families())


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
            options = _options(report.lang)
            typst.compile(root / "report.typ", target, **options, pdf_standards="ua-1")
        except typst.TypstError as error:
            raise OutputError(f"{target.name} cannot be typeset: {error.diagnostic}") from error


def write_figure(figure: Figure, lang: str, target: Path) -> None:
    """Write one drawing as a PDF of its own size."""
    import typst

    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "figure.svg").write_text(_fit_for_print(figure.svg), encoding="utf-8")
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("figure.svg")\n'
        (root / "figure.typ").write_text(page, encoding="utf-8")
        typst.compile(root / "figure.typ", target, **_options(lang))


def _options(lang: str) -> dict[str, Any]:
    """Letters come with the libraries, so that all machines set alike; only Chinese ones do not."""
    import matplotlib as mpl

    return {
        "font_paths": [Path(mpl.get_data_path()) / "fonts" / "ttf"],
        "ignore_system_fonts": lang != "zh",
        "timestamp": EPOCH,
    }


def _fit_for_print(svg: str) -> str:
    """A drawing in the letters that it was laid out in."""
    families = ", ".join(f"'{family}'" for family in CHINESE)
    return svg.replace(canvas.SHOWN_IN, f"{canvas.DRAWN_IN}, {families}")


def _tree(report: Report, root: Path) -> dict[str, object]:
    status = f"{report.status}: " if report.status else ""
    return {
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


def _cell(cell: str | Badge) -> str | dict[str, str]:
    return cell if isinstance(cell, str) else {"text": cell.text, "tone": cell.tone}


def _widths(table: Table) -> list[float]:
    """Shares of the page for columns of prose: by the square root of the words in them."""
    columns = zip(*([row.label, *row.cells] for row in table.rows if row.cells), strict=True)
    return [max(3.0, _length(column) ** 0.5) for column in columns]


def _length(column: Iterable[object]) -> float:
    lengths = [canvas.ems(str(cell)) for cell in column]
    return sum(lengths) / len(lengths) + max(lengths) / 4
