"""Where records come from; it stays with them, so that what is simulated is always called so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a set of records.

    Attributes:
        kind: Virtual participants or real ones.
        study: The study's identifier.
        protocol_version: Version of the protocol that was lived through.
        equipoise: Version of Equipoise.
        seed: Seed of a simulated trial.
        trial: Number of the simulated trial under that seed.
        study_files: SHA-256 of the study's files, by name.
    """

    kind: Literal["simulated", "conducted"]
    study: str
    protocol_version: str
    equipoise: str
    seed: int | None = None
    trial: int | None = None
    study_files: dict[str, str] = field(default_factory=dict)
