"""Reading the export of a home meter into a participant's diary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from equipoise.answer import NO
from equipoise.cli.conducting import DURING, As, By, Trial, entering, now
from equipoise.errors import ConductError

SHOWN = 20  # readings that are listed, and lines left out, unless all are asked for


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
    all_: Annotated[bool, typer.Option("--all", help="List every one, not the first 20.")] = False,
    role: As = None,
) -> None:
    """Read home glucose readings from a meter's export; what is left out is listed with why."""
    from equipoise.conduct.commands.diary import RecordReadings, left_out
    from equipoise.conduct.log import decided
    from equipoise.conduct.meters import fresh, read_export

    log, actor = entering(trial, by, role)
    at, diary = now(log.study, actor), log.study.protocol.diary
    if diary is None:
        raise ConductError(f"{log.study.name} has no diary of home readings")
    found = read_export(_content(file), diary.points, unit=unit, dates=dates)
    asked = RecordReadings(participant, found.readings, found.source)
    situation = log.situation(asked, by=actor, at=at)
    new = fresh(found, left_out(found.readings, situation))
    asked = RecordReadings(participant, new.readings, new.source)
    if new.readings:
        decided(asked, situation)
    sensor = f"; {found.sensor} of a sensor left out" if found.sensor else ""
    told = f"{found.format}, {found.unit}: {len(found.readings)} readings"
    typer.echo(f"{told}, {len(new.readings)} to record{sensor}")
    _list("To record, mmol/L", [" ".join(one) for one in new.readings], all_)
    lows = [" ".join(one) for one in new.readings if _low(one[2])]
    _list("Low, and can be an adverse event; ask about each", lows, whole=True)
    skipped = [f"{f'line {one.line}: ' if one.line else ''}{one.why}" for one in new.skipped]
    _list("Left out", skipped, all_)
    if write and new.readings:
        log.append(asked, by=actor, at=at, command=str(uuid4()))
        typer.echo(f"Recorded in the diary of {participant}.")
    elif new.readings:
        typer.echo("Nothing is recorded yet; look at it, then add --write.")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConductError(f"{file} cannot be read: {error.strerror}") from error


def _low(reading: str) -> bool:
    from equipoise.conduct.glucose import counted
    from equipoise.rules.safety import hypoglycaemia_level

    return hypoglycaemia_level(int(counted(reading) * 10), NO) > 0


def _list(title: str, lines: Sequence[str], whole: bool) -> None:
    if not lines:
        return
    shown = lines if whole else lines[:SHOWN]
    typer.echo("\n  ".join((f"{title}:", *shown)))
    if len(lines) > len(shown):
        typer.echo(f"  ... and {len(lines) - len(shown)} more; --all lists them")


def register(app: typer.Typer) -> None:
    """Add the command of this file to the command line."""
    app.command(rich_help_panel=DURING)(readings)
