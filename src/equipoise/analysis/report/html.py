"""The report as one HTML file that needs nothing beside it."""

from __future__ import annotations

from pathlib import Path

from equipoise.analysis.displays.display import Badge, Figure
from equipoise.analysis.displays.words import words
from equipoise.analysis.report.contents import Numbered, Paragraph, Report, Row

TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> str:
    """Fill in the template of the report."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["paragraph"] = lambda block: isinstance(block, Paragraph)
    environment.tests["figure_row"] = lambda block: isinstance(block, Row)
    environment.tests["figure"] = lambda block: isinstance(block.display, Figure)
    environment.tests["badge"] = lambda cell: isinstance(cell, Badge)
    environment.filters["inline"] = _inline
    filled = environment.get_template("report.html").render(
        report=report,
        say=words("zh" if report.lang == "zh" else "en"),
        css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )
    return filled.lstrip()


def _inline(placed: Numbered) -> str:
    """The drawing of a figure, marked as safe: ``canvas.svg`` wrote it and escaped its words."""
    from markupsafe import Markup

    if not isinstance(placed.display, Figure):
        raise TypeError(f"{placed.display.name} is not a figure")
    return Markup(placed.display.svg)  # noqa: S704 - see above
