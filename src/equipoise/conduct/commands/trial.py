"""Commands that concern the whole trial: opening, staff, the sealed list, lock, the blind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import digest
from equipoise.conduct.commands.command import Command, Situation, hexadecimal, identifier
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.trial import (
    ArmsNamed,
    BlindOpened,
    BoxesDeposited,
    ListDeposited,
    StaffAppointed,
    TrialOpened,
)
from equipoise.conduct.judgement import strata
from equipoise.conduct.roles import AT_SITE, OF_A_SITE, Role, compatible
from equipoise.conduct.sealed import RECIPIENTS, SealedList, opened
from equipoise.errors import ConductError, nearest


@dataclass(frozen=True, slots=True)
class OpenTrial(Command):
    """Begin: who gives this is the administrator, who then appoints the others."""

    NAME: ClassVar[str] = "open trial"

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Record the study's files and their hashes."""
        if now.trial.opened:
            raise ConductError("the trial is open already")
        return (TrialOpened(dict(now.study.files)),)


@dataclass(frozen=True, slots=True)
class Appoint(Command):
    """Give a person a role, at a site where it is a role of sites.

    Attributes:
        site: For a role at a site. A qualified person with a site has its lots alone, without one
            those of all sites; a participant with a site goes by its clock and protocol.
    """

    NAME: ClassVar[str] = "appoint"
    person: str
    role: Role
    site: str | None = None

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Keep duties apart that must be separate."""
        identifier("person", self.person)
        sites = [site.name for site in now.study.protocol.sites]
        if self.site is None and self.role in AT_SITE:
            raise ConductError(f"{self.role} is a role at a site; give one of {', '.join(sites)}")
        if self.site is not None and self.role not in OF_A_SITE:
            raise ConductError(f"{self.role} is a role of the whole trial; leave the site out")
        if self.site is not None and self.site not in sites:
            raise ConductError(
                f"there is no site {self.site[:40]}.{nearest(self.site[:40], sites)}"
            )
        if (self.person, self.role, self.site) in now.trial.staff:
            raise ConductError(f"{self.person} is {self.role} already")
        for known in sorted({actor.person for actor in now.trial.appointed} - {self.person}):
            if _letters(known) == _letters(self.person):
                raise ConductError(f"{self.person} is too like {known}; is it the same person?")
        ever = [actor.role for actor in now.trial.appointed if actor.person == self.person]
        compatible(self.person, ever, self.role)
        return (StaffAppointed(self.person, self.role, self.site),)


@dataclass(frozen=True, slots=True)
class DepositList(Command):
    """Bring in the sealed list; the same bytes that ``seal`` made, without any key."""

    NAME: ClassVar[str] = "deposit list"
    SEALED: ClassVar[tuple[str, ...]] = ("boxes",)
    study: str
    arms: tuple[str, ...]
    slots: tuple[tuple[str, str, str], ...]
    boxes: Mapping[str, Mapping[str, str]]
    recipients: Mapping[str, str]

    @classmethod
    def of(cls, listed: SealedList) -> DepositList:
        """The command for a list."""
        return cls(listed.study, listed.arms, listed.slots, listed.boxes, listed.recipients)

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Take it in once, whole: known strata, one box a slot and recipient, all of one length."""
        if now.trial.slots:
            raise ConductError("the trial has its list already")
        if (self.study, self.arms) != (now.study.name, tuple(now.study.arms)):
            raise ConductError(
                f"the list was sealed for {self.study[:40]} and its arms; this is {now.study.name} "
                f"with the arms {', '.join(now.study.arms)}"
            )
        names = [identifier("slot", slot) for slot, _, _ in self.slots]
        commitments = {commitment for _, _, commitment in self.slots}
        if not names or not len(names) == len(set(names)) == len(commitments):
            raise ConductError("each slot has a name and a commitment of its own, and there is one")
        if unknown := {stratum for _, stratum, _ in self.slots} - set(strata(now.study)):
            raise ConductError(f"the protocol has no stratum {min(unknown)!r}")
        if set(self.boxes) != set(names) or set(self.recipients) != set(RECIPIENTS):
            raise ConductError("each slot has its boxes, for the recipients of the design")
        lengths = {len(box) for own in self.boxes.values() for box in own.values()}
        if any(set(own) != set(RECIPIENTS) for own in self.boxes.values()) or len(lengths) != 1:
            raise ConductError("each slot has a box for each recipient, all of one length")
        for text in commitments | {box for own in self.boxes.values() for box in own.values()}:
            hexadecimal("a commitment or box", text, most=4096)
        return (
            ListDeposited(self.slots, dict(self.recipients)),
            ArmsNamed(digest(list(now.study.arms))),
            BoxesDeposited({slot: dict(own) for slot, own in self.boxes.items()}),
        )


@dataclass(frozen=True, slots=True)
class OpenBlind(Command):
    """Publish what every commitment was made from; ``openings`` by slot, in hexadecimal."""

    NAME: ClassVar[str] = "open blind"
    openings: Mapping[str, str]

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """Only after lock, only whole, and only if every commitment is kept."""
        if not now.trial.locked:
            raise ConductError("the blind is opened after the records are locked")
        if now.trial.unsealed:
            raise ConductError("the blind was opened already")
        if set(self.openings) != {slot.slot for slot in now.trial.slots}:
            raise ConductError("open every slot of the list, used or not, and no other")
        for slot in now.trial.slots:
            hexadecimal(f"the opening of {slot.slot}", self.openings[slot.slot], most=4096)
            opened(slot, bytes.fromhex(self.openings[slot.slot]))
        return (BlindOpened(dict(self.openings)),)


def _letters(person: str) -> str:
    """A name without what is easily mistyped: two alike would pass for two people."""
    return re.sub(r"[^a-z0-9]", "", person.casefold())
