"""The trial as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events import amendment, lock, participant, trial
from equipoise.conduct.events.rehearsal import RehearsalDeclared
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.adjudication import Adjudication
from equipoise.conduct.state.lock import Closing
from equipoise.protocol.whole import Study


class Slot(NamedTuple):
    """A place on the sealed list."""

    slot: str
    stratum: str
    commitment: str  # SHA-256 of the record with its salt; hexadecimal


class Version(NamedTuple):
    """A version of the protocol, and the SHA-256 sums of the study's files, by name."""

    version: str
    file: str  # SHA-256 of the protocol's
    files: Mapping[str, str]

    def same(self, study: Study) -> bool:
        """Whether a study is of this version: the same protocol, the same forms."""
        return (study.protocol.version, self.file, _forms(self.files)) == (
            self.version,
            study.files[study.protocol_file],
            _forms(study.files),
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial as a whole.

    Attributes:
        opened: SHA-256 of the protocol file it was opened under, or None: it was not.
        rehearsal: Whether the participants are virtual.
        versions: Of the protocol, in the order in which they came into force anywhere.
        in_force: The version that each site works under, by site.
        staff: Everybody who has a role now.
        appointed: Everybody who ever had one.
        names: As printed, by person.
        slots: The sealed list, in the order of use.
        recipients: Public keys that it was sealed for, in hexadecimal, by recipient.
        arms: SHA-256 of the names of the arms that it was sealed with.
        taken: How many slots of each stratum are used.
        locked: Whether the records are final.
        unsealed: Whether the list was opened.
        closing: Waivers, approvals and unlocking.
        adjudication: The dossiers before the readers.
    """

    opened: str | None = None
    rehearsal: bool = False
    versions: tuple[Version, ...] = ()
    in_force: Mapping[str, Version] = field(default_factory=dict)
    staff: tuple[Actor, ...] = ()
    appointed: tuple[Actor, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    recipients: Mapping[str, str] = field(default_factory=dict)
    arms: str | None = None
    taken: Mapping[str, int] = field(default_factory=dict)
    locked: bool = False
    unsealed: bool = False
    closing: Closing = field(default=Closing())
    adjudication: Adjudication = field(default=Adjudication())

    def next_slot(self, stratum: str) -> Slot | None:
        """The next unused slot of a stratum, or None when there is none left."""
        own = [slot for slot in self.slots if slot.stratum == stratum]
        used = self.taken.get(stratum, 0)
        return own[used] if used < len(own) else None

    def version_at(self, site: str | None) -> Version:
        """The version in force at a site; for people of the whole trial the newest."""
        return self.in_force.get(site or "", self.versions[-1 if site is None else 0])

    def _with(self, actor: Actor) -> dict[str, Any]:
        return {"staff": (*self.staff, actor), "appointed": (*self.appointed, actor)}

    def after(self, entry: Entry) -> Trial:
        """This trial, once the entry is known too."""
        said, changed = entry.envelope, dict[str, Any]()
        match entry.event:
            case trial.TrialOpened(files):
                first = Actor(said.actor, Role.ADMINISTRATOR)
                changed = {"opened": said.protocol_hash, **self._with(first)}
                changed["versions"] = (Version(said.protocol, said.protocol_hash, files),)
            case RehearsalDeclared():
                changed = {"rehearsal": True}
            case amendment.ProtocolAmended(files, places):
                version = Version(said.protocol, said.protocol_hash, files)
                changed = {"in_force": {**self.in_force, **dict.fromkeys(places, version)}}
                if version not in self.versions:
                    changed["versions"] = (*self.versions, version)
            case trial.StaffAppointed(person, given, place):
                changed = self._with(Actor(person, Role(given), place))
            case trial.StaffNamed(person, name):
                changed = {"names": {**self.names, person: name}}
            case trial.StaffDismissed(person, given, place):
                left = Actor(person, Role(given), place)
                changed = {"staff": tuple(actor for actor in self.staff if actor != left)}
            case trial.ListDeposited(slots, recipients):
                changed = {"slots": tuple(Slot(*row) for row in slots), "recipients": recipients}
            case trial.ArmsNamed(arms):
                changed = {"arms": arms}
            case participant.Randomised(_, stratum):
                taken = {**self.taken, stratum: self.taken.get(stratum, 0) + 1}
                changed = {"taken": taken}
            case trial.TrialLocked() | lock.TrialUnlocked():
                changed = {"locked": isinstance(entry.event, trial.TrialLocked)}
            case trial.BlindOpened():
                changed = {"unsealed": True}
        changed["adjudication"] = self.adjudication.after(entry)
        return replace(self, closing=self.closing.after(entry), **changed)


def numbered(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10 comes after 1.9."""
    return tuple(map(int, version.split(".")))


def _forms(files: Mapping[str, str]) -> dict[str, str]:
    return {name: hashed for name, hashed in files.items() if name.startswith("forms/")}


def recall_trial(entries: Iterable[Entry], known: Trial | None = None) -> Trial:
    """Rebuild the trial from the main chain, or from those of its entries that bear on it."""
    found = known or Trial()
    for entry in entries:
        found = found.after(entry)
    return found
