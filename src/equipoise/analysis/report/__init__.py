"""The report of a trial: one HTML file, one PDF, and its figures as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.analysis.displays import Gallery, Scene, show
from equipoise.analysis.displays.beside import agreement, holding, primary_three_ways
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study
from equipoise.records import Origin

if TYPE_CHECKING:
    from equipoise.analysis.displays import Display
    from equipoise.analysis.reproduce import Finding
    from equipoise.analysis.results import Results

__all__ = ["inline_html", "write_report"]


def write_report(
    study: Study,
    results: Results,
    findings: tuple[Finding, ...],
    origin: Origin,
    folder: Path,
    *,
    lang: Language = "en",
) -> list[Path]:
    """Write ``report.html``, ``report.pdf`` and ``figures/`` into a folder.

    Args:
        study: The study as planned.
        results: What the analysis found.
        findings: What became of the published numbers.
        origin: What made the records; virtual participants are called simulated on every page.
        folder: Where the report goes; hashes of the files in its folder ``records`` are reported.
        lang: Language of the report.

    Returns:
        The files that were written.
    """
    from equipoise.analysis.report import html, pdf
    from equipoise.analysis.report.contents import figures
    from equipoise.analysis.report.provenance import hashes
    from equipoise.analysis.report.sections import report

    scene = Scene(study, results, findings, lang, simulated=origin.kind == "simulated")
    made = report(scene, origin, hashes(folder / "records"))
    written = [folder / "report.html", folder / "report.pdf"]
    written[0].write_text(html.page(made), encoding="utf-8", newline="\n")
    pdf.write_pdf(made, written[1])
    (folder / "figures").mkdir(exist_ok=True)
    for name, figure in figures(made):
        drawing = folder / "figures" / f"{name}.svg"
        drawing.write_text(figure.svg, encoding="utf-8", newline="\n")
        pdf.write_figure(figure, drawing.with_suffix(".pdf"))
        written += [drawing, drawing.with_suffix(".pdf")]
    return written


def inline_html(
    study: Study,
    results: Results,
    findings: tuple[Finding, ...],
    origin: Origin,
    lang: Language = "en",
) -> str:
    """The primary endpoint, every table and figure of the plan, and what holds, for a notebook."""
    scene = Scene(study, results, findings, lang, simulated=origin.kind == "simulated")

    def displays() -> Iterator[Display | None]:
        yield primary_three_ways(scene)
        for display in study.planned().displays:
            yield from show(display, scene)
        yield agreement(scene)
        yield holding(scene)

    gallery = Gallery([display for display in displays() if display])
    label = f"<p><strong>{scene.say['simulated']}.</strong> {scene.say['simulated banner']}</p>"
    return (label if scene.simulated else "") + gallery._repr_html_()
