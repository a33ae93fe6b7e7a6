"""Keeping the record: chains verified, heads signed, a backup made and brought back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from equipoise.cli.conducting import DURING, Address, Trial
from equipoise.errors import LogError


def verify(
    trial: Trial,
    head: Annotated[
        list[Path] | None, typer.Option(help="A signed head that the log must go on from.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Public key that the heads are signed with: log.pub.")
    ] = None,
    register_: Annotated[
        Path | None,
        typer.Option("--register", help="The vault's folder of what it answered."),
    ] = None,
) -> None:
    """Verify a trial's log: every chain unbroken, every table what the log says.

    A log that was cut short or written anew is found with a head, an unblinding beside the log with
    the vault's register.
    """
    from equipoise.conduct import folder, heads, keyfiles, vault, verification

    log = folder.log_of(trial)
    for path in head or ():
        if key is None:
            raise LogError("give the public key of the heads as well: --key log.pub")
        heads.hold(log, path.read_bytes(), public=keyfiles.read_public(key)[1])
        typer.echo(f"{path}: the log goes on from it")
    if register_ is not None and (beside := vault.unlogged(register_, log.lines("main"))):
        raise LogError(f"the vault answered what is not in the log: {', '.join(beside)}")
    for chain, tip in verification.verify(log).items():
        typer.echo(f"{chain}: {tip.sequence} entries, unbroken; ends with {tip.hash.hex()}")
    typer.echo("The tables say what the log says.")
    for wrong in verification.set_back(log.entries("main")):
        typer.echo(f"Mind the clock of the machine: {wrong}.", err=True)


def head(
    trial: Trial,
    key: Annotated[Path, typer.Option(help="Private key of the signer: log.key.")],
    out: Annotated[Path, typer.Option(help="Folder for the signed heads.")],
) -> None:
    """Sign where each chain of the log ends; keep it where the database's keeper has no hand."""
    from equipoise.conduct import folder
    from equipoise.conduct.events.event import CHAINS
    from equipoise.conduct.heads import signed_head
    from equipoise.conduct.keyfiles import SIGNER, read_of

    log, private, at = folder.log_of(trial), read_of(SIGNER, key), datetime.now(ZoneInfo("UTC"))
    out.mkdir(parents=True, exist_ok=True)
    for chain in CHAINS:
        path = out / f"{chain}-{at:%Y%m%dT%H%M%S%f}.head.json"
        path.write_bytes(signed_head(log, chain, at=at, private=private))
        typer.echo(path)


def backup(trial: Trial, out: Annotated[Path, typer.Argument(help="New folder for it.")]) -> None:
    """Back a trial up while it goes on: study and whole log, verified."""
    from equipoise.conduct import folder
    from equipoise.conduct.backup import back_up

    ends = back_up(folder.log_of(trial), out, of=trial)
    typer.echo(f"{out}: {sum(tip.sequence for tip in ends.values())} entries, verified.")


def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="Folder of a backup.")],
    trial: Trial,
    postgresql: Address = None,
) -> None:
    """Bring a trial back from a backup: verify its chains, rebuild its tables, compare."""
    from equipoise.conduct import backup as backups

    ends = backups.restore(backup, trial, address=postgresql)
    typer.echo(f"{trial}: {sum(tip.sequence for tip in ends.values())} entries, as backed up.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (verify, head, backup, restore):
        app.command(rich_help_panel=DURING)(command)
