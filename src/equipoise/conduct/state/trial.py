"""The trial as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events import participant, trial
from equipoise.conduct.roles import Actor, Role


class Slot(NamedTuple):
    """A place on the sealed list."""

    slot: str
    stratum: str
    commitment: str  # SHA-256 of the record with its salt; hexadecimal


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial as a whole.

    Attributes:
        opened: SHA-256 of the protocol file it runs under, or None: it was not opened.
        staff: Everybody who has a role now.
        appointed: Everybody who ever had one.
        slots: The sealed list, in the order of use.
        taken: How many slots of each stratum are used.
        locked: Whether the records are final.
        unsealed: Whether the list was opened.
    """

    opened: str | None = None
    staff: tuple[Actor, ...] = ()
    appointed: tuple[Actor, ...] = ()
    slots: tuple[Slot, ...] = ()
    taken: Mapping[str, int] = field(default_factory=dict)
    locked: bool = False
    unsealed: bool = False

    def next_slot(self, stratum: str) -> Slot | None:
        """The next unused slot of a stratum, or None when there is none left."""
        own = [slot for slot in self.slots if slot.stratum == stratum]
        used = self.taken.get(stratum, 0)
        return own[used] if used < len(own) else None

    def _with(self, actor: Actor) -> dict[str, Any]:
        return {"staff": (*self.staff, actor), "appointed": (*self.appointed, actor)}

    def after(self, entry: Entry) -> Trial:
        """This trial, once the entry is known too."""
        said, changed = entry.envelope, dict[str, Any]()
        match entry.event:
            case trial.TrialOpened():
                first = Actor(said.actor, Role.ADMINISTRATOR)
                changed = {"opened": said.protocol_hash, **self._with(first)}
            case trial.StaffAppointed(person, given, place):
                changed = self._with(Actor(person, Role(given), place))
            case trial.StaffDismissed(person, given, place):
                left = Actor(person, Role(given), place)
                changed = {"staff": tuple(actor for actor in self.staff if actor != left)}
            case trial.ListDeposited(slots):
                changed = {"slots": tuple(Slot(*row) for row in slots)}
            case participant.Randomised(_, stratum):
                taken = {**self.taken, stratum: self.taken.get(stratum, 0) + 1}
                changed = {"taken": taken}
            case trial.TrialLocked():
                changed = {"locked": True}
            case trial.BlindOpened():
                changed = {"unsealed": True}
        return replace(self, **changed)


def recall_trial(entries: Iterable[Entry], known: Trial | None = None) -> Trial:
    """Rebuild the trial from the main chain, or from those of its entries that bear on it."""
    found = known or Trial()
    for entry in entries:
        found = found.after(entry)
    return found
