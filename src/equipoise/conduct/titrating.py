"""What the rules of titration see of a participant, and what they say.

The same rules, fed the same way, decide for virtual participants: readings since the last contact,
its own day included; whole steps of 0.1 mmol/L and 0.1 kg; the first contact counts from the
beginning of the diary.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from equipoise.conduct.events.titration import TitrationProposed
from equipoise.conduct.glucose import counted
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError
from equipoise.protocol.intervention import Titration
from equipoise.protocol.whole import Study
from equipoise.rules import disposition
from equipoise.rules.dosing import TITRATIONS, titration
from equipoise.rules.dosing.titration import Readings

FASTING: Final = "fasting"  # the diary's point


def planned(study: Study) -> Titration:
    """The protocol's titration.

    Raises:
        ConductError: It has none.
    """
    if study.protocol.titration is None:
        raise ConductError(f"{study.name} titrates no medicine")
    return study.protocol.titration


def readings(study: Study, who: Participant, on: str) -> Readings:
    """The home readings that count for a contact on a day: after the last one, to that day."""
    since = str(who.medicine.since) if who.medicine.since else ""
    steps = [
        (point, titration.tenths(counted(value)))
        for (day, point), value in who.diary.readings.items()
        if value is not None and since < day <= on
    ]
    fasting = [value for point, value in steps if point == FASTING]
    below = TITRATIONS[planned(study).rule].from_protocol(planned(study)).below
    lows = tuple(sum(value < limit for _, value in steps) for limit in below)
    return Readings(len(fasting), sum(fasting), lows)


def seen(proposal: TitrationProposed) -> Readings:
    """The readings that a proposal was made from."""
    total = titration.tenths(Decimal(proposal.total))
    return Readings(proposal.fasting, total, proposal.lows)


def dose(study: Study, who: Participant, on: str) -> int:
    """The daily dose in force, U: as last decided, or before the first decision as last recorded.

    Raises:
        ConductError: None is known, or it is no whole number.
    """
    if who.medicine.dose is not None:
        return who.medicine.dose
    return _last(study, who, planned(study).item, on, steps=1)


def weight(study: Study, who: Participant, on: str) -> int:
    """The weight as last recorded by a day, 0.1 kg.

    Raises:
        ConductError: None is recorded.
    """
    return _last(study, who, planned(study).weight, on, steps=10)


def _last(study: Study, who: Participant, item: str, on: str, *, steps: int) -> int:
    order = list(study.encounters)
    known = {
        (str(value.on), order.index(key.encounter)): value.text
        for key, value in who.values.items()
        if key.item == item and value.text is not None and str(value.on) <= on
    }
    if not known:
        raise ConductError(f"{who.id}: no {item} is recorded by {on}; record it first")
    count = Decimal(known[max(known)]) * steps
    if count != int(count):
        raise ConductError(f"{who.id}: {item} is recorded too finely for the rule")
    return int(count)


def proposed(study: Study, dose: int, since: Readings) -> int:
    """The dose that the protocol's rule proposes, U."""
    rule = TITRATIONS[planned(study).rule]
    proposal: int = rule.next_dose(dose, since, rule.from_protocol(planned(study)))
    return proposal


def starting(study: Study, who: Participant, on: str) -> int:
    """The dose with which those without the medicine begin, U, rounded towards less.

    Raises:
        ConductError: The protocol has none, or no weight is recorded.
        UnknownValueError: The protocol does not say how much.
    """
    start = planned(study).start
    if start is None:
        raise ConductError(f"{study.name} does not say with which dose the medicine begins")
    amount = start.known("titration.start")
    if start.unit == "U/d":
        return int(amount)
    return int(amount * weight(study, who, on) / 10)


def following(study: Study, dose: int, weight: int, since: Readings) -> int:
    """What the protocol demands at a dose: continue, stop, withdraw; of ``rules.disposition``."""
    limits = disposition.from_protocol(planned(study))
    return disposition.after_contact(dose, weight, since, limits)
