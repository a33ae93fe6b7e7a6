"""What else blinded people can see: every view as the command line prints it, every refusal of every
command, and the database, its backups and heads, as whoever keeps them sees them.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from equipoise.cli.looking import OF_A_DOSE, OF_ALL, OF_ONE, look
from equipoise.cli.tabling import tables
from equipoise.conduct import backup
from equipoise.conduct.commands.preparation import DiscardBag, PrepareDose
from equipoise.conduct.entry import read
from equipoise.conduct.events.event import CHAINS
from equipoise.conduct.events.participant import DetailsRecorded
from equipoise.conduct.events.preparation import WorksheetFiled
from equipoise.conduct.impact import impact, told
from equipoise.conduct.roles import BLINDED
from equipoise.conduct.views import history
from equipoise.errors import ConductError

from .test_roles import commands
from .two_worlds_safety import CODES

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def ask_for_everything(world, staff, name: str) -> None:
    """Every blinded person gives every command; most are refused, the rest is done in both worlds."""
    for actor in (one for one in staff.values() if one.role in BLINDED):
        for command in commands(name):
            world.do(command, actor)


def asks(log, people: list[str], actor):
    """Every view of the command line, as JSON and as printed, allowed or not."""
    encounters = list(log.study.encounters)
    every = [
        *((what, ()) for what in OF_ALL),
        *((what, (of,)) for what in OF_ONE for of in (*people, *CODES)),
        *((what, (of, at)) for what in OF_A_DOSE for of in people for at in encounters),
    ]
    for what, of in every:
        yield lambda what=what, of=of: printed(json.dumps(look(log, what, of, actor, NOON)))


@cache
def printed(shown: str) -> tuple[str, str]:
    """A view as JSON and as tables; the same view is not drawn twice."""
    out = io.StringIO()
    with redirect_stdout(out):
        tables(json.loads(shown))
    return shown, out.getvalue()


def kept(log, folder) -> list[object]:
    """All that the keeper of the machine sees but cannot open: how many, how long, in which order.

    What is sealed is another every time; of a hidden line its envelope and length are compared.
    """
    seen: list[object] = []
    for chain in CHAINS:
        for line in log.lines(chain):
            entry = read(line)
            about = (entry.sequence, entry.after, type(entry.event).__name__, len(line.line))
            seen.append((chain, about, line.key, line.participant, entry.envelope.at))
    backup.back_up(log, folder)
    seen += [
        (path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in sorted(folder.rglob("*"))
    ]
    people = [log.participant(name) for (name,) in _names(log)]
    return [*seen, told(impact(log.study, log.study, people, NOON.date()), "en")]


def _names(log):
    with log.storage.reading() as session:
        return list(session.rows("SELECT participant FROM participants ORDER BY participant"))


def _active(world, name: str) -> bool:
    return world.arms.get(name) == "TABLET"


def length_of_a_worksheet(patch, world):
    """With the worksheet of the active product a little more is filed."""
    decide = PrepareDose.decide

    def longer(self, now):
        happened = decide(self, now)
        if not _active(world, self.participant):
            return happened
        return tuple(
            WorksheetFiled(one.bag, {**one.sealed, "vials": "00"})
            if isinstance(one, WorksheetFiled)
            else one
            for one in happened
        )

    patch.setattr(PrepareDose, "decide", longer)


def one_more_hidden_line(patch, world):
    """Each bag of the active product leaves one more line that nobody blinded can read."""
    decide = PrepareDose.decide

    def noted(self, now):
        happened = decide(self, now)
        more = (DetailsRecorded("00"),) if _active(world, self.participant) else ()
        return (*happened, *more)

    patch.setattr(PrepareDose, "decide", noted)


def words_of_a_refusal(patch, world):
    """Who may not discard a bag is told why, by what is in it."""
    decide = DiscardBag.decide

    def refuse(self, now):
        try:
            return decide(self, now)
        except ConductError as error:
            words = "cells" if _active(world, self.participant) else "a vehicle"
            raise ConductError(f"{error}: {words}") from error

    patch.setattr(DiscardBag, "decide", refuse)


def order_of_the_history(patch, world):
    """The audit trail of those on the active product is told backwards."""
    of_one = history.history

    def turned(log, name, *, by):
        found = of_one(log, name, by=by)
        return found[::-1] if _active(world, name) else found

    patch.setattr(history, "history", turned)


LEAKS = [length_of_a_worksheet, one_more_hidden_line, words_of_a_refusal, order_of_the_history]
