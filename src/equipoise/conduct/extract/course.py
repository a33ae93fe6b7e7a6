"""Rows about the course: visits, home readings, titration, adverse events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from equipoise.answer import YES
from equipoise.conduct import clocks
from equipoise.conduct.events.titration import TitrationProposed
from equipoise.conduct.extract.history import History, Row, day, known
from equipoise.conduct.glucose import counted


def visits(history: History) -> Iterator[Row]:
    """Rows of the table ``visits``: every planned encounter of the randomised."""
    for who in history.randomised:
        left = who.disposition.left
        for encounter in history.study.protocol.encounters:
            planned = history.zero(who) + timedelta(days=encounter.day)
            held = who.visits.held(encounter.name)
            if held is not None:
                yield who.id, encounter.name, planned, day(held), "done"
            elif encounter.name not in who.visits.days and left and day(left) <= planned:
                yield who.id, encounter.name, planned, None, "after withdrawal"
            else:
                yield who.id, encounter.name, planned, None, "missed"


def glucose(history: History) -> Iterator[Row]:
    """Rows of the table ``glucose``."""
    for who in history.randomised:
        for (on, point), value in who.diary.readings.items():
            if value is not None:
                yield who.id, date.fromisoformat(on), point, float(counted(value))


def titration(history: History) -> Iterator[Row]:
    """Rows of the table ``titration``: each contact, with what the physician decided."""
    for who in history.randomised:
        for _, proposal in history.said(who, TitrationProposed):
            decided = who.medicine.decided.get(str(proposal.on))
            if decided is not None:
                lows = sum(proposal.lows[:1])  # none where the rule has no limit
                counts = proposal.fasting, _mean(proposal), lows
                doses = float(proposal.before), float(proposal.proposed), float(decided.dose)
                yield who.id, day(proposal.on), *counts, *doses, decided.decision


def _mean(proposal: TitrationProposed) -> float | None:
    """The mean fasting reading, mmol/L; from whole steps, so that it is the nearest float."""
    steps = int(Decimal(proposal.total) * 10)
    return steps / (10 * proposal.fasting) if proposal.fasting else None


def adverse_events(history: History) -> Iterator[Row]:
    """Rows of the table ``adverse_events``: each event of the randomised as known at the lock."""
    for who in history.randomised:
        for event in who.adverse_events.events:
            now = event.known(history.locked)
            if now is None:
                continue
            dates = known(now.start), known(now.end) if now.end else None
            judged = now.severity, clocks.serious(now) == YES, now.causality
            term = now.term or (event.coded.term if event.coded else now.verbatim)
            yield who.id, event.number, term, *dates, *judged, now.outcome, now.action
