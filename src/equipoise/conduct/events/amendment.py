"""A new version of the protocol came into force."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.conduct.events.event import Event


class ProtocolAmended(Event, frozen=True):
    """These sites work under the version in the envelope from here on.

    ``files`` are the SHA-256 sums of the study's files, by name, as ``TrialOpened`` has them.
    """

    files: Mapping[str, str]
    places: tuple[str, ...]  # the sites
    approval: str  # of the ethics committee: number or other reference
