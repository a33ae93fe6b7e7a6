"""The report: aims, data-generating mechanism, estimands, methods, performance.

It is made of the tables, drawings and pages of ``equipoise.analysis``, and always says that its
numbers are simulated.
"""

from __future__ import annotations

from pathlib import Path

from equipoise.protocol.model import Language
from equipoise.trials.characteristics import Characteristics


def write_report(found: Characteristics, folder: Path, *, lang: Language = "en") -> list[Path]:
    """Write ``report.html``, ``report.pdf`` and ``figures/`` into a folder.

    Args:
        found: What was found.
        folder: Where the report goes.
        lang: Its language.

    Returns:
        The files that were written.
    """
    from equipoise.analysis.report import html, pdf
    from equipoise.analysis.report.contents import figures
    from equipoise.trials.report.ademp import report

    made = report(found, lang)
    written = [folder / "report.html", folder / "report.pdf"]
    written[0].write_text(html.page(made), encoding="utf-8", newline="\n")
    pdf.write_pdf(made, written[1])
    (folder / "figures").mkdir(exist_ok=True)
    for name, figure in figures(made):
        drawing = folder / "figures" / f"{name}.svg"
        drawing.write_text(figure.svg, encoding="utf-8", newline="\n")
        written.append(drawing)
    return written
