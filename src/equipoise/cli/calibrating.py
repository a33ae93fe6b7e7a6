"""Commands that fit virtual participants to published results, and show how far to trust them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from equipoise.errors import StudyError, nearest

FOLDER = Path("equipoise-calibration")
PARTS = ("ensemble", "sensitivity", "without", "predictions")

StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="A study folder, or the name of one that is shipped.")
]
Trials = Annotated[int, typer.Option(min=2, help="Trials lived for each set of parameters.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same people.")]
Out = Annotated[Path, typer.Option(help="Folder for the results; parts are added to it.")]
Fix = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="Hold a parameter; may be repeated."),
]
Parts = Annotated[
    list[str] | None,
    typer.Option(
        "--part",
        help=f"Make this part only: {', '.join(PARTS)}; may be repeated.",
        show_default=False,
    ),
]
Page = Annotated[Path | None, typer.Option(help="Write the page here.", show_default=False)]


def calibrate(
    study: StudyArgument = "nct02302599",
    *,
    trials: Trials = 100,
    seed: Seed = 1,
    fix: Fix = None,
    check: Annotated[
        bool, typer.Option("--check", help="Judge what is there; fit nothing.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="Change population.yaml.")] = False,
    out: Out = FOLDER,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Fit virtual participants to what was published of a study.

    The parameters that population.yaml marks as calibrated are fitted, within their bounds, to
    every number of published.yaml at once. Shows each target with its fitted value and z. Only
    --write changes the study.
    """
    from equipoise import api
    from equipoise.calibrate import calibrate as fit_to_published
    from equipoise.calibrate.parts import Work
    from equipoise.cli import show

    read = api.check(study)
    with show.progress(quiet=json_) as progress:
        done = fit_to_published(
            read, trials=trials, seed=seed, fixed=_fixed(fix), refit=not check, progress=progress
        )
    work = Work(read, done, out, progress)
    found = work.fitted()
    if write and not check:
        work.write_population()
    if json_:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _show(found)


def validate(
    study: StudyArgument = "nct02302599",
    *,
    trials: Trials = 100,
    seed: Seed = 1,
    part: Parts = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put ensemble.yaml into the study.")
    ] = False,
    page: Page = None,
    out: Out = FOLDER,
) -> None:
    """Show how far the virtual participants of a study can be trusted.

    Makes, for the parameters as they are: an ensemble of sets that fit as well; the sensitivity of
    every result to every number and to the titration table; a fit without each part of the model;
    predictions of what was not used. With --page, a page of all of it.
    """
    from equipoise import api
    from equipoise.calibrate import calibrate as fit_to_published
    from equipoise.calibrate.parts import Work
    from equipoise.cli import show

    for name in part or ():
        if name not in PARTS:
            raise StudyError(f"--part {name}: there is {', '.join(PARTS)}.{nearest(name, PARTS)}")
    read = api.check(study)
    with show.progress() as progress:
        done = fit_to_published(read, trials=trials, seed=seed, refit=False, progress=progress)
        work = Work(read, done, out, progress)
        work.fitted()
        for name in part or PARTS:
            work.make(name)
    if write:
        work.write_ensemble()
    typer.echo(f"The parts are in {out}")
    if page is not None:
        work.write_page(page)
        typer.echo(f"The page is {page}")


def _fixed(given: list[str] | None) -> dict[str, float]:
    """``name=value`` pairs.

    Raises:
        StudyError: One is none.
    """
    found = {}
    for one in given or []:
        name, _, value = one.partition("=")
        try:
            found[name] = float(value)
        except ValueError:
            raise StudyError(f"--fix {one}: write it as NAME=VALUE, for example lost=0.2") from None
    return found


def _show(found: dict[str, Any]) -> None:
    console = Console()
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Target")
    for head in ("n", "Published", "Error", "Fitted", "z"):
        table.add_column(head, justify="right", no_wrap=True)
    for row in found["targets"]:
        table.add_row(row["what"], *_cells(row))
    console.print(table)
    console.print("* no SD is printed: spread of the same number over simulated trials")
    for one in found["not_used"]:
        console.print(f"Not used: {one['id']}, {one['printed']}", highlight=False)
    console.print(
        f"Largest |z| of a mean, median, percentage or count: {found['worst']:.2f}. "
        f"Sum of z²: {found['sum_of_squares']:.1f} over {len(found['targets'])} targets, "
        f"{len(found['parameters'])} parameters. Simulated; no evidence of efficacy."
    )


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    """Number of people, published value, its error, fitted value and z of a target."""
    limit = {"at least": "≥ ", "at most": "≤ ", "": ""}[row["bound"]]
    error = f"{row['error']:.3g}{'' if row['error_printed'] else '*'}"
    colour = "red" if abs(row["z"]) >= 2 else "yellow" if abs(row["z"]) >= 1.5 else "default"
    z = f"[{colour}]{row['z']:+.2f}[/]"
    return str(row["n"]), f"{limit}{row['published']:.4g}", error, f"{row['fitted']:.4g}", z
