"""Emergency unblinding from the command line, each command on a machine of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from equipoise.cli.conducting import As, By, Trial, entering, now
from equipoise.errors import SealError

if TYPE_CHECKING:
    from equipoise.conduct.vault import Glass

EMERGENCY = "In an emergency"
OfStudy = Annotated[str, typer.Option("--study", help="The study it was made for.")]
Asked = Annotated[Path, typer.Argument(metavar="ASKED", help="What unblind wrote.")]


def sheets(
    sealed_list: Annotated[Path, typer.Argument(metavar="LIST", help="What seal wrote.")],
    study: OfStudy,
    key: Annotated[Path, typer.Option(help="Private key of the vault: vault.key.")],
    out: Annotated[Path, typer.Option(help="Folder for the two PDF files.")],
) -> None:
    """Print sealed codes for an emergency without a computer: open sheets, and cards to seal."""
    from equipoise.analysis.report.pdf import has_chinese_letters
    from equipoise.cli.sealing import read_list
    from equipoise.conduct import keyfiles
    from equipoise.conduct import sheets as paper
    from equipoise.protocol.load import load_study

    loaded, private = load_study(study), keyfiles.read_private(key)
    made = paper.sheets(loaded, read_list(sealed_list, keyfiles.noted(key)), "vault", private)
    for path in paper.write(loaded, made, out):
        typer.echo(path)
    if not has_chinese_letters():
        typer.echo("No Chinese font is installed: the Chinese words are missing.", err=True)
    typer.echo("Seal each card in an opaque envelope, then delete cards.pdf.")


def unblind(
    trial: Trial,
    participant: Annotated[str, typer.Argument(metavar="PARTICIPANT", help="Whose blind.")],
    reason: Annotated[str, typer.Option(help="Why the arm must be known.")],
    by: By,
    signer: Annotated[Path, typer.Option(help="Private key that signs for the log: log.key.")],
    once: Annotated[
        Path, typer.Option("--for", help="Public key made for this once: investigator.pub.")
    ],
    out: Annotated[Path, typer.Option(help="File for the request; not there yet.")],
    method: Annotated[str, typer.Option(help="How it was made sure that it is this person.")],
    role: As = None,
) -> None:
    """Record that the blind of a participant is opened; what is written then goes to the vault."""
    from equipoise.conduct import keyfiles
    from equipoise.conduct.commands.unblinding import Unblind
    from equipoise.conduct.views import unblinding

    (log, actor), private = entering(trial, by, role), keyfiles.read_of(keyfiles.SIGNER, signer)
    if out.exists():
        raise SealError(f"{out} is there already; give a new file for each unblinding")
    holder, public = keyfiles.read_public(once)
    if holder != keyfiles.ONCE:
        raise SealError(f"{once} is the key of {holder}; make one: equipoise keys investigator")
    command = Unblind(participant, reason, method, public.hex())
    log.append(command, by=actor, at=now(log.study, actor), command=str(uuid4()))
    asked = unblinding.glass(log, participant, by=actor, key=public, private=private)
    keyfiles.write_new(out.parent, {out.name: json.dumps(asked._asdict())})
    typer.echo(f"Recorded. Next, at the vault: equipoise answer {out}")


def answer(
    asked: Asked,
    study: OfStudy,
    key: Annotated[Path, typer.Option(help="Private key of the vault: vault.key.")],
    log: Annotated[Path, typer.Option(help="Public key of the log: log.pub.")],
    register_: Annotated[Path, typer.Option("--register", help="Folder of what was answered.")],
    out: Annotated[Path, typer.Option(help="File for the answer; not there yet.")],
) -> None:
    """Answer, as the vault, what the log has signed: once, for the investigator's key alone."""
    from equipoise.conduct import keyfiles, vault
    from equipoise.protocol.load import load_study

    answered = vault.answer(
        load_study(study).name,
        _asked(asked),
        private=keyfiles.read_private(key),
        listed=keyfiles.trusted(key),
        log=keyfiles.read_public(log)[1],
        register=register_,
    )
    keyfiles.write_new(out.parent, {out.name: answered})
    typer.echo(f"{out}. Next, at the investigator's: equipoise arm {asked} {out}")


def arm(
    asked: Asked,
    answered: Annotated[Path, typer.Argument(metavar="ANSWER", help="What answer wrote.")],
    study: OfStudy,
    key: Annotated[
        Path, typer.Option(help="The key for this once: investigator.key; deleted then.")
    ],
) -> None:
    """Show the arm of one participant, once: the key is deleted before it is shown."""
    from equipoise.conduct import keyfiles, vault
    from equipoise.protocol.load import load_study

    loaded, private, asking = load_study(study), keyfiles.read_private(key), _asked(asked)
    try:
        sealed = answered.read_text(encoding="utf-8").strip()
        above = key.resolve().parent.parent / key.name
        listed = keyfiles.noted(key, above)
        found = vault.arm(loaded.name, asking, sealed, private=private, listed=listed)
    except (OSError, ValueError) as error:
        raise SealError(f"{answered} is no answer of the vault: {error}") from error
    label = loaded.arms[found].label if found in loaded.arms else None
    key.unlink()
    words = f", {label('en')} {label('zh')}" if label else ""
    if listed is None:
        typer.echo("Not held against the list, and so perhaps forged: compare the paper.", err=True)
    typer.echo(f"{asking.entry.envelope.participant}, {asking.slot.slot}: {found}{words}")


def _asked(path: Path) -> Glass:
    from equipoise.conduct.state.trial import Slot
    from equipoise.conduct.vault import Glass

    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        slots = tuple(Slot(*slot) for slot in said["slots"])
        listed = {"slot": Slot(*said["slot"]), "slots": slots, "arms": tuple(said["arms"])}
        return Glass(**{**said, **listed})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SealError(f"{path} is nothing that unblind wrote: {error}") from error


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (unblind, answer, arm, sheets):
        app.command(rich_help_panel=EMERGENCY)(command)
