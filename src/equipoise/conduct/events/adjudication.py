"""Serious adverse events before two blinded readers and, where they disagree, a chair.

The verdicts name a dossier and no participant: who reads them never learns whose it is.
"""

from __future__ import annotations

from equipoise.conduct.events.event import Event


class DossierPrepared(Event, frozen=True):
    """A version of an adverse event goes to the readers, under a code that tells nothing."""

    number: int
    known: int  # how many versions of the event there were
    dossier: str
    narrative: str  # without name, place or arm


class VerdictGiven(Event, frozen=True):
    """What a reader holds, for the reason in the envelope."""

    dossier: str
    serious: str
    causality: str


class DisagreementSettled(Event, frozen=True):
    """What the chair holds where the readers disagree, for the reason in the envelope."""

    dossier: str
    serious: str
    causality: str
