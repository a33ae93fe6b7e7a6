"""From a conducted trial to its records."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.conducting import Trial

Key = Annotated[
    list[Path],
    typer.Option(
        "--key", help="A private key the list was sealed for, or two shares of the custodian's."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder to write; equipoise-records if not given.", show_default=False),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace an earlier folder of results.")]


def extract(trial: Trial, key: Key, out: Out = None, replace: Replace = False) -> None:
    """Write the records of a trial whose blind was opened, for `equipoise analyse`."""
    from equipoise import api

    folder = api.extract_to(trial, *key, out=out, replace=replace)
    typer.echo(f"The records are in {folder}")
