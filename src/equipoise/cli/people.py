"""Personal details: recorded under a key for each participant, read, and forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from equipoise.cli.benching import WITH_KEY
from equipoise.cli.conducting import As, By, Trial, entering, now
from equipoise.errors import ConductError

if TYPE_CHECKING:
    from equipoise.conduct.commands.command import Command


def details(
    trial: Trial,
    participant: Annotated[str, typer.Argument(metavar="PARTICIPANT", help="Whose.")],
    by: By,
    keys: Annotated[
        Path,
        typer.Option(help="File of the participants' keys, kept apart from trial and backups."),
    ],
    said: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]…", help="To record: all that is known."),
    ] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Destroy the key: nobody reads them again.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why they are erased.")] = None,
    role: As = None,
) -> None:
    """Read a participant's name and address, record them, or erase them for good."""
    from equipoise.conduct.commands.participant import EraseDetails, RecordDetails
    from equipoise.conduct.personal import Keys, decrypt, encrypt
    from equipoise.conduct.views.details import sealed_details

    log, actor = entering(trial, by, role)
    kept, about = Keys(keys), f"{log.study.name}/{participant}"

    def give(command: Command) -> None:
        log.append(command, by=actor, at=now(log.study, actor), command=str(uuid4()))

    if erase:
        who = log.participant(participant)
        if not (who and who.erased):  # else it was recorded, and perhaps not done
            give(EraseDetails(participant, reason or ""))
        kept.destroy(participant)
        typer.echo(f"The key of {participant} is destroyed. Destroy copies of {keys} as well.")
        return
    if said:
        parts = dict(_part(one) for one in said)
        sealed_details(log, participant, by=actor)  # may this person, of this participant?
        give(RecordDetails(participant, encrypt(parts, kept.give(participant), about)))
        typer.echo(f"Recorded for {participant}, under the key in {keys}.")
        return
    sealed = sealed_details(log, participant, by=actor)
    if sealed is None:
        raise ConductError(f"no personal details of {participant[:40]} are recorded")
    for name, value in decrypt(sealed, kept.find(participant), about).items():
        typer.echo(f"{name:12} {value}")


def _part(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not (name and equals):
        raise ConductError(f"{said[:40]!r}: give details as NAME=VALUE")
    return name, value


def register(app: typer.Typer) -> None:
    """Add the command of this file to the command line."""
    app.command(rich_help_panel=WITH_KEY)(details)
