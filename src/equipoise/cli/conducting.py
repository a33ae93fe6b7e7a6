"""Conducting a trial from the command line: a thin layer over ``conduct``, as any client."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from equipoise.errors import ConductError, LogError

if TYPE_CHECKING:
    from equipoise.conduct.commands.lots import RecordTest
    from equipoise.conduct.log import Log
    from equipoise.conduct.roles import Actor
    from equipoise.protocol.whole import Study

DURING = "During a trial"
DRIVER = "PostgreSQL needs its driver: pip install equipoise[postgresql]"
Trial = Annotated[Path, typer.Argument(metavar="TRIAL", help="Folder of the trial.")]
By = Annotated[str, typer.Option(metavar="PERSON", help="Who does this.")]
As = Annotated[
    str | None,
    typer.Option("--as", metavar="ROLE", help="In which role, if there are several."),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--postgresql",
        metavar="ADDRESS",
        help="Connection string of a database; SQLite if not given.",
        show_default=False,
    ),
]


def install(
    owner: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Connection string of the database's owner.")
    ],
    role: Annotated[str, typer.Option(help="The application's role, which owns nothing there.")],
) -> None:
    """Prepare a PostgreSQL database for one trial: the role may add and read, change nothing."""
    try:
        from equipoise.conduct.storage import postgresql
    except ImportError as error:
        raise LogError(DRIVER) from error
    postgresql.install(owner, role=role)
    typer.echo(f"Next: equipoise open STUDY TRIAL --postgresql, with an address of {role}.")


def open_(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study folder or shipped name.")],
    trial: Trial,
    by: By,
    postgresql: Address = None,
) -> None:
    """Open a trial: make its folder and log; who does it is its administrator."""
    from equipoise.conduct import folder
    from equipoise.conduct.commands.trial import OpenTrial
    from equipoise.conduct.roles import Actor, Role

    log = folder.make(study, trial, address=postgresql)
    actor = Actor(by, Role.ADMINISTRATOR)
    try:
        log.append(OpenTrial(), by=actor, at=now(log.study, actor), command=str(uuid4()))
    except BaseException:
        shutil.rmtree(trial)
        raise
    typer.echo(
        f"{trial} is open under protocol {log.study.protocol.version}. Next: appoint people."
    )


def do(
    trial: Trial,
    command: Annotated[str, typer.Argument(metavar="COMMAND", help='E.g. "randomise".')],
    by: By,
    said: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE | NAME.PART=VALUE | @FILE.json]…", help="What it is made of."
        ),
    ] = None,
    role: As = None,
    identifier: Annotated[
        str | None,
        typer.Option("--id", help="Of the command: the same again is not done twice."),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Give a command, in a role: `equipoise do trial randomise participant=S1-001 --by li`.

    `equipoise commands` lists them all, and `equipoise commands randomise` what one is made of.
    """
    from equipoise.cli.saying import parts, told
    from equipoise.conduct.commands.asking import asked
    from equipoise.conduct.commands.lots import RecordTest
    from equipoise.conduct.events.registry import body

    log, actor = entering(trial, by, role)
    given, at = asked(command, parts(said or ())), now(log.study, actor)
    entries = log.append(given, by=actor, at=at, command=identifier or str(uuid4()))
    happened = [
        {"event": type(entry.event).__name__, "chain": entry.chain, "sequence": entry.sequence}
        | {"body": body(entry.event)}
        for entry in entries
    ]
    if json_:
        typer.echo(json.dumps(happened, indent=2, ensure_ascii=False, default=str))
        return
    for one in entries:
        said_ = told(body(one.event), one.envelope.zone)
        name = type(one.event).__name__
        typer.echo(f"{one.chain} {one.sequence}: {name}{said_ and f': {said_}'}")
    if not entries:
        typer.echo("Recorded where the blinded do not read.")
    if isinstance(given, RecordTest) and (why := _failing(log, given, actor)):
        typer.echo(why)


