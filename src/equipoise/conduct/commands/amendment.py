"""The command that brings a new version of the protocol into force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from equipoise.conduct.canonical import digest
from equipoise.conduct.commands.command import Command, Situation, because
from equipoise.conduct.events.amendment import ProtocolAmended
from equipoise.conduct.events.event import Event
from equipoise.conduct.judgement import strata
from equipoise.conduct.state.trial import numbered
from equipoise.errors import ConductError, nearest


@dataclass(frozen=True, slots=True)
class Amend(Command):
    """Let sites work under a new version of the protocol; given to a log of the new study.

    Sites can follow one after the other, as their ethics committees approve. The people of a site
    use the version in force there, those of the whole trial the newest.

    Attributes:
        sites: Which; all of the protocol if none is given.
        approval: Reference of the approval.
    """

    NAME: ClassVar[str] = "amend"
    approval: str
    reason: str
    sites: tuple[str, ...] = ()

    def decide(self, now: Situation) -> tuple[Event, ...]:
        """A later version, which the sealed list still fits; a site goes forward only."""
        because(self.reason)
        trial, version = now.trial, now.study.protocol.version
        if trial.locked:
            raise ConductError("the records are locked; unlock them before the protocol changes")
        if not 1 <= len(self.approval.strip()) <= 200:
            raise ConductError("give the reference of the approval, in 1 to 200 characters")
        known = {one.version: one for one in trial.versions}
        if version in known and not known[version].same(now.study):
            raise ConductError(f"version {version} is in force with other files; give a new number")
        if version not in known and numbered(version) < max(map(numbered, known)):
            raise ConductError(f"version {version} is before one that is in force")
        if odd := {slot.stratum for slot in trial.slots} - set(strata(now.study)):
            raise ConductError(f"this version has no stratum {min(odd)!r}; the sealed list has")
        if trial.arms and trial.arms != digest(list(now.study.arms)):
            raise ConductError("the list is sealed with other arms; keep their names and order")
        return (ProtocolAmended(dict(now.study.files), self._sites(now), self.approval),)

    def _sites(self, now: Situation) -> tuple[str, ...]:
        all_sites = [site.name for site in now.study.protocol.sites]
        for site in self.sites:
            if site not in all_sites:
                raise ConductError(f"there is no site {site[:40]}.{nearest(site[:40], all_sites)}")
        version = now.study.protocol.version
        sites = self.sites or tuple(all_sites)
        if ahead := [
            site
            for site in sites
            if numbered(now.trial.version_at(site).version) >= numbered(version)
        ]:
            raise ConductError(f"{ahead[0]} works under version {version} or a later one already")
        return sites
