"""For the data manager and the committee: what an amendment changes, dossiers, packs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from equipoise.cli.conducting import DURING, As, By, Trial, entering, now
from equipoise.cli.sealing import AWAY
from equipoise.errors import ConductError, SealError

if TYPE_CHECKING:
    from equipoise.conduct.committee import Material
    from equipoise.conduct.sealed import SealedList


def impact(
    trial: Trial,
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Folder with the new version.")],
    by: By,
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="From when on it counts; today if not given.")
    ] = None,
    lang: Annotated[str, typer.Option(help="en or zh.")] = "en",
    role: As = None,
) -> None:
    """List what a new version of the protocol changes, and for whom; nothing is recorded."""
    from equipoise.conduct import views
    from equipoise.conduct.impact import impact as found
    from equipoise.conduct.impact import told
    from equipoise.protocol.load import load_study

    log, actor = entering(trial, by, role)
    people = [log.participant(name) for name in views.participants(log, by=actor)]
    try:
        day = date.fromisoformat(on) if on else now(log.study, actor).date()
    except ValueError as error:
        raise typer.BadParameter(f"{on!r:.40} is no date; write 2015-10-08") from error
    if lang not in ("en", "zh"):
        raise typer.BadParameter(f"--lang is en or zh, not {lang!r:.40}")
    new = load_study(study)
    if new.name != log.study.name:
        raise ConductError(f"{study} is study {new.name}; this trial is of {log.study.name}")
    here = [who for who in people if who is not None]
    typer.echo(told(found(log.study, new, here, day), lang), nl=False)


def amend(
    trial: Trial,
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Folder with the new version.")],
    approval: Annotated[str, typer.Option(help="Reference of the ethics committee's approval.")],
    reason: Annotated[str, typer.Option(help="Why the protocol changes.")],
    by: By,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="Where it comes into force; everywhere if not given."),
    ] = None,
    role: As = None,
) -> None:
    """Bring a new version of the protocol into force, at sites or everywhere; keep its files."""
    from equipoise.conduct import folder
    from equipoise.conduct.commands.amendment import Amend

    log, actor = entering(trial, by, role)
    asked = Amend(approval, reason, tuple(site or ()))
    at, command = now(log.study, actor), str(uuid4())
    folder.amend(trial, study, asked, by=actor, at=at, command=command)
    version = folder.log_of(trial).study.protocol.version
    typer.echo(f"Version {version} is in force at {', '.join(site) if site else 'every site'}.")


def dossier(
    trial: Trial,
    participant: Annotated[str, typer.Argument(metavar="PARTICIPANT", help="Whose event it is.")],
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the serious event.")],
    narrative: Annotated[
        Path, typer.Option(help="File with what happened, without name, place or arm.")
    ],
    by: By,
    role: As = None,
) -> None:
    """Send a serious event, as known now, to the readers, under a random code."""
    from equipoise.conduct.codes import dossier_code
    from equipoise.conduct.commands.adjudication import PrepareDossier

    (log, actor), code = entering(trial, by, role), dossier_code()
    command = PrepareDossier(participant, number, code, _text(narrative).strip())
    log.append(command, by=actor, at=now(log.study, actor), command=str(uuid4()))
    typer.echo(f"{code} is before the readers: equipoise show {trial} dossier {code}")


def pack(
    material: Annotated[
        Path,
        typer.Argument(metavar="MATERIAL", help="What show 'committee material' --json printed."),
    ],
    study: Annotated[str, typer.Option(help="The study it is of.")],
    out: Annotated[Path, typer.Option(help="Folder for the pack.")],
    sealed_list: Annotated[
        Path | None, typer.Option("--list", help="What seal wrote; for the closed pack.")
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option("--key", help="Private key, or two shares of the custodian's; likewise."),
    ] = None,
) -> None:
    """Make a pack for the monitoring committee: open, or closed with the list and a key to it."""
    from equipoise.cli.sealing import read_list
    from equipoise.conduct import committee, keyfiles
    from equipoise.conduct import pack as packs
    from equipoise.protocol.load import load_study

    if (sealed_list is None) != (not key):
        raise SealError("the closed pack needs both --list and --key; the open pack none of them")
    loaded, made = load_study(study), _material(material)
    if sealed_list is None:
        found = committee.pooled(loaded, made)
    else:
        keys = tuple(key or ())
        private, listed = (
            keyfiles.read_private(*keys),
            read_list(sealed_list, keyfiles.trusted(*keys)),
        )
        arms = _arms(loaded.name, made, listed, private)
        found = committee.by_arm(loaded, made, arms)
    for path in packs.write(loaded, found, out):
        typer.echo(path)


def _arms(study: str, material: Material, listed: SealedList, private: bytes) -> dict[str, str]:
    """The arms of the slots that were used, each held against what the trial committed to."""
    from equipoise.conduct.sealed import holder, open_slot

    who = holder(listed.recipients, private)
    if not set(material.slots) <= set(listed.slots):
        raise SealError("the trial's slots are not those of this list")
    return {
        slot.slot: open_slot(study, slot, listed.boxes[slot.slot][who], who, private)[0]
        for slot in material.slots
    }


def _material(path: Path) -> Material:
    from pydantic import TypeAdapter, ValidationError

    from equipoise.conduct.committee import Material

    try:
        return TypeAdapter(Material).validate_python(json.loads(_text(path)))
    except (ValueError, ValidationError) as error:
        raise ConductError(
            f"{path} is no committee material; make it with: "
            "equipoise show TRIAL 'committee material' --json"
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConductError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConductError(f"{path} cannot be read: it is not in UTF-8") from error


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (impact, amend, dossier):
        app.command(rich_help_panel=DURING)(command)
    app.command(rich_help_panel=AWAY)(pack)