def _failing(log: Log, given: RecordTest, actor: Actor) -> str | None:
    """That the result of a release test does not pass: it stands, and may be a slip of the pen."""
    from equipoise.conduct.views.product import lots

    (lot,) = (lot for lot in lots(log, by=actor) if lot.lot == given.lot)
    why = lot.wanting.get(given.test)
    again = "If that is a slip, record the test again with reason=…"
    return f"This does not pass: {given.test} {why}. {again}" if why else None


def commands(
    command: Annotated[
        str | None, typer.Argument(metavar="[COMMAND]", help="One, with all its parts.")
    ] = None,
) -> None:
    """List the commands of a trial: who may give them, and what they are made of."""
    from equipoise.conduct.commands.asking import described, known, parts
    from equipoise.conduct.roles import MAY

    if command is not None:
        parts(command)  # says which commands there are if this is none
    for name, kind in sorted(known().items()):
        if command not in (None, name):
            continue
        made_of = [part if needed else f"[{part}]" for part, needed in parts(name).items()]
        summary = (kind.__doc__ or "").splitlines()[0]
        typer.echo(f"{name}: {summary}")
        typer.echo(f"    of: {' '.join(made_of) or 'nothing'}")
        typer.echo(f"    by: {', '.join(sorted(MAY[name]))}")
    for part, words in described(command) if command else ():
        typer.echo(f"    {part}: {words}")


def show(
    trial: Trial,
    by: By,
    what: Annotated[
        str, typer.Argument(metavar="VIEW", help="What to see; a wrong name lists the views.")
    ] = "participants",
    of: Annotated[
        list[str] | None,
        typer.Argument(metavar="[OF]…", help="Of which participant or dossier, which encounter."),
    ] = None,
    role: As = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what a role may see; a blinded role's view has no place for an arm."""
    from equipoise.cli.looking import look
    from equipoise.cli.tabling import tables

    log, actor = entering(trial, by, role)
    shown = look(log, what, of or (), actor, now(log.study, actor))
    if json_:
        typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        tables(shown)


def scan(
    trial: Trial,
    participant: Annotated[str, typer.Argument(metavar="PARTICIPANT", help="At the bedside.")],
    encounter: Annotated[str, typer.Argument(metavar="ENCOUNTER", help="The dose of which.")],
    bag: Annotated[str, typer.Argument(metavar="BAG", help="The code on the bag.")],
    by: By,
) -> None:
    """At the bedside, before the bag is connected: whether it is this person's, and in time."""
    from equipoise.conduct.commands.infusion import ScanBag

    log, actor = entering(trial, by, "infusion nurse")
    asked = ScanBag(participant, encounter, bag)
    log.append(asked, by=actor, at=now(log.study, actor), command=str(uuid4()))
    typer.echo(f"{bag} is the bag of {participant} for {encounter}. It may be connected.")


def entering(trial: Path, person: str, role: str | None) -> tuple[Log, Actor]:
    """The log of a trial as it is in force for a person, in a role or in the only one they have.

    Raises:
        ConductError: They have no such role, or several.
    """
    from equipoise.conduct import folder, reading

    with folder.storage_of(trial).reading() as session:
        staff = [actor for actor in reading.trial(session).staff if actor.person == person]
    own = [actor for actor in staff if role in (None, actor.role)]
    if len(own) == 1:
        return folder.log_of(trial, own[0].site), own[0]
    roles = ", ".join(sorted(str(actor.role) for actor in staff))
    if own:
        raise ConductError(f"{person} has several roles; say which with --as: {roles}")
    if staff:
        raise ConductError(f"{person[:40]} is {roles} here, not {role}")
    raise ConductError(f"{person[:40]!r} has no role in this trial; its administrator appoints")


def now(study: Study, by: Actor) -> datetime:
    """Now, by the clock of the actor's site; of the first site for roles of the whole trial."""
    sites = study.protocol.sites
    (at,) = (site for site in sites if site.name == (by.site or sites[0].name))
    return datetime.now(ZoneInfo(at.timezone))


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the command line."""
    app.command(name="open", rich_help_panel=DURING)(open_)
    for command in (install, do, show, scan, commands):
        app.command(rich_help_panel=DURING)(command)
