"""Records of courses: visits, doses, home readings, titration, adverse events, disposition."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from equipoise.answer import YES
from equipoise.protocol.question import Reference
from equipoise.rules.dosing.planned import planned_dose
from equipoise.simulate.arrays import Flags
from equipoise.simulate.events import LOW_GLUCOSE, Event, events, treated
from equipoise.simulate.models import (
    ACCEPTED,
    ADVERSE_EVENT,
    LOST,
    NOTES,
    OFF,
    REJECTED,
    STOPPED,
    UNCONTROLLED,
    WITHDRAWN,
)

if TYPE_CHECKING:
    from equipoise.simulate.trial import Trial

Row = tuple[object, ...]

MODERATE: Final = 0.3  # events below this chance are moderate, unless they are severe; assumed
DECISIONS = {
    ACCEPTED: "accepted",
    REJECTED: "rejected",
    STOPPED: "stopped",
    WITHDRAWN: "withdrawn",
}
REASONS = {
    ADVERSE_EVENT: "adverse event",
    LOST: "lost to follow-up",
    UNCONTROLLED: "uncontrolled glucose",
}


def visits(trial: Trial) -> list[Row]:
    """Rows of the table ``visits``."""
    protocol, lived = trial.study.protocol, trial.lived
    rows: list[Row] = []
    for k in range(len(trial.randomised)):
        for place, encounter in enumerate(protocol.encounters):
            day = trial.on(k, encounter.day)
            if encounter.name == protocol.screening or lived.done[k, place]:
                rows.append((trial.name(k), encounter.name, day, day, "done"))
            else:
                gone = encounter.day >= lived.left[k]
                status = "after withdrawal" if gone else "missed"
                rows.append((trial.name(k), encounter.name, day, None, status))
    return rows


def doses(trial: Trial) -> list[Row]:
    """Rows of the table ``doses``: an amount by the dose rule; 0 of the product in placebo."""
    dosing, study = trial.study.protocol.dosing, trial.study
    volume = float(dosing.volume.known("dosing.volume")) if dosing.volume else None
    given, exposed = _given(trial), treated(trial.enrolled.people)
    rows: list[Row] = []
    for number, name in enumerate(dosing.encounters):
        weights = trial.values.get(Reference(dosing.weight or "", name))
        day = study.encounters[name].day
        for k in range(len(trial.randomised)):
            if not given[k, number]:
                rows.append((trial.name(k), name, None, "not given", None, None))
                continue
            weight = Decimal(int(weights[k])) / 10 if weights is not None else None
            dose = float(planned_dose(dosing, weight=weight)) if exposed[k] else 0.0
            rows.append((trial.name(k), name, trial.on(k, day), "given", dose, volume))
    return rows


def _given(trial: Trial) -> Flags:
    """Whether each planned dose was given, (n, doses)."""
    places = [
        list(trial.study.encounters).index(name) for name in trial.study.protocol.dosing.encounters
    ]
    return np.asarray(trial.lived.done[:, places] & ~np.isnan(trial.enrolled.people.doses))


def glucose(trial: Trial) -> list[Row]:
    """Rows of the table ``glucose``."""
    diary, readings = trial.study.protocol.diary, trial.lived.glucose
    if diary is None:
        return []
    first = trial.study.encounters[trial.study.protocol.screening].day
    return [
        (trial.name(k), trial.on(k, first + at), diary.points[point], readings[k, at, point] / 10)
        for k, at, point in np.argwhere(~np.isnan(readings)).tolist()
    ]


def titration(trial: Trial) -> list[Row]:
    """Rows of the table ``titration``: the contacts of those who are on insulin."""
    contacts = trial.lived.contacts
    first = trial.study.encounters[trial.study.protocol.screening].day
    rows: list[Row] = []
    if trial.study.protocol.titration is None:
        return rows
    for k, at in np.argwhere(~np.isnan(contacts[:, :, NOTES.index("decision")])).tolist():
        number, total, lows, before, proposed, after, decision = contacts[k, at].tolist()
        if decision != OFF:
            mean = total / (10 * number) if number else None
            counts = (int(number), mean, int(lows))
            what = (before, proposed, after, DECISIONS[int(decision)])
            rows.append((trial.name(k), trial.on(k, first + at), *counts, *what))
    return rows


def adverse_events(trial: Trial) -> list[Row]:
    """Rows of the table ``adverse_events``, numbered by participant in the order of their start."""
    key = trial.key
    found = events(trial.study, trial.enrolled.people, trial.lived.left, key) + _low_glucose(trial)
    found.sort(key=lambda event: (event.participant, event.day, event.kind.term))
    number: dict[int, int] = {}
    rows: list[Row] = []
    for event in found:
        number[event.participant] = number.get(event.participant, 0) + 1
        rows.append(
            (trial.name(event.participant), number[event.participant], *_told(trial, event))
        )
    return rows


def _told(trial: Trial, event: Event) -> Row:
    """Term, dates, severity, seriousness, causality, outcome and action of an event."""
    kind, (lasting, severe, serious) = event.kind, event.chances
    days = int(kind.duration * np.log2(1.0 / lasting))
    last = trial.study.protocol.encounters[-1].day
    over = event.day + days <= last
    severity = "severe" if severe < kind.severe else "moderate" if severe <= MODERATE else "mild"
    return (
        kind.term,
        trial.on(event.participant, event.day),
        trial.on(event.participant, event.day + days) if over else None,
        severity,
        serious < kind.serious,
        "possibly related" if kind.per == "dose" else "not related",
        "recovered" if over else "not recovered",
        "withdrawn from study" if event.withdraws else "none",
    )


def _low_glucose(trial: Trial) -> list[Event]:
    """A moderate event for each day with a reading below the lowest limit of the titration table.

    Severe hypoglycaemia, which needs the help of others, is not modelled.
    """
    kinds = {kind.term: kind for kind in trial.study.populated().adverse_events}
    titration = trial.study.protocol.titration
    if LOW_GLUCOSE not in kinds or titration is None or not titration.hypoglycaemia:
        return []
    limit = float(min(low.below for low in titration.hypoglycaemia)) * 10
    first = trial.study.encounters[trial.study.protocol.screening].day
    low = (trial.lived.glucose < limit).any(axis=2)
    return [
        Event(k, kinds[LOW_GLUCOSE], first + at, (1.0, MODERATE, 1.0), withdraws=False)
        for k, at in np.argwhere(low).tolist()
        if first + at >= 0
    ]


def disposition(trial: Trial) -> list[Row]:
    """Rows of the table ``disposition``."""
    rows = _screen_failures(trial)
    dosing, lived = trial.study.protocol.dosing, trial.lived
    last_dose = trial.study.encounters[dosing.encounters[-1]].day
    last = max(encounter.day for encounter in trial.study.protocol.encounters)
    given = _given(trial)
    for k in range(len(trial.randomised)):
        name, left, reason = trial.name(k), lived.left[k], REASONS.get(int(lived.reason[k]))
        rows.append((name, trial.on(k, 0), "randomised", None))
        if given[k].all():
            rows.append((name, trial.on(k, last_dose), "treatment completed", None))
        elif left <= last_dose:
            rows.append((name, trial.on(k, left), "treatment discontinued", reason))
        elif not given[k, -1]:
            rows.append((name, trial.on(k, last_dose), "treatment discontinued", "other"))
        if np.isfinite(lived.stopped[k]):
            rows.append((name, trial.on(k, lived.stopped[k]), "insulin stopped", None))
        if np.isfinite(left):
            rows.append((name, trial.on(k, left), "withdrawn", reason))
        else:
            rows.append((name, trial.on(k, last), "completed", None))
    return rows


def _screen_failures(trial: Trial) -> list[Row]:
    screened, protocol = trial.enrolled.screened, trial.study.protocol
    rows: list[Row] = []
    for row, name in enumerate(trial.ids):
        if screened.eligible[row] == YES:
            continue
        failing = [
            criterion.id
            for criterion in protocol.eligibility
            if (screened.answers[criterion.id][row] == YES) != (criterion.kind == "inclusion")
        ]
        rows.append((name, trial.consented[row], "screen failure", ", ".join(failing)))
    return rows
