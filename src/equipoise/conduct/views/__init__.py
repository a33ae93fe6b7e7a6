"""What each role is shown: built from an allow-list, never by leaving things out.

A blinded view is a class without a place for an arm, a box, a lot or a volume. Every refusal reads
the same, whether or not what was asked for exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

from equipoise.conduct import reading
from equipoise.conduct.canonical import canonical
from equipoise.conduct.events.event import Chain
from equipoise.conduct.log import Log
from equipoise.conduct.portable import exported
from equipoise.conduct.roles import AT_SITE, READS, Actor, Role
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.storage.session import Session
from equipoise.conduct.views.access import admit, not_randomised, of_site

SEE_PARTICIPANTS: Final = READS["main"]


class ShownSignature(NamedTuple):
    """An electronic signature with all that it must show (21 CFR 11.50): who, when, what for."""

    encounter: str | None  # None: everything of the participant
    meaning: str
    person: str
    name: str | None  # as printed; None: not given
    role: str
    at: str  # UTC
    stands: bool  # whether nothing that it covers was changed since


@dataclass(frozen=True, slots=True)
class BlindedParticipant:
    """A participant, as blinded people know one."""

    participant: str
    site: str | None
    version: int
    consents: tuple[str, ...]
    eligible: str | None
    answers: Mapping[str, str]
    slot: str | None
    stratum: str | None
    bags: Mapping[str, str]  # by encounter
    values: Mapping[str, str | None]  # by item and encounter
    signatures: tuple[ShownSignature, ...]
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class DoseToPrepare:
    """What the unblinded preparer needs, and no outcome."""

    participant: str
    slot: str
    stratum: str
    commitment: str
    box: str
    weights: Mapping[str, str | None]  # by encounter, where the dose goes by weight
    bags: Mapping[str, str]


def shown(view: BlindedParticipant | DoseToPrepare) -> bytes:
    """A view as bytes: canonical JSON."""
    return canonical({field.name: getattr(view, field.name) for field in fields(view)})


def participant(log: Log, name: str, *, by: Actor) -> BlindedParticipant:
    """A participant, for people who work with the records.

    Raises:
        NotPermittedError: Not a task of this person, no such participant, or of another site.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, SEE_PARTICIPANTS)
        who = of_site(reading.participant(session, name), by)
        return _blinded(who, reading.trial(session).names)


def participants(log: Log, *, by: Actor) -> list[str]:
    """Identifiers of the participants whom a person may look at, in alphabetical order.

    Raises:
        NotPermittedError: Not a task of this person.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, SEE_PARTICIPANTS)
        return reading.names(session, by.site if by.role in AT_SITE else None)


def dose_to_prepare(log: Log, name: str, *, by: Actor) -> DoseToPrepare:
    """The sealed slot of a randomised participant, for the unblinded preparer of the site.

    Raises:
        NotPermittedError: Not a task of this person, or there is nothing to prepare.
    """
    with log.storage.reading() as session:
        admit(reading.trial(session), by, frozenset({Role.PREPARER}))
        return to_prepare(log, session, name, by)


def to_prepare(log: Log, session: Session, name: str, by: Actor) -> DoseToPrepare:
    """The sealed slot of a randomised participant, for somebody who was let in.

    Raises:
        NotPermittedError: There is nothing to prepare.
    """
    who = reading.participant(session, name)
    if who is None or who.site != by.site or who.randomised is None:
        raise not_randomised()
    slots = reading.trial(session).slots
    (slot,) = (slot for slot in slots if slot.slot == who.randomised.slot)
    box = reading.hidden_boxes(session)[slot.slot]["preparer"]
    weight = log.study.protocol.dosing.weight
    weights = {key.encounter: v.text for key, v in who.values.items() if key.item == weight}
    return DoseToPrepare(who.id, *slot, box, weights, who.prepared)


def chain(log: Log, which: Chain, *, by: Actor) -> Iterator[bytes]:
    """A whole chain, of all sites, as JSON lines, for those of no site who may read it.

    Raises:
        NotPermittedError: This person may not.
    """
    admit(log.trial(), by, READS[which] - AT_SITE)
    return exported(log.lines(which))


def _blinded(who: Participant, names: Mapping[str, str]) -> BlindedParticipant:
    return BlindedParticipant(
        participant=who.id,
        site=who.site,
        version=who.version,
        consents=tuple(consent.form for consent in who.consents),
        eligible=who.screened.eligible if who.screened else None,
        answers=who.screened.answers if who.screened else {},
        slot=who.randomised.slot if who.randomised else None,
        stratum=who.randomised.stratum if who.randomised else None,
        bags=who.prepared,
        values={str(key): value.text for key, value in who.values.items()},
        signatures=tuple(
            ShownSignature(
                signed.encounter,
                signed.meaning,
                signed.by.person,
                names.get(signed.by.person),
                signed.by.role,
                signed.at,
                who.stands(signed),
            )
            for signed in who.signatures
        ),
        withdrawn=who.withdrawn,
    )
