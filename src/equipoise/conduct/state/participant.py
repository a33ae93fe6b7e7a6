"""One participant, as the main chain tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from typing import Any, Final, NamedTuple

from equipoise.conduct.canonical import PartialDate, digest
from equipoise.conduct.entry import Entry
from equipoise.conduct.events import participant as e
from equipoise.conduct.events.disposition import DispositionCorrected
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.safety import AdverseEventReported
from equipoise.conduct.events.values import (
    Signed,
    SignedV1,
    SignedV2,
    ValueCorrected,
    ValueRecorded,
)
from equipoise.conduct.roles import Actor, Role
from equipoise.conduct.state.deviations import Deviations
from equipoise.conduct.state.diary import Diary
from equipoise.conduct.state.disposition import Disposition
from equipoise.conduct.state.doses import Doses
from equipoise.conduct.state.oversight import Oversight
from equipoise.conduct.state.part import Part
from equipoise.conduct.state.safety import AdverseEvents
from equipoise.conduct.state.titration import Medicine
from equipoise.conduct.state.unblinding import Unblindings
from equipoise.conduct.state.visits import Visits
from equipoise.protocol.question.terms import Reference


class Value(NamedTuple):
    """What is recorded now for an item at an encounter."""

    text: str | None
    on: PartialDate
    hash: str  # of the entry that says so


class Signature(NamedTuple):
    """An electronic signature; without an encounter for all that is recorded.

    Attributes:
        values_only: Given when a signature covered values of forms and nothing else.
    """

    encounter: str | None
    meaning: str
    covers: str
    by: Actor
    at: str
    values_only: bool


OUTSIDE: Final = ""
"""Stands in ``Participant.held`` for what was recorded of no encounter."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One participant.

    Attributes:
        version: Number of events so far; a command may say which it has seen.
        last: Hash of the last entry, in hexadecimal; it stands for all of them.
        consents: Versions of the consent form, in the order signed.
        screened: The last judgement of eligibility.
        allocated: When the participant was randomised, UTC; empty before.
        values: What is recorded now.
        corrected: Line of the main chain that corrected a value last.
        held: By encounter a hash that stands for all entries of the records there, in order;
            ``OUTSIDE`` for those of no encounter, and None for all of the participant.
        withdrawn: The cause, or None.
        erased: Whether the personal details were erased.
        cancelled: Whether the identifier was given by mistake.
        doses: Bags, infusions and what was seen after them.
        oversight: Queries, verification, review and freezing.
        deviations: What was not done as the protocol says.
        visits: Visits held and missed.
        diary: Home readings.
        medicine: The titrated medicine.
        disposition: Discontinued, left or completed.
    """

    id: str
    site: str | None
    version: int = 0
    last: str = ""
    consents: tuple[e.Consented, ...] = ()
    screened: e.Screened | None = None
    randomised: e.Randomised | None = None
    allocated: str = ""
    values: Mapping[Reference, Value] = field(default_factory=dict)
    corrected: Mapping[Reference, int] = field(default_factory=dict)
    held: Mapping[str | None, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    withdrawn: str | None = None
    erased: bool = False
    cancelled: bool = False
    doses: Doses = field(default=Doses())
    oversight: Oversight = field(default=Oversight())
    deviations: Deviations = field(default=Deviations())
    visits: Visits = field(default=Visits())
    diary: Diary = field(default=Diary())
    medicine: Medicine = field(default=Medicine())
    disposition: Disposition = field(default=Disposition())
    adverse_events: AdverseEvents = field(default=AdverseEvents())
    unblindings: Unblindings = field(default=Unblindings())

    @property
    def prepared(self) -> Mapping[str, str]:
        """Code of the bag now meant for each dose."""
        return {encounter: bag.code for encounter, bag in self.doses.bags.items()}

    def stands(self, signature: Signature) -> bool:
        """Whether nothing that a signature covers was changed since, not even forth and back."""
        if not signature.values_only:
            return signature.covers == self.held.get(signature.encounter)
        signed = (
            value.hash
            for key, value in self.values.items()
            if signature.encounter in (None, key.encounter)
        )
        return signature.covers == digest(sorted(signed))

    def after(self, entry: Entry) -> Participant:
        """This participant, once the entry is known too."""
        changed = {name: getattr(self, name).after(entry) for name in PARTS}
        changed |= {"version": self.version + 1, "last": entry.hash.hex()}
        if _of_the_records(entry.event):
            where = (None, getattr(entry.event, "encounter", OUTSIDE))
            if isinstance(entry.event, e.Consented):  # of the whole, and nothing to sign for alone
                where = (None, None)
            more = {at: _and(self.held.get(at, ""), entry.hash) for at in where}
            changed["held"] = {**self.held, **more}
        return replace(self, **changed, **self._changed(entry))

    def _changed(self, entry: Entry) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        match entry.event:
            case e.Consented(form, language, on) | e.ConsentedV1(form, language, on):
                changed = {"consents": (*self.consents, e.Consented(form, language, on))}
            case e.Screened():
                changed = {"screened": entry.event}
            case e.Randomised():
                changed = {"randomised": entry.event, "allocated": entry.envelope.at}
            case ValueRecorded(encounter, item, text, on) | ValueCorrected(
                encounter, item, text, on
            ):
                key = Reference(item, encounter)
                value = Value(text, on, entry.hash.hex())
                changed = {"values": {**self.values, key: value}}
                if isinstance(entry.event, ValueCorrected):
                    changed["corrected"] = {**self.corrected, key: entry.sequence}
            case (
                SignedV1(encounter, meaning, covers)
                | SignedV2(encounter, meaning, covers)
                | Signed(encounter, meaning, covers)
            ):
                said, old = entry.envelope, not isinstance(entry.event, Signed)
                by = Actor(said.actor, Role(said.role), said.site)
                signature = Signature(encounter, meaning, covers, by, said.at, old)
                changed = {"signatures": (*self.signatures, signature)}
            case e.Withdrawn(cause) | DispositionCorrected("withdrawal", cause):
                changed = {"withdrawn": cause}
            case e.ConsentCorrected(form, language, on):
                signed = {(c.form, c.language): c for c in self.consents}
                signed[form, language] = e.Consented(form, language, on)
                changed = {"consents": tuple(signed.values())}
            case e.EnrolmentCancelled():
                changed = {"cancelled": True}
            case e.DetailsErased():
                changed = {"erased": True}
        return changed


PARTS: Final = tuple(own.name for own in fields(Participant) if isinstance(own.default, Part))
"""Names of the fields that are parts, each with a fold of its own."""


def _of_the_records(event: Event) -> bool:
    """Whether an event is of what an investigator signs for."""
    return event.RECORDS or isinstance(event, AdverseEventReported)


def _and(before: str, more: bytes) -> str:
    return sha256(bytes.fromhex(before) + more).hexdigest()


def recall_participant(
    entries: Iterable[Entry], known: Participant | None = None
) -> Participant | None:
    """Rebuild a participant from entries of the main chain, those after what is known already."""
    for entry in entries:
        about = entry.envelope.participant
        if known is None and about is not None:
            known = Participant(about, entry.envelope.site)
        if known is not None:
            known = known.after(entry)
    return known
