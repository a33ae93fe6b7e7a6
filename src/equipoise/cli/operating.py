"""Operating characteristics from the command line: many trials, scenarios, sample size, sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.output import free_folder, whole_folder, write_manifest
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study
from equipoise.records import Origin

if TYPE_CHECKING:
    from equipoise.trials.characteristics import Characteristics

OUT = Path("equipoise-trials")
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for.

    Attributes:
        scenario: A YAML file of scenarios.
        settings: ``name=value``, laid over every scenario.
        power: Power for which a sample size is sought.
        sweep: ``name=value,value,…``, one or two.
        analysis: Analysis whose power is sought, swept and drawn; that of the primary estimand if
            not given.
        method: Its method; the plan's first if not given.
        workers: Processes on this machine; one for each core if not given.
        cluster: Address of a Dask scheduler.
        work: Folder for finished trials; the user's cache if not given.
    """

    trials: int
    seed: int = 1
    scenario: Path | None = None
    settings: tuple[str, ...] = ()
    power: float | None = None
    sweep: tuple[str, ...] = ()
    analysis: str | None = None
    method: str | None = None
    workers: int | None = None
    cluster: str | None = None
    work: Path | None = None


def characteristics(study: Study, wanted: Wanted, progress: Progress) -> Characteristics:
    """Simulate what is wanted; finished trials of an earlier, interrupted run are taken over.

    Raises:
        StudyError: A scenario or option is wrong; says where and what to do.
        OutputError: A worker or the cluster was lost; the same command goes on.
    """
    from equipoise.cli.courses import of_scenarios
    from equipoise.trials.characteristics import (
        Bench,
        Characteristics,
        characterise,
        main_finding,
        search,
        sweep,
        work_folder,
    )
    from equipoise.trials.crew import crew_of
    from equipoise.trials.scenario import read_designs

    designs = read_designs(study, wanted.scenario, wanted.settings)
    key = main_finding(designs[0], wanted.analysis, wanted.method)
    from_first = wanted.scenario, wanted.settings
    with crew_of(_workers(wanted), wanted.cluster) as crew:
        bench = Bench(crew, wanted.seed, wanted.trials, wanted.work or work_folder(), progress)
        found = Characteristics(
            study=study,
            seed=wanted.seed,
            trials=wanted.trials,
            main=key,
            outcomes=tuple(characterise(bench, designs)),
            truth_trials=wanted.trials,
        )
        if wanted.power is not None:
            size = search(bench, study, *from_first, key=key, wanted=wanted.power)
            found = replace(found, size=size)
        if wanted.sweep:
            swept = sweep(bench, study, *from_first, key=key, over=wanted.sweep)
            found = replace(found, sweep=swept)
    if wanted.power is None and not wanted.sweep:
        found = replace(found, courses=of_scenarios(found, progress))
    return found


def _workers(wanted: Wanted) -> int | None:
    """This process alone for few trials: others would only start in that time."""
    return wanted.workers or (1 if wanted.trials < 500 else None)


def characteristics_to(
    study: Study,
    wanted: Wanted,
    *,
    out: Path | None = None,
    again: bool = False,
    lang: Language = "en",
    progress: Progress = lambda _, __: None,
) -> tuple[Characteristics, Path]:
    """Simulate what is wanted and write measures, findings of every trial, and the report.

    Args:
        study: The study as planned.
        wanted: What is asked for.
        out: Folder for the results; ``equipoise-trials``, or the next free name, if not given.
        again: Whether an earlier folder of results at ``out`` may be replaced.
        lang: Language of the report.
        progress: Told what is simulated, and how much of it is done.
    """
    from importlib.metadata import version

    from equipoise.trials.report import write_report

    target = out or free_folder(OUT)
    with whole_folder(target, replace=again) as folder:
        found = characteristics(study, wanted, progress)
        progress("Writing the report", 0.0)
        write_results(found, folder)
        write_report(found, folder, lang=lang)
        origin = Origin(
            kind="simulated",
            study=study.name,
            protocol_version=study.protocol.version,
            equipoise=version("equipoise"),
            seed=wanted.seed,
            study_files=dict(study.files),
        )
        write_manifest(folder, origin)
    return found, target


def write_results(found: Characteristics, folder: Path) -> None:
    """Write performance and courses, and the findings of every trial by scenario."""
    import shutil

    import polars as pl

    from equipoise.cli.courses import write_courses

    frames = []
    for outcome in found.outcomes:
        name = outcome.design.scenario.name
        frames.append(outcome.measures.select(pl.lit(name).alias("scenario"), pl.all()))
        kept = folder / "trials" / name
        kept.mkdir(parents=True)
        for file in outcome.files:
            shutil.copyfile(file, kept / file.name)
    table = pl.concat(frames)
    table.write_parquet(folder / "performance.parquet", compression="zstd")
    table.write_csv(folder / "performance.csv")
    if found.courses:
        write_courses(found, folder / "courses.csv")


