"""A trial that was analysed, as a notebook and the command line show it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study
from equipoise.records import Records

if TYPE_CHECKING:
    from equipoise.analysis import Results
    from equipoise.analysis.displays import Table
    from equipoise.analysis.reproduce import Finding

LOG: Final = "trial"  # folder of the log, in that of the results


@dataclass(frozen=True, repr=False)
class Trial:
    """A trial that was analysed; a notebook shows its tables and figures.

    Attributes:
        study: The study as planned.
        records: What was recorded.
        results: Every statistic, unrounded.
        findings: What became of the published numbers.
        folder: Where everything was written.
        lang: Language of the report.
    """

    study: Study
    records: Records
    results: Results
    findings: tuple[Finding, ...]
    folder: Path
    lang: Language

    @property
    def report(self) -> Path:
        """The report as one HTML file."""
        return self.folder / "report.html"

    @property
    def simulated(self) -> bool:
        """Whether the participants were virtual."""
        return self.records.origin.kind == "simulated"

    @property
    def log(self) -> Path | None:
        """The folder of the trial's log, where the virtual participants went through the clinic."""
        folder = self.folder / LOG
        return folder if folder.is_dir() else None

    @property
    def primary(self) -> Table | None:
        """The primary endpoint: this trial, as published, recomputed; None if none is planned."""
        from equipoise.analysis.displays import Scene
        from equipoise.analysis.displays.beside import primary_three_ways

        scene = Scene(self.study, self.results, self.findings, self.lang, simulated=self.simulated)
        return primary_three_ways(scene)

    def summary(self) -> dict[str, object]:
        """What a program wants to know of the run; numbers are unrounded."""
        import polars as pl

        estimands = self.study.planned().estimands
        found = self.results.results
        rows = found.filter(pl.col("analysis") == estimands[0].analysis) if estimands else found[:0]
        kept = ("endpoint", "encounter", "group", "statistic", "value", "unit", "method")
        told = asdict(self.records.origin) | {"report": str(self.report)}
        return told | {"primary": rows.select(kept).to_dicts()}

    def __repr__(self) -> str:
        kind = self.records.origin.kind
        return f"<Trial of {self.study.name}, {kind}, in {self.folder}>"

    def _repr_html_(self) -> str:
        from equipoise.analysis.report import inline_html

        return inline_html(self.study, self.results, self.findings, self.records.origin, self.lang)
