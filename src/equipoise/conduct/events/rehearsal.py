"""A trial that is only rehearsed."""

from __future__ import annotations

from equipoise.conduct.events.event import Event


class RehearsalDeclared(Event, frozen=True):
    """The participants of this trial are virtual: whatever comes out of it is called simulated."""
