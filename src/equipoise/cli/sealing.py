"""What is done away from the trial's machine: keys, the sealed list, and its opening."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.errors import SealError

if TYPE_CHECKING:
    from equipoise.conduct.sealed import SealedList

AWAY = "Away from the trial's machine"


def keys(
    holder: Annotated[
        str,
        typer.Argument(metavar="HOLDER", help="preparer, vault, custodian, log, or investigator."),
    ],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where, on the holder's own.")],
) -> None:
    """Make the key pair of a holder; the custodian's is split in three, of which two open."""
    from equipoise.conduct.keyfiles import make

    for path in make(holder, folder):
        typer.echo(path)


def seal(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study folder or shipped name.")],
    key: Annotated[
        list[Path], typer.Option("--key", help="Public keys: preparer, vault, custodian.")
    ],
    out: Annotated[Path, typer.Option(help="File for the sealed list; not there yet.")],
    length: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, help="Slots in each stratum; the planned number if not given."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=2**32,
            max=2**64 - 1,
            help="Of the list, random and secret: with the protocol it tells every arm, so one "
            "small enough to be tried is refused. The system's if not given.",
        ),
    ] = None,
) -> None:
    """Make the allocation list and seal it; nobody reads an arm in what is written."""
    from equipoise.conduct import keyfiles, sealed
    from equipoise.protocol.load import load_study

    loaded = load_study(study)
    public = dict(keyfiles.read_public(path) for path in key)
    made = sealed.seal(
        loaded,
        public,
        length=length or loaded.protocol.allocation.participants.known("how many are randomised"),
        seed=randbits(64) if seed is None else seed,
    )
    said = {field.name: getattr(made, field.name) for field in fields(made)}
    keyfiles.write_new(out.parent, {out.name: json.dumps(said)})
    typer.echo(f"{out}: {len(made.slots)} sealed slots. Next: do TRIAL 'deposit list' @{out}")
    typer.echo(f"Its fingerprint, to be read out to all who hold a key: {made.fingerprint}")


def trust(
    key: Annotated[
        Path, typer.Argument(metavar="KEY", help="Private key or share, e.g. preparer.key.")
    ],
    which: Annotated[
        str,
        typer.Argument(
            metavar="FINGERPRINT|LIST",
            help="As its custodian reads it, or the custodian's file.",
        ),
    ],
) -> None:
    """Note beside a private key which list is the right one; another is then refused."""
    from equipoise.conduct import keyfiles

    said = keyfiles.spelled(which) or read_list(Path(which)).fingerprint
    typer.echo(f"{keyfiles.trust(key, said)}: {said}")


def unseal(
    sealed_list: Annotated[Path, typer.Argument(metavar="LIST", help="What seal wrote.")],
    study: Annotated[str, typer.Option(help="The study it was made for.")],
    share: Annotated[list[Path], typer.Option(help="Two shares of the custodian's key.")],
    out: Annotated[Path, typer.Option(help="File for the openings; not there yet.")],
) -> None:
    """Open the whole list with two shares of the custodian's key, after the records are locked."""
    from equipoise.conduct import keyfiles, sealed
    from equipoise.protocol.load import load_study

    made = read_list(sealed_list, keyfiles.noted(*share))
    private = keyfiles.read_private(*share)
    openings = sealed.open_list(load_study(study).name, made, "custodian", private)
    keyfiles.write_new(out.parent, {out.name: json.dumps({"openings": openings})})
    typer.echo(f"{out}: {len(openings)} slots. Next: do TRIAL 'open blind' @{out}")


def read_list(path: Path, known: str | None = None) -> SealedList:
    """The list that ``seal`` wrote.

    Args:
        path: The file.
        known: The fingerprint that it must have, where one is noted.

    Raises:
        SealError: It is no such file, or another list.
    """
    from equipoise.conduct.sealed import SealedList
    from equipoise.conduct.state.trial import Slot

    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        slots = tuple(Slot(*slot) for slot in said["slots"])
        found = SealedList(**{**said, "arms": tuple(said["arms"]), "slots": slots})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SealError(f"{path} is no sealed list: {error}") from error
    if known and found.fingerprint != known:
        raise SealError(
            f"{path} has the fingerprint {found.fingerprint}, not {known}; open nothing"
        )
    return found


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    for command in (keys, seal, trust, unseal):
        app.command(rich_help_panel=AWAY)(command)