def summary(found: Characteristics, folder: Path | None = None) -> dict[str, Any]:
    """What a program wants to know: power of the main analysis, courses, size and sweep."""
    from equipoise.cli.courses import as_json

    told: dict[str, Any] = {
        "kind": "simulated",
        "study": found.study.name,
        "seed": found.seed,
        "trials": found.trials,
        "main": found.main._asdict(),
        "scenarios": [
            {
                "name": outcome.design.scenario.name,
                **{
                    name: measured._asdict() if measured else None
                    for name in ("mean", "power", "bias", "coverage")
                    for key in [found.main if name == "power" else outcome.estimating(found.main)]
                    for measured in [outcome.measure(key, name)]
                },
            }
            for outcome in found.outcomes
        ],
    }
    if found.courses:
        told["courses"] = [as_json(one) for one in found.courses]
    if found.size:
        size = found.size
        told["size"] = {
            "power": size.wanted,
            "participants": size.participants,
            "lower": size.lower,
            "upper": size.upper if size.upper < float("inf") else None,
            "points": {one.participants: one.power._asdict() for one in size.points},
        }
    if found.sweep:
        told["sweep"] = list(_swept(found))
    return told | ({"report": str(folder / "report.html")} if folder else {})


def _swept(found: Characteristics) -> Sequence[dict[str, Any]]:
    from itertools import product

    sweep = found.sweep
    if sweep is None:
        return []
    return [
        {**dict(zip(sweep.names, point, strict=True)), "power": power._asdict()}
        for point, power in zip(product(*sweep.values), sweep.power, strict=True)
    ]


def show(found: Characteristics, folder: Path, lang: Language) -> None:
    """The end of a run on the terminal: power by scenario, size, sweep, and where the report is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from equipoise.cli.courses import show as show_courses
    from equipoise.trials.performance import Measured
    from equipoise.trials.report.ademp import main_analysis, size_found
    from equipoise.trials.report.words import say, written

    words, console = say(lang), Console(highlight=False)
    title = found.study.protocol.short_title(lang)
    console.print(
        f"[bold]{title}[/bold] · {words['simulated']}, {words['seed']} {found.seed}, "
        f"{words['trials']} {found.trials:,}"
    )
    console.print(main_analysis(found, lang))
    heads = ("scenario", "participants", "estimate", "power", "bias", "coverage")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(words[head], min_width=11 if head not in heads[:2] else 4)
    for outcome in found.outcomes:
        key = outcome.estimating(found.main)
        people = str(outcome.design.study.protocol.allocation.participants.value)
        table.add_row(
            outcome.design.scenario.label(lang),
            people,
            written(outcome.measure(key, "mean")),
            written(outcome.measure(found.main, "power"), scale=100),
            written(outcome.measure(key, "bias")),
            written(outcome.measure(key, "coverage"), scale=100),
        )
    console.print(table)
    if len(found.courses) == 1:  # those of several scenarios are in the folder
        show_courses(found.courses[0], lang)
    if found.size:
        console.print(size_found(found.size, found.trials, lang))
    if found.sweep:
        names = (*found.sweep.names, words["power"])
        swept = Table(*names, box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
        for row in _swept(found):
            *point, power = row.values()
            swept.add_row(*point, written(Measured(**power), scale=100))
        console.print(swept)
    console.print(f"{words['report']}: {folder / 'report.html'}", soft_wrap=True)


def command(
    study: str,
    wanted: Wanted,
    *,
    out: Path | None = None,
    again: bool = False,
    lang: Language = "en",
    json_: bool = False,
) -> None:
    """What ``equipoise simulate STUDY --trials N`` does: simulate, write, and tell.

    Raises:
        StudyError: Something asked for is wrong; says what to do.
        OutputError: The results cannot be written, or a worker was lost.
    """
    import json

    from equipoise import api
    from equipoise.cli.courses import courses_alone
    from equipoise.cli.show import progress as bar

    read = api.check(study)
    if read.plan is None and wanted == Wanted(wanted.trials, wanted.seed):
        courses_alone(read, wanted.trials, wanted.seed, lang=lang, json_=json_)
        return
    with bar(quiet=json_) as progress:
        found, folder = characteristics_to(
            read, wanted, out=out, again=again, lang=lang, progress=progress
        )
    if json_:
        print(json.dumps(summary(found, folder), indent=2, ensure_ascii=False))  # noqa: T201 - the answer
    else:
        show(found, folder, lang)
