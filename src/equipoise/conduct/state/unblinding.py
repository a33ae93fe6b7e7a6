"""Who learnt a participant's arm in an emergency, and what that person recorded afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events.unblinding import Unblinded
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
        if not isinstance(entry.event, Unblinded):
            return self
        said, opened = entry.envelope, entry.event.opened
        new = Opening(said.actor, opened or said.at, said.at, said.reason or "", opened is not None)
        return Unblindings((*self.openings, new))


def made_unblinded(entries: Iterable[Entry]) -> list[Entry]:
    """The entries about one participant that were made by somebody who knew the arm by then.

    Args:
        entries: All of the participant's, of the main chain.
    """
    entries, known = list(entries), Unblindings()
    for entry in entries:
        known = known.after(entry)
    since: dict[str, str] = {}
    for opening in known.openings:
        since[opening.by] = min(opening.since, since.get(opening.by, opening.since))
    return [
        entry
        for entry in entries
        if not isinstance(entry.event, Unblinded)
        and entry.envelope.at >= since.get(entry.envelope.actor, "~")
    ]
