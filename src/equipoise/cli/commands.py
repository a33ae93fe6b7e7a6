"""The commands: each reads its arguments, calls ``equipoise.api`` and shows what came back."""

from __future__ import annotations

import json
import locale
import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from equipoise.cli import (
    benching,
    calibrating,
    conducting,
    desk,
    emergency,
    keeping,
    metering,
    people,
    sealing,
    studying,
)

app = typer.Typer(
    name="equipoise",
    help="A randomised, double-blind, placebo-controlled trial from its protocol to its report.",
    epilog="Start with: equipoise run",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

REFERENCE = "nct02302599"

StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study folder, or the name of one that is shipped.")
]
StudyOption = Annotated[
    str,
    typer.Option("--study", metavar="STUDY", help="A study folder, or the name of a shipped one."),
]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same records.")]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder to write; the next free equipoise-… here if not given.", show_default=False
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace an earlier folder of results.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Lang = Annotated[
    Literal["en", "zh"] | None,
    typer.Option(help="Language of the report; the locale's if not given.", show_default=False),
]


def language(chosen: str | None) -> Literal["en", "zh"]:
    """The language asked for, or that of the locale where it is Chinese, or English."""
    said = (
        chosen or os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG")
    )
    return "zh" if (said or locale.getlocale()[0] or "").lower().startswith("zh") else "en"


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


@app.command()
def run(
    study: StudyArgument = REFERENCE,
    seed: Seed = 1,
    out: Out = None,
    replace: Replace = False,
    lang: Lang = None,
    json_: Json = False,
) -> None:
    """Live a whole trial with virtual participants: clinic, records, analysis, figures, report.

    Writes equipoise-output/ (or the next free name) with the trial's log, records, results,
    figures, report.html, report.pdf and hashes. Everything in it is simulated, and says so.
    """
    from equipoise import api
    from equipoise.cli import show

    with show.progress(quiet=json_) as progress:
        done = api.run(
            study, seed=seed, out=out, replace=replace, lang=language(lang), progress=progress
        )
    if json_:
        _print_json(done.summary())
    else:
        show.run(done)


@app.command()
def check(study: StudyArgument = REFERENCE, json_: Json = False) -> None:
    """Find the problems of a study folder, in all files at once; exit status 1 if there are any."""
    from equipoise import api
    from equipoise.cli import show
    from equipoise.errors import StudyError

    try:
        found = api.check(study)
    except StudyError as error:
        if json_:
            _print_json({"study": study, "problems": error.problems})
        else:
            show.problems(study, error.problems)
        raise typer.Exit(1) from None
    if json_:
        _print_json({"study": found.name, "problems": [], "questions": len(found.criteria)})
    else:
        show.study(found)


@app.command()
def reproduce(study: StudyArgument = REFERENCE, lang: Lang = None, json_: Json = False) -> None:
    """Recompute what was published: what holds, what does not, and why."""
    from equipoise import api
    from equipoise.cli import show

    findings = api.reproduce(study)
    if json_:
        _print_json(api.findings_as_json(findings))
    else:
        show.findings(findings, language(lang))


@app.command()
def simulate(
    study: StudyArgument = REFERENCE,
    trials: Annotated[int, typer.Option(min=1, help="How many trials.")] = 1,
    seed: Seed = 1,
    trial: Annotated[int, typer.Option(min=0, help="Number of the one trial, under the seed.")] = 0,
    scenario: Annotated[
        Path | None, typer.Option(help="A YAML file of scenarios.", show_default=False)
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Change the design; may be repeated."),
    ] = None,
    power: Annotated[
        float | None,
        typer.Option(min=0.01, max=0.999, help="Find the sample size.", show_default=False),
    ] = None,
    sweep: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=A,B,…", help="Power over one or two; may be repeated."),
    ] = None,
    parameters: Annotated[
        Literal["fitted", "ensemble"] | None,
        typer.Option(
            help="The fitted set of the model's numbers, or all that fit equally well; all if the "
            "study has them.",
            show_default=False,
        ),
    ] = None,
    analysis: Annotated[
        str | None, typer.Option(help="Analysis of the plan; the primary one if not given.")
    ] = None,
    method: Annotated[
        str | None, typer.Option(help="Its method; the plan's first if not given.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; one a core if not given.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler.", show_default=False)
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="Folder of finished trials.", show_default=False)
    ] = None,
    out: Out = None,
    replace: Replace = False,
    lang: Lang = None,
    json_: Json = False,
) -> None:
    """Simulate one trial and write its records; or many, and what the design can do.

    Prints means and SDs of each arm, visit by visit. With --trials, a scenario, --power or --sweep:
    power, type I error, bias and coverage with their Monte Carlo errors, and a report in ADEMP
    form. An interrupted run goes on where it stopped.
    """
    if trials > 1 or scenario or power or sweep:
        from equipoise.cli import operating

        wanted = operating.Wanted(
            trials=trials if trials > 1 else 1000,
            seed=seed,
            scenario=scenario,
            settings=tuple(set_ or ()),
            power=power,
            sweep=tuple(sweep or ()),
            analysis=analysis,
            method=method,
            workers=workers,
            cluster=cluster,
            work=work,
            parameters=parameters,
        )
        operating.command(study, wanted, out=out, again=replace, lang=language(lang), json_=json_)
        return
    if set_:
        raise typer.BadParameter("goes with --trials of 2 or more", param_hint="--set")
    from equipoise import api
    from equipoise.cli import courses, show

    with show.progress(quiet=json_) as progress:
        folder = api.simulate_to(
            study, seed=seed, trial=trial, out=out, replace=replace, progress=progress
        )
        followed = courses.of_one_trial(study, seed=seed, trial=trial)
    if json_:
        told = {"kind": "simulated", "records": folder, "seed": seed, "trial": trial}
        _print_json(told | {"courses": courses.as_json(followed)})
    else:
        courses.show(followed, language(lang))
        typer.echo(f"Simulated records are in {folder}")


@app.command()
def analyse(
    records: Annotated[Path, typer.Argument(help="Folder of records.", metavar="RECORDS")],
    study: StudyOption = REFERENCE,
    out: Out = None,
    replace: Replace = False,
    lang: Lang = None,
    json_: Json = False,
) -> None:
    """Analyse the records of a trial, simulated or real, and write the report."""
    from equipoise import api
    from equipoise.cli import show

    with show.progress(quiet=json_) as progress:
        done = api.analyse_to(
            records, study, out=out, replace=replace, lang=language(lang), progress=progress
        )
    if json_:
        _print_json(done.summary())
    else:
        show.run(done)


app.command()(calibrating.calibrate)
app.command()(calibrating.validate)
for area in (studying, conducting, keeping, benching, people, metering, desk, sealing, emergency):
    area.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("equipoise"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A randomised, double-blind, placebo-controlled trial from its protocol to its report."""
