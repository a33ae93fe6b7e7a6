"""What the readers and the chair said of each dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from equipoise.conduct.entry import Entry
from equipoise.conduct.events.adjudication import (
    DisagreementSettled,
    DossierPrepared,
    VerdictGiven,
)

READERS: Final = 2


class Verdict(NamedTuple):
    """What one person holds."""

    by: str
    serious: str
    causality: str
    why: str

    @property
    def says(self) -> tuple[str, str]:
        """What is compared between readers."""
        return self.serious, self.causality


class File(NamedTuple):
    """The verdicts on a dossier, in the order given; ``settled`` is the chair's."""

    verdicts: tuple[Verdict, ...] = ()
    settled: Verdict | None = None

    @property
    def complete(self) -> bool:
        """Whether both readers are in."""
        return len(self.verdicts) == READERS

    @property
    def disputed(self) -> bool:
        """Whether both are in, disagree, and the chair has not spoken."""
        said = {verdict.says for verdict in self.verdicts}
        return self.complete and len(said) > 1 and self.settled is None

    @property
    def outcome(self) -> Verdict | None:
        """What holds: the readers' common verdict, the chair's, or nothing yet."""
        if self.settled is not None or not self.complete or self.disputed:
            return self.settled
        return self.verdicts[0]


@dataclass(frozen=True, slots=True)
class Adjudication:
    """All dossiers by their code."""

    files: Mapping[str, File] = field(default_factory=dict)

    def opened(self, dossiers: Mapping[str, File]) -> Adjudication:
        """With dossiers that no verdict was given on yet."""
        return Adjudication({**dossiers, **self.files})

    def after(self, entry: Entry) -> Adjudication:
        """The dossiers, once the entry is known too."""
        match entry.event:
            case DossierPrepared(dossier=dossier):
                return self.opened({dossier: File()})
            case VerdictGiven(dossier, serious, causality):
                file = self.files.get(dossier, File())
                given = _verdict(entry, serious, causality)
                return self._with(dossier, file._replace(verdicts=(*file.verdicts, given)))
            case DisagreementSettled(dossier, serious, causality):
                settled = _verdict(entry, serious, causality)
                return self._with(dossier, self.files[dossier]._replace(settled=settled))
        return self

    def _with(self, dossier: str, file: File) -> Adjudication:
        return replace(self, files={**self.files, dossier: file})


def _verdict(entry: Entry, serious: str, causality: str) -> Verdict:
    return Verdict(entry.envelope.actor, serious, causality, entry.envelope.reason or "")
