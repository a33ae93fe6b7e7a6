"""Study folders: those that are shipped, a new one, and the schemas of their files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def studies(json_: Json = False) -> None:
    """List the studies that come with Equipoise."""
    from equipoise import api
    from equipoise.cli import show

    listed = api.studies()
    if json_:
        typer.echo(json.dumps(listed, indent=2, ensure_ascii=False, default=str))
    else:
        show.studies(listed)


def new(
    name: Annotated[str, typer.Argument(help="Name of the study, e.g. my-trial.")],
    folder: Annotated[
        Path | None, typer.Option("--in", help="Where to make its folder.", show_default=False)
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(metavar="STUDY", help="A study to copy; a commented example if not given."),
    ] = None,
) -> None:
    """Make a study folder that passes `check` and `run`, to be changed into yours."""
    from equipoise import api

    made = api.new(name, folder or Path(), like=like)
    typer.echo(f"{made} is there. Next: equipoise check {made}, then equipoise run {made}")


def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write the schemas.")] = Path("schemas"),
) -> None:
    """Write the JSON Schema of the study files, with which an editor completes and validates."""
    from equipoise import api

    for path in api.write_schemas(folder):
        typer.echo(path)


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (studies, new, schema):
        app.command()(command)
