"""A trial that is only rehearsed."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.conduct.events.event import Event


@dataclass(frozen=True, slots=True)
class RehearsalDeclared(Event):
    """The participants of this trial are virtual: whatever comes out of it is called simulated."""
