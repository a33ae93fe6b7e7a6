"""The blinded doses of a participant: bags, infusions, and what was seen after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from equipoise.conduct.entry import Entry
from equipoise.conduct.events import infusion as i
from equipoise.conduct.events import preparation as p
from equipoise.conduct.state.part import Part

DISCARDED: Final = (
    "spilled",
    "damaged",
    "not used in time",
    "second check failed",
    "withdrawn by the preparer",
    "given to another participant",
)
"""Why a bag is thrown away; the same words in every arm, and no others."""


Given = i.Infused | i.InfusionCorrected | i.OtherBagInfused


class Bag(NamedTuple):
    """A bag that was made up."""

    code: str
    begun: str | None  # None: recorded before the clock was
    prepared_by: str
    line: int  # of the main chain, that records it
    protocol: str  # SHA-256 of the file of the protocol that it was made by
    checked_by: str | None = None
    checked: datetime | None = None  # when that was recorded


@dataclass(frozen=True, slots=True)
class Doses(Part):
    """The doses, each by its encounter.

    Attributes:
        bags: The bag now meant for it.
        made: How many bags were made up for it.
        codes: Of every bag that was made up for the participant.
        scanned: The bag whose code was read last at the bedside.
        infused: What was given.
        missed: Doses that were not given.
        retracted: Doses that were recorded as given, and were not.
        observed: What was seen after it, by the minutes of the plan.
    """

    bags: Mapping[str, Bag] = field(default_factory=dict)
    made: Mapping[str, int] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    scanned: Mapping[str, str] = field(default_factory=dict)
    infused: Mapping[str, Given] = field(default_factory=dict)
    missed: frozenset[str] = frozenset()
    retracted: frozenset[str] = frozenset()
    observed: Mapping[str, Mapping[int, i.Observed]] = field(default_factory=dict)

    def after(self, entry: Entry) -> Doses:
        """These doses, once the entry is known too."""
        return replace(self, **self._changed(entry))

    def _changed(self, entry: Entry) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        said = entry.envelope
        match event := entry.event:
            case p.DosePrepared(at, code, number, begun):
                bag = Bag(code, begun, said.actor, entry.sequence, said.protocol_hash)
                changed = {"bags": {**self.bags, at: bag}, "made": {**self.made, at: number}}
                changed["codes"] = self.codes | {code}
            case p.DosePreparedV1(at, code, checked_by):
                made = (said.actor, entry.sequence, said.protocol_hash)
                bag = Bag(code, None, *made, checked_by)
                changed = {"bags": {**self.bags, at: bag}, "made": {**self.made, at: 1}}
                changed["codes"] = self.codes | {code}
            case p.DoseChecked(at):
                when = datetime.fromisoformat(said.at).astimezone(ZoneInfo(said.zone))
                bag = self.bags[at]._replace(checked_by=said.actor, checked=when)
                changed = {"bags": {**self.bags, at: bag}}
            case p.BagDiscarded(at):
                changed = {"bags": {k: bag for k, bag in self.bags.items() if k != at}}
            case i.BagScanned(at, code):
                changed = {"scanned": {**self.scanned, at: code}}
            case i.Infused(at) | i.InfusionCorrected(at) | i.OtherBagInfused(at):
                changed = {"infused": {**self.infused, at: event}}
            case i.DoseMissed(at):
                changed = {"missed": self.missed | {at}}
            case i.Observed(at, point):
                seen = {**self.observed.get(at, {}), point: event}
                changed = {"observed": {**self.observed, at: seen}}
            case i.DoseRetracted(at):
                for name in ("infused", "observed", "scanned"):
                    changed[name] = {k: v for k, v in getattr(self, name).items() if k != at}
                changed["missed"] = self.missed - {at}
                if at in self.infused:
                    changed["retracted"] = self.retracted | {at}
        return changed
