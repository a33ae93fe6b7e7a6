"""Titration of the background medicine: what the rule proposed, what the physician decided."""

from __future__ import annotations

from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class DoseStarted(Event, frozen=True):
    """A participant without the medicine begins with it: what the protocol says, what is given."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    proposed: int  # U/d
    dose: int  # U/d


class TitrationProposed(Event, frozen=True):
    """At a contact the rule proposed a dose. It is for the physician, not for the participant."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    fasting: int  # fasting readings since the last contact
    total: str  # their sum, mmol/L
    lows: tuple[int, ...]  # readings below each limit of the rule
    before: int  # U/d
    proposed: int  # U/d


class DoseDecided(Event, frozen=True):
    """A physician decided about the proposal of that day."""

    RECORDS: ClassVar[bool] = True
    on: PartialDate
    decision: str  # of records.schemas, table titration
    dose: int  # U/d, as prescribed


class DoseCorrected(Event, frozen=True):
    """What a physician prescribed was otherwise than recorded, for the reason in the envelope.

    ``of`` is decision, start, stop or restart, ``on`` its day as recorded; without a dose it did
    not happen. What was proposed at later contacts stays, for it was shown then.
    """

    RECORDS: ClassVar[bool] = True
    of: str
    on: PartialDate
    decision: str | None
    dose: int | None  # U/d
