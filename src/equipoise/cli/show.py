"""What the terminal shows: progress, tables and summaries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text as RichText

from equipoise.analysis.reproduce import Finding, in_short
from equipoise.api import Trial
from equipoise.protocol.model import Language, Text
from equipoise.protocol.published_checks import Verdict
from equipoise.protocol.whole import Study

WIDE = 120  # columns from which findings are shown as a table
VERDICTS: dict[Verdict, tuple[Text, str]] = {  # in the order of interest, with its colour
    "does not hold": (Text(en="Does not hold", zh="不成立"), "red"),
    "only if": (Text(en="Holds only under a condition", zh="仅在特定条件下成立"), "yellow"),
    "holds": (Text(en="Holds", zh="成立"), "green"),
    "cannot be checked": (Text(en="Cannot be checked", zh="无法核对"), "blue"),
}
HEADS = {
    "en": ("What", "Published", "Recomputed", "Why"),
    "zh": ("内容", "发表数值", "重新计算", "说明"),
}
ALL = {"en": "All", "zh": "共"}
SIMULATED = {"en": "Simulated", "zh": "模拟"}
SEED = {"en": ", seed {seed}", "zh": "，种子 {seed}"}
REPORT = {"en": "Report", "zh": "报告"}
LOG = {"en": "Trial", "zh": "试验日志"}
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"  # characters between which a line may end
_WORD = rf"[^\s“”{_WIDE}]+"
_PIECE = re.compile(  # what stays on one line: a word, what clings to it, punctuation
    rf"[（“]*(?:{_WORD}(?: [±<=>] {_WORD}| %[,;.]?)*|[{_WIDE}])[，。；：）、”]*\s*"
)


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Callable[[str, float], None]]:
    """A bar on standard error, told of stages by name and share done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True, quiet=quiet)
    if not console.is_terminal:
        yield _told_line_by_line(console)
        return
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Starting", total=1.0)
        yield lambda stage, done: bar.update(task, description=stage, completed=done)


def _told_line_by_line(console: Console) -> Callable[[str, float], None]:
    """Progress for a log file: each stage once, as it begins."""
    told: set[str] = set()

    def tell(stage: str, _: float) -> None:
        if stage not in told:
            told.add(stage)
            console.print(stage, highlight=False)

    return tell


def problems(study: str, found: Sequence[str]) -> None:
    """The problems of a study, one a line, as compilers print them."""
    console = Console(soft_wrap=True)
    for problem in found:
        console.print(problem, markup=False, highlight=False)
    number = f"{len(found)} problem{'s' if len(found) > 1 else ''}"
    console.print(f"{study}: {number}; more may show when mended.", style="red", highlight=False)


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
    """What became of the published numbers: those that do not hold first, and a count."""
    console = Console(highlight=False)
    counts = []
    for verdict, (heading, colour) in VERDICTS.items():
        these = [finding for finding in found if finding.verdict == verdict]
        if not these:
            continue
        counts.append(f"{heading(lang)} {len(these)}")
        title = RichText(f"{heading(lang)} · {len(these)}", style=f"bold {colour}")
        console.rule(title, align="left", style=colour)
        with_numbers = [finding for finding in these if finding.recomputed]
        if with_numbers and console.width >= WIDE:
            console.print(_table(with_numbers, lang, console.width))
        else:
            for finding in with_numbers:
                console.print(_block(finding, lang, console.width))
        for line in _without_numbers(these, lang):
            console.print(line)
        console.print()
    console.print(" · ".join([*counts, f"{ALL[lang]} {len(found)}"]))


def _cells(finding: Finding, lang: Language, widths: Sequence[int]) -> list[RichText]:
    recomputed = "\n".join(in_short(finding, lang))
    cells = (finding.label(lang), finding.claim(lang), recomputed, finding.explanation(lang))
    return [RichText(wrapped(*cell)) for cell in zip(cells, widths, strict=True)]


def _table(these: Sequence[Finding], lang: Language, width: int) -> Table:
    """A row for each finding."""
    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    widths = [(width - 13) * percent // 100 for percent in (21, 17, 26, 36)]
    for head, column in zip(HEADS[lang], widths, strict=True):
        table.add_column(head, width=column, overflow="fold")
    for finding in these:
        table.add_row(*_cells(finding, lang, widths))
    return table


def _block(finding: Finding, lang: Language, width: int) -> Group:
    """A finding as a heading with lines below it."""
    heads = HEADS[lang][1:]
    room = max(20, width - max(map(cell_len, heads)) - 4)
    label, *cells = _cells(finding, lang, (width, room, room, room))
    label.stylize("bold")
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(style="dim", no_wrap=True)
    lines.add_column(overflow="fold")
    for head, cell in zip(heads, cells, strict=True):
        lines.add_row(head, cell)
    return Group(RichText(), label, Padding(lines, (0, 0, 0, 2)))


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most ``width`` columns, broken at spaces and between Chinese characters.

    >>> print(wrapped("降幅为 27.78 %，因此", 10))
    降幅为
    27.78 %，
    因此
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph):
            if line and cell_len(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def _without_numbers(these: Sequence[Finding], lang: Language) -> Iterator[RenderableType]:
    """The findings without a recomputed number, listed under the reason that they share."""
    bare = [finding for finding in these if not finding.recomputed]
    for reason in dict.fromkeys(finding.explanation(lang) for finding in bare):
        lines = Table.grid(padding=(0, 2, 0, 0))
        for finding in bare:
            if finding.explanation(lang) == reason:
                lines.add_row(RichText(finding.label(lang)), RichText(finding.claim(lang)))
        yield Group(RichText(), RichText(reason, style="bold"), Padding(lines, (0, 0, 0, 2)))


def run(trial: Trial) -> None:
    """The end of a run: the primary endpoint three ways, and where the report is."""
    console = Console()
    title, seed = trial.study.protocol.short_title(trial.lang), trial.records.origin.seed
    kind = f" · [bold red]{SIMULATED[trial.lang]}" if trial.simulated else ""
    if seed is not None:
        kind += SEED[trial.lang].format(seed=seed)
    console.print(f"[bold]{title}[/bold]{kind}", highlight=False)
    if primary := trial.primary:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(primary.columns[0], overflow="fold")
        for column in primary.columns[1:]:
            table.add_column(column, no_wrap=True, justify="right")
        for row in primary.rows:
            table.add_row(row.label, *map(str, row.cells))
        console.print(table)
    if trial.log:
        console.print(f"{LOG[trial.lang]}: {trial.log}", soft_wrap=True, highlight=False)
    console.print(f"{REPORT[trial.lang]}: {trial.report}", soft_wrap=True, highlight=False)
