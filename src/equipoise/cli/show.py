"""What the terminal shows: progress, tables and summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from equipoise.analysis.reproduce import Finding, to_rows
from equipoise.api import Trial
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study

VERDICT_STYLE = {
    "holds": "green",
    "does not hold": "red",
    "only if": "yellow",
    "cannot be checked": "dim",
}
COLUMNS = {
    "en": ("Printed", "Recomputed", "Verdict", "Why"),
    "zh": ("原文", "重新计算", "结论", "说明"),
}


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error, told of stages by name and share done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda stage, done: bar.update(task, description=stage, completed=done)


def problems(study: str, found: Sequence[str]) -> None:
    """The problems of a study, one a line, as compilers print them."""
    console = Console(soft_wrap=True)
    for problem in found:
        console.print(problem, markup=False, highlight=False)
    console.print(f"{study}: {len(found)} problem{'s' if len(found) > 1 else ''}.", style="red")


def study(found: Study) -> None:
    """That a study is in order, and what it holds."""
    protocol = found.protocol
    cases = sum(
        len(examples)
        for file in found.cases.values()
        for part in (file.criteria, file.endpoints)
        for examples in part.values()
    )
    console = Console()
    console.print(f"[green]{found.name} {protocol.version} has no problems.[/green]")
    console.print(
        f"{len(found.arms)} arms, {len(found.encounters)} encounters, {len(found.forms)} forms, "
        f"{len(found.items)} items, {len(found.criteria)} criteria, {cases} worked cases."
    )
    for name, question in found.criteria.items():
        for warning in question.warnings:
            console.print(f"[yellow]{name}: {warning}[/yellow]")


def studies(listed: Sequence[dict[str, str]]) -> None:
    """The shipped studies."""
    table = Table("Study", "Protocol", "Title", box=box.SIMPLE)
    for row in listed:
        table.add_row(row["name"], row["version"], row["title"])
    Console().print(table)


def findings(found: Sequence[Finding], lang: Language) -> None:
    """What holds of the published numbers, what does not, and why."""
    console = Console()
    table = Table(*COLUMNS[lang], box=box.SIMPLE_HEAD, show_lines=True)
    counts: dict[str, int] = {}
    for finding, row in zip(found, to_rows(tuple(found), lang), strict=True):
        counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
        style = VERDICT_STYLE[finding.verdict]
        verdict = f"[{style}]{row['verdict']}[/{style}]"
        table.add_row(row["printed"], row["recomputed"], verdict, row["explanation"])
    console.print(table)
    console.print(", ".join(f"{number} × {verdict}" for verdict, number in counts.items()))


def run(trial: Trial) -> None:
    """The end of a run: the primary endpoint three ways, and where the report is."""
    console = Console()
    table = Table("", *trial.summary_columns(), box=box.SIMPLE_HEAD)
    for row in trial.summary_rows():
        table.add_row(*row)
    title = f"{trial.study.protocol.short_title(trial.lang)}"
    console.print(Panel(table, title=title, subtitle="simulated" if trial.simulated else None))
    console.print(f"Report: {_link(trial.report)}", soft_wrap=True)


def _link(path: Path) -> str:
    return str(path)
