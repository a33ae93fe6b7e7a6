"""What the log amounts to: the trial and each participant, rebuilt from their events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from equipoise.conduct import events as e
from equipoise.conduct.canonical import PartialDate, digest
from equipoise.conduct.entry import Entry
from equipoise.conduct.roles import Actor, Role
from equipoise.protocol.question.terms import Reference


class Slot(NamedTuple):
    """A place on the sealed list."""

    slot: str
    stratum: str
    commitment: str  # SHA-256 of the record with its salt; hexadecimal


class Value(NamedTuple):
    """What is recorded now for an item at an encounter."""

    text: str | None
    on: PartialDate
    hash: str  # of the entry that says so


class Signature(NamedTuple):
    """An electronic signature."""

    encounter: str
    meaning: str
    covers: str
    by: Actor
    at: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial as a whole.

    Attributes:
        opened: SHA-256 of the protocol file it runs under, or None: it was not opened.
        staff: Everybody who was ever appointed.
        slots: The sealed list, in the order of use.
        taken: How many slots of each stratum are used.
        locked: Whether the records are final.
        unsealed: Whether the list was opened.
    """

    opened: str | None = None
    staff: tuple[Actor, ...] = ()
    slots: tuple[Slot, ...] = ()
    taken: Mapping[str, int] = field(default_factory=dict)
    locked: bool = False
    unsealed: bool = False

    def next_slot(self, stratum: str) -> Slot | None:
        """The next unused slot of a stratum, or None when there is none left."""
        own = [slot for slot in self.slots if slot.stratum == stratum]
        used = self.taken.get(stratum, 0)
        return own[used] if used < len(own) else None


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant, as the main chain tells.

    Attributes:
        version: Number of events so far; a command may say which it has seen.
        consents: Versions of the consent form, in the order signed.
        screened: The last judgement of eligibility.
        prepared: Bag code by encounter.
        values: What is recorded now.
        withdrawn: The cause, or None.
        erased: Whether the personal details were erased.
    """

    id: str
    site: str | None
    version: int
    consents: tuple[e.Consented, ...] = ()
    screened: e.Screened | None = None
    randomised: e.Randomised | None = None
    prepared: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[Reference, Value] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    withdrawn: str | None = None
    erased: bool = False

    def covered(self, encounter: str) -> str:
        """The hash that a signature for an encounter signs: of the entries that hold it now."""
        return digest(
            sorted(value.hash for key, value in self.values.items() if key[1] == encounter)
        )

    def stands(self, signature: Signature) -> bool:
        """Whether nothing that a signature covers was changed since, not even forth and back."""
        return signature.covers == self.covered(signature.encounter)


def recall_trial(entries: Iterable[Entry]) -> Trial:
    """Rebuild the trial from the main chain, or from those of its entries that bear on it."""
    opened, locked, unsealed = None, False, False
    staff: list[Actor] = []
    slots: tuple[Slot, ...] = ()
    taken: dict[str, int] = {}
    for entry in entries:
        match entry.event:
            case e.TrialOpened():
                opened = entry.envelope.protocol_hash
                staff.append(Actor(entry.envelope.actor, Role.ADMINISTRATOR))
            case e.StaffAppointed(person, given, place):
                staff.append(Actor(person, Role(given), place))
            case e.ListDeposited():
                slots = tuple(Slot(*row) for row in entry.event.slots)
            case e.Randomised():
                taken[entry.event.stratum] = taken.get(entry.event.stratum, 0) + 1
            case e.TrialLocked():
                locked = True
            case e.BlindOpened():
                unsealed = True
    return Trial(opened, tuple(staff), slots, taken, locked, unsealed)


def recall_participant(entries: Iterable[Entry]) -> Participant | None:
    """Rebuild a participant from the entries of the main chain about the participant."""
    version, first = 0, None
    consents, signatures = [], []
    screened, randomised, withdrawn, erased = None, None, None, False
    prepared: dict[str, str] = {}
    values: dict[Reference, Value] = {}
    for entry in entries:
        version, first = version + 1, first or entry
        match entry.event:
            case e.Consented():
                consents.append(entry.event)
            case e.Screened():
                screened = entry.event
            case e.Randomised():
                randomised = entry.event
            case e.DosePrepared():
                prepared[entry.event.encounter] = entry.event.bag
            case e.ValueRecorded(encounter, item, text, on) | e.ValueCorrected(
                encounter, item, text, on
            ):
                values[Reference(item, encounter)] = Value(text, on, entry.hash.hex())
            case e.Signed(encounter, meaning, covers):
                who, at = entry.envelope, entry.envelope.at
                by = Actor(who.actor, Role(who.role), who.site)
                signatures.append(Signature(encounter, meaning, covers, by, at))
            case e.Withdrawn(cause):
                withdrawn = cause
            case e.DetailsErased():
                erased = True
    if first is None or first.envelope.participant is None:
        return None
    return Participant(
        first.envelope.participant,
        first.envelope.site,
        version,
        tuple(consents),
        screened,
        randomised,
        prepared,
        values,
        tuple(signatures),
        withdrawn,
        erased,
    )
