"""Reading the export of a home meter into a participant's diary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from equipoise.cli.conducting import DURING, As, By, Trial, entering, now

if TYPE_CHECKING:
    from datetime import date

    from equipoise.conduct.log import Log
    from equipoise.conduct.roles import Actor

SHOWN = 20  # lines left out that are listed


def readings(
    trial: Trial,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Export of a meter or its app.")],
    participant: Annotated[str, typer.Option(help="Whose readings they are.")],
    by: By,
    unit: Annotated[
        str | None, typer.Option(help="mmol/L or mg/dL, where the file does not say.")
    ] = None,
    dates: Annotated[
        str | None, typer.Option(help='"day first" or "month first", where no date tells.')
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Record the new readings.")] = False,
    role: As = None,
) -> None:
    """Read home glucose readings from a meter's export; what is left out is listed with why."""
    from equipoise.conduct.commands.diary import RecordReadings
    from equipoise.conduct.meters import fresh, read_export
    from equipoise.errors import ConductError

    log, actor = entering(trial, by, role)
    at, diary = now(log.study, actor), log.study.protocol.diary
    if diary is None:
        raise ConductError(f"{log.study.name} has no diary of home readings")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConductError(f"{file} cannot be read: {error.strerror}") from error
    found = read_export(content, diary.points, unit=unit, dates=dates)
    new = fresh(found, _known(log, participant, actor, at.date()))
    told = f"{found.format}, {found.unit}: {len(found.readings)} readings"
    sensor = f"; {found.sensor} of a sensor left out" if found.sensor else ""
    typer.echo(f"{told}, {len(new.readings)} new{sensor}")
    for one in new.skipped[:SHOWN]:
        typer.echo(f"  {f'line {one.line}: ' if one.line else ''}{one.why}")
    if len(new.skipped) > SHOWN:
        typer.echo(f"  ... and {len(new.skipped) - SHOWN} more")
    if write and new.readings:
        asked = RecordReadings(participant, new.readings, new.source)
        log.append(asked, by=actor, at=at, command=str(uuid4()))
        typer.echo(f"Recorded in the diary of {participant}.")
    elif new.readings:
        typer.echo("Nothing is recorded yet; look at it, then add --write.")


def _known(log: Log, name: str, by: Actor, on: date) -> dict[tuple[str, str], str | None]:
    """What the diary holds, as far as the person may see it."""
    from equipoise.conduct.roles import Role
    from equipoise.conduct.views.followup import follow_up, own_page

    own = by.role == Role.PARTICIPANT and by.person == name
    page = own_page(log, on, by=by) if own else follow_up(log, name, on, by=by)
    return {(day, point): value for day, point, value in page.readings}


def register(app: typer.Typer) -> None:
    """Add the command of this file to the command line."""
    app.command(rich_help_panel=DURING)(readings)
