"""What the terminal shows of many trials: power by scenario, size, sweep."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from equipoise.cli.courses import show as show_courses
from equipoise.protocol.model import Language
from equipoise.trials.characteristics import Characteristics
from equipoise.trials.measured import Measured
from equipoise.trials.report.ademp import main_analysis, size_found, uncertainty
from equipoise.trials.report.words import limits, say, written


def _told(measured: Measured | None, scale: float) -> str:
    """A measure in a cell of the terminal: its limits have a line of their own."""
    lines = written(measured, scale=scale), limits(measured, scale=scale)
    return "\n".join(filter(None, lines))


def show(found: Characteristics, folder: Path, lang: Language) -> None:
    """The end of a run on the terminal: power by scenario, size, sweep, and where the report is."""
    words, console = say(lang), Console(highlight=False, markup=False)
    title = found.study.protocol.short_title(lang)
    console.print(
        Text(title, "bold"),
        f"· {words['simulated']}, {words['seed']} {found.seed}, {words['trials']} {found.trials:,}",
    )
    console.print(main_analysis(found, lang))
    console.print(uncertainty(found, lang))
    heads = ("scenario", "participants", "estimate", "power", "bias", "coverage")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in heads:
        table.add_column(words[head], min_width=4 if head == "scenario" else 12)
    for outcome in found.outcomes:
        key = outcome.estimating(found.main)
        people = str(outcome.design.study.protocol.allocation.participants.value)
        cells = [
            _told(outcome.measure(of, name), scale)
            for of, name, scale in (
                (key, "mean", 1),
                (found.main, "power", 100),
                (key, "bias", 1),
                (key, "coverage", 100),
            )
        ]
        table.add_row(outcome.design.scenario.label(lang), people, *cells)
    console.print(table)
    if len(found.courses) == 1:  # those of several scenarios are in the folder
        show_courses(found.courses[0], lang)
    if found.size:
        console.print(size_found(found.size, found.trials, lang))
    if found.sweep:
        names = (*found.sweep.names, words["power"])
        swept = Table(*names, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for point, power in found.sweep.points():
            swept.add_row(*point, _told(power, 100))
        console.print(swept)
    console.print(f"{words['report']}: {folder / 'report.html'}", soft_wrap=True)
