"""What can happen in a trial: one event, one class, in the past tense.

An event holds what was decided, nothing that can be worked out from other events. Its class never
changes once a trial has used it: a new shape is a new class with the next ``VERSION``, and the old
one stays, named e.g. ``ScreenedV1``, so that every log can be read for ever.

* ``main``: everything that blinded people work with; no event of it depends on an arm.
* ``vault``: what only unblinded people may know exists. Whatever tells an arm is sealed even here.
* ``personal``: names and addresses, encrypted with a key of their own for each participant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final, Literal, get_type_hints

from equipoise.conduct.canonical import PartialDate
from equipoise.errors import LogError

Chain = Literal["main", "vault", "personal"]
CHAINS: Final[tuple[Chain, ...]] = ("main", "vault", "personal")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; the envelope (``entry``) says when, to whom and by whom."""

    CHAIN: ClassVar[Chain] = "main"
    VERSION: ClassVar[int] = 1


# --- the trial ---


@dataclass(frozen=True, slots=True)
class TrialOpened(Event):
    """The trial may begin, under the protocol files of these SHA-256 sums, by name."""

    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StaffAppointed(Event):
    """A person was given a role at a site; a role of the whole trial has no site."""

    person: str
    given: str  # the role
    place: str | None  # the site


@dataclass(frozen=True, slots=True)
class ListDeposited(Event):
    """The sealed allocation list came in: for each slot its stratum and the commitment to its arm.

    ``recipients`` are the public keys that it was sealed for, in hexadecimal, by recipient.
    """

    slots: tuple[tuple[str, str, str], ...]  # slot, stratum, commitment; in the order of use
    recipients: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BoxesDeposited(Event):
    """The sealed boxes of the list: for each slot and recipient, in hexadecimal."""

    CHAIN: ClassVar[Chain] = "vault"
    boxes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class TrialLocked(Event):
    """The records are final; nothing about a participant can be recorded any more."""


@dataclass(frozen=True, slots=True)
class BlindOpened(Event):
    """The list was opened after lock: what each slot's commitment was made from, in hexadecimal."""

    openings: Mapping[str, str]


# --- a participant ---


@dataclass(frozen=True, slots=True)
class Enrolled(Event):
    """A person was given an identifier, never used again for another."""


@dataclass(frozen=True, slots=True)
class Consented(Event):
    """A person consented, with this version and language of the form."""

    form: str
    language: str
    on: PartialDate


@dataclass(frozen=True, slots=True)
class DetailsRecorded(Event):
    """Name and other personal details, encrypted with the participant's own key; hexadecimal."""

    CHAIN: ClassVar[Chain] = "personal"
    sealed: str


@dataclass(frozen=True, slots=True)
class DetailsErased(Event):
    """The participant's key was to be destroyed: the details cannot be read any more."""


@dataclass(frozen=True, slots=True)
class ValueRecorded(Event):
    """The value of an item at an encounter: as text, in the item's unit; None is "not done"."""

    encounter: str
    item: str
    value: str | None
    on: PartialDate


@dataclass(frozen=True, slots=True)
class ValueCorrected(Event):
    """A recorded value was replaced, for the reason in the envelope."""

    encounter: str
    item: str
    value: str | None
    on: PartialDate


@dataclass(frozen=True, slots=True)
class Signed(Event):
    """A person signed for an encounter; ``covers`` is the hash of the values as they were."""

    encounter: str
    meaning: str
    covers: str


@dataclass(frozen=True, slots=True)
class Screened(Event):
    """Eligibility was judged from the recorded values: the answer to each criterion."""

    answers: Mapping[str, str]
    eligible: str


@dataclass(frozen=True, slots=True)
class Randomised(Event):
    """The participant got the next slot of the stratum. Nobody here knows its arm."""

    slot: str
    stratum: str
    position: int  # in the stratum, from 1


@dataclass(frozen=True, slots=True)
class DosePrepared(Event):
    """A blinded bag is ready for an encounter: its code tells nothing; two people checked it."""

    encounter: str
    bag: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class WorksheetFiled(Event):
    """How the bag was made up, sealed; hexadecimal by recipient."""

    CHAIN: ClassVar[Chain] = "vault"
    bag: str
    sealed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Withdrawn(Event):
    """The participant left the study, for the reason in the envelope."""

    cause: str  # of records.schemas.WITHDRAWAL_REASONS
    on: PartialDate


EVENTS: Final[Mapping[tuple[str, int], type[Event]]] = {
    (name.removesuffix(f"V{kind.VERSION}"), kind.VERSION): kind
    for name, kind in list(globals().items())
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
"""Every event class by type and version: what a log can hold."""

_READ: Final[Mapping[Any, Callable[[Any], Any]]] = {
    PartialDate: PartialDate.parse,
    tuple[tuple[str, str, str], ...]: lambda rows: tuple(tuple(row) for row in rows),
}
_FIELDS: Final[Mapping[type[Event], dict[str, Callable[[Any], Any] | None]]] = {
    kind: {field.name: _READ.get(get_type_hints(kind)[field.name]) for field in fields(kind)}
    for kind in EVENTS.values()
}


def body(event: Event) -> dict[str, object]:
    """What the event says, by name, as ``canonical`` can write it."""
    return {name: getattr(event, name) for name in _FIELDS[type(event)]}


def event(kind: str, version: int, said: Mapping[str, Any]) -> Event:
    """The event that was written down.

    Raises:
        LogError: This version of Equipoise knows no such event, or it does not have these parts.
    """
    if (kind, version) not in EVENTS:
        raise LogError(f"the log holds {kind} version {version}; read it with a newer Equipoise")
    of = EVENTS[kind, version]
    readers = _FIELDS[of]
    if said.keys() != readers.keys():
        raise LogError(f"{kind} has {', '.join(readers) or 'nothing'}; found {', '.join(said)}")
    return of(**{name: read(said[name]) if read else said[name] for name, read in readers.items()})
