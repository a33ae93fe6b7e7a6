"""Commands of adjudication: the redacted dossier, two blinded readers, the chair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from equipoise.answer import YES
from equipoise.conduct.clocks import serious
from equipoise.conduct.commands.command import Command, Situation, arms, because, named
from equipoise.conduct.events.adjudication import (
    DisagreementSettled,
    DossierPrepared,
    VerdictGiven,
)
from equipoise.conduct.events.event import Event
from equipoise.conduct.state.adjudication import File
from equipoise.errors import ConductError
from equipoise.records.schemas import TABLES

CAUSALITY: Final = TABLES["adverse_events"].codes["causality"]
_CODE: Final = re.compile(r"D-[2-9A-HJKMNP-Z]{8}")


@dataclass(frozen=True, slots=True)
class PrepareDossier(Command):
    """Send a serious event, as known now, to the readers.

    Attributes:
        dossier: A random code from ``codes.dossier_code``.
        narrative: What happened, without name, place or arm.
    """

    NAME: ClassVar[str] = "prepare dossier"
    participant: str
    number: int
    dossier: str
    narrative: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """One dossier a version of a serious event; a new version can go to the readers again."""
        event = now.enrolled.adverse_events.of(self.number)
        if event is None or serious(event.now) != YES:
            raise ConductError(f"{self.participant} has no serious adverse event {self.number}")
        known = len(event.versions)
        if any(dossier.known == known for dossier in event.dossiers):
            raise ConductError(f"event {self.number} is before the readers as it is known now")
        if not _CODE.fullmatch(self.dossier):
            raise ConductError("the dossier has a random code, as codes.dossier_code gives one")
        _redacted(self.narrative, now)
        return (DossierPrepared(self.number, known, self.dossier, self.narrative),)


@dataclass(frozen=True, slots=True)
class GiveVerdict(Command):
    """A reader judges a dossier, without knowing what the other reader holds."""

    NAME: ClassVar[str] = "give verdict"
    dossier: str
    serious: str
    causality: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once a reader, two readers a dossier."""
        file = _file(now, self.dossier)
        _sound(self.serious, self.causality, self.reason)
        if any(verdict.by == now.by.person for verdict in file.verdicts):
            raise ConductError(f"{self.dossier}: your verdict is given")
        if file.complete:
            raise ConductError(f"{self.dossier}: both readers have given their verdicts")
        return (VerdictGiven(self.dossier, self.serious, self.causality),)


@dataclass(frozen=True, slots=True)
class SettleDisagreement(Command):
    """The chair decides where the readers disagree."""

    NAME: ClassVar[str] = "settle disagreement"
    dossier: str
    serious: str
    causality: str
    reason: str

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Once, and only when both readers are in and do not agree."""
        if not _file(now, self.dossier).disputed:
            raise ConductError(f"{self.dossier}: there is no disagreement to settle")
        _sound(self.serious, self.causality, self.reason)
        return (DisagreementSettled(self.dossier, self.serious, self.causality),)


def _file(now: Situation, dossier: str) -> File:
    file = now.trial.adjudication.files.get(dossier)
    if file is None:
        raise ConductError("there is no such dossier")
    if now.trial.locked:
        raise ConductError("the records are locked")
    return file


def _sound(serious_: str, causality: str, reason: str) -> None:
    because(reason)
    if serious_ not in {"no", "yes"} or causality not in CAUSALITY:
        raise ConductError(f"say serious yes or no, and one of {', '.join(CAUSALITY)}")


def _redacted(narrative: str, now: Situation) -> None:
    """Refuse a narrative that names the person, the place, anybody of the staff or an arm.

    The dossier itself is built from an allow-list; this is a net under the only free text in it.
    """
    if not 3 <= len(narrative.strip()) <= len(narrative) <= 10_000:
        raise ConductError("the narrative has 3 to 10000 characters")
    if (name := named(_names(now), narrative)) is not None:
        raise ConductError(f"the narrative says {name!r}, which could tell who, where or what")


def _names(now: Situation) -> Iterator[str]:
    yield now.enrolled.id
    yield from (actor.person for actor in now.trial.appointed)
    yield from arms(now.study)
    for site in now.study.protocol.sites:
        yield from filter(None, (site.name, site.label.en, site.label.zh))
