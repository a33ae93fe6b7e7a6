"""Adverse events, as known at each report of them, and the reports that were sent on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event


class AdverseEventReported(Event, frozen=True):
    """All that is known of an adverse event now: its first report, or with a known number the next.

    Attributes:
        number: Of the event, from 1 in each participant.
        term: Code of the study's list, or None: it is in none.
        verbatim: The event in the words of who reported it, or None where the code says it all.
        time: Of its beginning, ``HH:MM`` at the site.
        criteria: Of seriousness: each of ``rules.safety.Criteria`` with no, unknown or yes.
        expected: Whether nature and severity stand in the investigator's brochure.
        aware: When the site came to know what this report says; UTC.
    """

    number: int
    term: str | None
    verbatim: str | None
    start: PartialDate
    time: str | None
    end: PartialDate | None
    severity: str
    criteria: Mapping[str, str]
    causality: str
    expected: str
    action: str
    outcome: str
    aware: str


class AdverseEventCoded(Event, frozen=True):
    """An adverse event that is in no list of the study was given a term of a dictionary."""

    RECORDS: ClassVar[bool] = True
    number: int
    term: str
    dictionary: str  # with its version
    code: str


class ReportFiled(Event, frozen=True):
    """What was known of an adverse event was sent to the sponsor or the authority."""

    number: int
    to: str
    filed: str  # when; UTC
    reference: str  # that the recipient gave it
