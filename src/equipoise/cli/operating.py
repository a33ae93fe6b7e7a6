"""Operating characteristics from the command line: many trials, scenarios, sample size, sweep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from equipoise.errors import StudyError
from equipoise.output import free_folder, whole_folder, write_manifest
from equipoise.protocol.model import Language
from equipoise.protocol.whole import Study
from equipoise.records import Origin

if TYPE_CHECKING:
    from equipoise.trials.characteristics import Characteristics
    from equipoise.trials.measured import Measured

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
        parameters: The fitted parameter set alone, or all that fit equally well; the latter where
            the study has them if not given.
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
    parameters: Literal["fitted", "ensemble"] | None = None


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
        Designs,
        characterise,
        main_finding,
        search,
        sweep,
        work_folder,
    )
    from equipoise.trials.crew import crew_of

    sets = _sets(study, wanted)
    asked = Designs(study, wanted.scenario, wanted.settings, sets)
    designs = asked.all()
    key = main_finding(designs[0], wanted.analysis, wanted.method)
    with crew_of(_workers(wanted), wanted.cluster) as crew:
        bench = Bench(crew, wanted.seed, wanted.trials, wanted.work or work_folder(), progress)
        found = Characteristics(
            study=_with_ensemble(study) if sets else study,
            seed=wanted.seed,
            trials=wanted.trials,
            main=key,
            outcomes=tuple(characterise(bench, designs)),
            sets=max(1, len(sets)),
            truth_trials=wanted.trials,
        )
        if wanted.power is not None:
            size = search(bench, asked, key=key, wanted=wanted.power)
            found = replace(found, size=size)
        if wanted.sweep:
            swept = sweep(bench, asked, key=key, over=wanted.sweep)
            found = replace(found, sweep=swept)
    if wanted.power is None and not wanted.sweep:
        found = replace(found, courses=of_scenarios(found, progress))
    return found


def _sets(study: Study, wanted: Wanted) -> tuple[dict[str, float], ...]:
    """The parameter sets over which trials are spread; none for the fitted one alone."""
    from equipoise.calibrate import parameter_sets

    if wanted.parameters == "fitted":
        return ()
    sets = parameter_sets(study)
    if wanted.parameters == "ensemble" and not sets:
        raise StudyError(
            f"--parameters ensemble: {study.folder} has no ensemble.yaml; `equipoise validate "
            f"{study.folder} --part ensemble --write` makes it"
        )
    return sets


def _with_ensemble(study: Study) -> Study:
    """The study with the hash of its parameter sets among those of its files."""
    from hashlib import sha256

    from equipoise.calibrate.sets import FILE

    digest = sha256((study.folder / FILE).read_bytes()).hexdigest()
    return replace(study, files={**study.files, FILE: digest})


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
            study_files=dict(found.study.files),
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
                    name: _plain(measured) if measured else None
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
            "points": {one.participants: _plain(one.power) for one in size.points},
        }
    if found.sweep:
        names = found.sweep.names
        told["sweep"] = [
            {**dict(zip(names, point, strict=True)), "power": _plain(power)}
            for point, power in found.sweep.points()
        ]
    return told | ({"report": str(folder / "report.html")} if folder else {})


def _plain(measured: Measured) -> dict[str, float | None]:
    """A measure for a program; null where a number is not known."""
    return {name: None if isnan(one) else one for name, one in measured._asdict().items()}


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
    from equipoise.cli.show_trials import show

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
