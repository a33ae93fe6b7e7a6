"""Who learnt a participant's arm in an emergency, and what that person recorded afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events.unblinding import AnyUnblinded
from equipoise.conduct.state.part import Part


class Opening(NamedTuple):
    """One emergency unblinding."""

    by: str
    since: str  # from when on the person knew; UTC
    recorded: str  # when it was recorded; UTC
    reason: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class Unblindings(Part):
    """The emergency unblindings of a participant, in order; who knows an arm knows it for ever."""

    openings: tuple[Opening, ...] = ()

    def after(self, entry: Entry) -> Unblindings:
        """One more, where the entry records one."""
        if not isinstance(entry.event, AnyUnblinded):
            return self
        said, opened = entry.envelope, entry.event.opened
        new = Opening(said.actor, opened or said.at, said.at, said.reason or "", opened is not None)
        return Unblindings((*self.openings, new))


def made_unblinded(entries: Iterable[Entry]) -> list[Entry]:
    """The entries about one participant that were made by somebody who knew the arm by then.

    That is what the person recorded after the unblinding was, and, where paper was opened and told
    of later, also what was recorded in between.

    Args:
        entries: All of the participant's, of the main chain.
    """
    entries = list(entries)
    opened: dict[str, str] = {}  # person to the time of an opening on paper
    for entry in entries:
        if isinstance(entry.event, AnyUnblinded) and entry.event.opened is not None:
            person = entry.envelope.actor
            opened[person] = min(entry.event.opened, opened.get(person, entry.event.opened))
    knows: set[str] = set()
    made = []
    for entry in entries:
        said = entry.envelope
        if isinstance(entry.event, AnyUnblinded):
            knows.add(said.actor)
        elif said.actor in knows or said.at >= opened.get(said.actor, "~"):
            made.append(entry)
    return made
