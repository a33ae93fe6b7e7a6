"""The preparer's bench from the command line: it needs the preparer's private key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from equipoise.cli.conducting import As, By, Trial, entering, now
from equipoise.cli.extracting import extract
from equipoise.errors import SealError

if TYPE_CHECKING:
    from equipoise.conduct.bench.sheet import Sheet
    from equipoise.conduct.bench.stock import Bench, Stock
    from equipoise.conduct.commands.command import Command
    from equipoise.conduct.log import Log
    from equipoise.conduct.roles import Actor
    from equipoise.conduct.views import DoseToPrepare

WITH_KEY = "With a private key, on its holder's machine"
Participant = Annotated[str, typer.Argument(metavar="PARTICIPANT", help="Whom it concerns.")]
Encounter = Annotated[str, typer.Argument(metavar="ENCOUNTER", help="At which the dose is given.")]
Key = Annotated[Path, typer.Option(help="Private key of the preparer: preparer.key.")]


def prepare(
    trial: Trial,
    participant: Participant,
    encounter: Encounter,
    by: By,
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", help="Lots and dose are as shown.")] = False,
) -> None:
    """Make a bag up: open the slot, work the dose out, take from released lots, file it sealed."""
    from equipoise.conduct import views
    from equipoise.conduct.bench import dose

    log, actor = entering(trial, by, "unblinded preparer")
    begun = now(log.study, actor).strftime("%Y-%m-%dT%H:%M")
    asked = views.dose_to_prepare(log, participant, by=actor)
    bench = _bench(log, actor, key)
    _on_the_shelf(bench, yes=yes)
    _as_planned(bench, asked, encounter, yes=yes)
    made = dose.make_up(bench, asked, encounter=encounter, begun=begun)
    _file(log, actor, key, bench, made.command, made.sheet.bag)
    _print(made.sheet)
    typer.echo("Filed, sealed. Next, by another person: equipoise check-bag")


def check_bag(
    trial: Trial,
    participant: Participant,
    encounter: Encounter,
    by: By,
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", help="It agrees, and it is covered.")] = False,
) -> None:
    """The second check of a bag, by another person: work it out again, compare, cover."""
    from equipoise.conduct.bench import dose
    from equipoise.conduct.commands.preparation import CheckDose
    from equipoise.conduct.log import decided
    from equipoise.conduct.views.product import bag_to_check

    log, actor = entering(trial, by, "second checker")
    asked = bag_to_check(log, participant, encounter, by=actor)
    tried = CheckDose(participant, encounter, asked.bag)
    decided(tried, log.situation(tried, by=actor, at=now(log.study, actor)))  # before it is opened
    bench = _bench(log, actor, key)
    _as_planned(bench, asked.dose, encounter, yes=yes)
    _print(dose.check(bench, asked))
    agrees = yes or typer.confirm("Do contents, label and this sheet agree?")
    covered = yes or typer.confirm("Are bag and line under their opaque cover?")
    _give(log, actor, CheckDose(participant, encounter, asked.bag, agrees, covered))
    typer.echo(f"{asked.bag} is checked.")


def stock(trial: Trial, by: By, key: Key, role: As = None) -> None:
    """Account for every lot of the site: received, used, noted, left."""
    from equipoise.conduct.bench.stock import accounts

    log, actor = entering(trial, by, role)
    for account in accounts(_bench(log, actor, key)):
        typer.echo(", ".join(f"{name} {value}" for name, value in account._asdict().items()))


def note(
    trial: Trial,
    lot: Annotated[str, typer.Argument(metavar="LOT", help="Of which.")],
    units: Annotated[int, typer.Argument(metavar="UNITS", help="How many.")],
    why: Annotated[str, typer.Option(help="returned, destroyed or missing.")],
    reason: Annotated[str, typer.Option(help="In words; it is sealed too.")],
    by: By,
    key: Key,
    replaces: Annotated[
        str | None, typer.Option(metavar="CODE", help="An earlier note that was wrong.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="The lots are on the shelf.")] = False,
) -> None:
    """File, sealed, that units of a lot left the shelf without a bag; none is a number too."""
    from equipoise.conduct.bench import notes

    log, actor = entering(trial, by, "unblinded preparer")
    bench = _bench(log, actor, key)
    _on_the_shelf(bench, yes=yes)
    command = notes.note(bench, lot, units, why=why, reason=reason, replaces=replaces)
    _file(log, actor, key, bench, command, command.note)
    typer.echo(f"Filed, sealed, as {command.note}: {units} of lot {lot} {why}.")


def free(
    trial: Trial,
    reason: Annotated[str, typer.Option(help="In words; it is sealed too.")],
    by: By,
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", help="The lots are on the shelf.")] = False,
) -> None:
    """Free what was reserved for bags and none took, of every lot that many bags were made from."""
    from equipoise.conduct.bench import notes

    log, actor = entering(trial, by, "unblinded preparer")
    bench = _bench(log, actor, key)
    _on_the_shelf(bench, yes=yes)
    command = notes.freeing(bench, reason=reason)
    _file(log, actor, key, bench, command, command.note)
    typer.echo("Filed, sealed, one note for all lots. Next: equipoise stock")


def audit(
    trial: Trial,
    key: Annotated[
        list[Path],
        typer.Option("--key", help="A key the list was sealed for, or two custodian's shares."),
    ],
) -> None:
    """Work every bag out again: whether it held what it should, from lots that could be used."""
    from equipoise.conduct import folder
    from equipoise.conduct.bench.audit import findings
    from equipoise.conduct.keyfiles import read_private, trusted
    from equipoise.conduct.sealed import holder
    from equipoise.conduct.verification import verify

    log, private = folder.log_of(trial), read_private(*key)
    verify(log)
    who = holder(log.trial().recipients, private)
    found = list(findings(log, who=who, private=private, listed=trusted(*key)))
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo("Every bag held what it should, from lots that could be used.")


def _file(log: Log, actor: Actor, key: Path, bench: Bench, command: Command, code: str) -> None:
    """Give the command, see that it was filed, and note how far the vault was seen then.

    Raises:
        SealError: It is not in the vault.
    """
    from equipoise.conduct.keyfiles import remember

    seen = bench.stock.seen.tip
    remember(key, actor.site, seen, was=bench.through)
    _give(log, actor, command)
    after = _bench(log, actor, key, known=bench.stock)
    if code not in after.stock.filed:
        raise SealError(f"{code} was given to the log and is not in it: make up nothing more")
    remember(key, actor.site, after.stock.seen.tip, was=after.through)


def _bench(log: Log, actor: Actor, key: Path, known: Stock | None = None) -> Bench:
    from equipoise.conduct.bench.stock import EMPTY, at_bench
    from equipoise.conduct.keyfiles import read_of, remembered, trusted
    from equipoise.conduct.sealed import public_of

    private = read_of("preparer", key)
    if log.trial().recipients.get("preparer") not in (None, public_of(private).hex()):
        raise SealError(
            f"{key} is not the preparer's key that this trial's list was sealed for; this needs "
            "the preparer.key that was made for it"
        )
    through, held = remembered(key, actor.site)
    return at_bench(
        log, by=actor, private=private, listed=trusted(key), known=known or EMPTY,
        through=through, held=held,
    )  # fmt: skip


def _as_planned(bench: Bench, asked: DoseToPrepare, encounter: str, *, yes: bool) -> None:
    """Show what the bag goes by while its arm is still sealed, and ask whether it can be so.

    Raises:
        SealError: It cannot.
    """
    from equipoise.conduct.bench.dose import planned

    for name, value in planned(bench, asked, encounter)._asdict().items():
        if value is not None:
            typer.echo(f"{name:12} {value}")
    if not yes and not typer.confirm("Is this what the protocol asks for?"):
        raise SealError("the dose is not what the protocol asks for: open nothing, have it found")


def _on_the_shelf(bench: Bench, *, yes: bool) -> None:
    """Let the preparer see what changed on the shelf: if nobody knows of it, somebody forged it.

    Raises:
        SealError: It is not so.
    """
    for name in bench.shelf.fresh:
        lot = bench.shelf.lots[name]
        got = lot.received
        each = {"content": got.content, "volume": got.volume, "passage": got.passage}
        told = "".join(f", {what} {value}" for what, value in each.items() if value is not None)
        typer.echo(
            f"lot {name} is {lot.state}: {got.units} of {got.product}, until {got.expiry}{told}"
        )
    if bench.shelf.fresh and not yes and not typer.confirm("Do you know of this, and is it so?"):
        raise SealError("the log says of a lot what is not so: make up nothing, and have it found")


def _give(log: Log, actor: Actor, command: Command) -> None:
    log.append(command, by=actor, at=now(log.study, actor), command=str(uuid4()))


def _print(sheet: Sheet) -> None:
    from dataclasses import asdict

    for name, value in asdict(sheet).items():
        if name not in ("taken", "reserved", "basis") and value is not None:
            typer.echo(f"{name:12} {value}")
    for taken in sheet.taken:
        drawn = f", of which {taken.volume} drawn" if taken.volume else ""
        typer.echo(f"{'taken':12} {taken.units} of lot {taken.lot}{drawn}")


def register(app: typer.Typer) -> None:
    """Add what is done with a private key to the command line."""
    for command in (prepare, check_bag, stock, note, free, audit, extract):
        app.command(rich_help_panel=WITH_KEY)(command)
