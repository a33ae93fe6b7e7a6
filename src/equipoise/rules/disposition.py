"""When insulin is stopped and when a participant leaves the study for uncontrolled glucose.

Source: NCT02302599, methods: at a daily dose of 0.2 U/kg or less insulin is stopped and oral drugs
are given; uncontrolled on more than 1.5 U/kg/d, the participant leaves the study and treatment
is changed. The published text has lost the sign before 0.2; "at or below" is the study's reading.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from equipoise.errors import RuleError
from equipoise.protocol.intervention import Amount, Titration
from equipoise.rules.dosing.titration import Readings, tenths

CONTINUE: Final = 0
STOP_INSULIN: Final = 1
WITHDRAW: Final = 2

WORDS: Final = (
    "continue",
    "stop insulin, give oral glucose-lowering drugs",
    "withdraw from the study, change the treatment",
)


class Limits(NamedTuple):
    """The limits of the protocol."""

    stop: int  # insulin stops at or below it; 0.01 U/kg/d
    withdraw: int  # uncontrolled above it, the participant leaves; 0.01 U/kg/d
    uncontrolled: int  # mean fasting glucose above it is uncontrolled; 0.1 mmol/L


def after_contact(dose: int, weight: int, readings: Readings, limits: Limits) -> int:
    """What follows from the dose decided at a contact: continue, stop insulin, or withdraw.

    Args:
        dose: Total daily dose, U.
        weight: 0.1 kg.
        readings: Readings since the last contact; without fasting readings control is unknown and
            nobody is withdrawn.
        limits: The limits of the protocol.

    >>> limits = Limits(stop=20, withdraw=150, uncontrolled=70)
    >>> WORDS[after_contact(16, 800, Readings(0, 0, ()), limits)]
    'stop insulin, give oral glucose-lowering drugs'
    """
    if dose * 1000 <= limits.stop * weight:
        return STOP_INSULIN
    above = dose * 1000 > limits.withdraw * weight
    if above and readings.number > 0 and readings.total > limits.uncontrolled * readings.number:
        return WITHDRAW
    return CONTINUE


def from_protocol(titration: Titration) -> Limits:
    """The limits as the protocol gives them; a limit that it does not have is never reached.

    Raises:
        RuleError: A limit is not in U/kg/d, or has more than two decimals.
    """
    return Limits(
        stop=_hundredths(titration.stop.dose) if titration.stop else -1,
        withdraw=_hundredths(titration.withdraw.dose) if titration.withdraw else 10**9,
        uncontrolled=tenths(titration.target_high.known("target_high")),
    )


def _hundredths(limit: Amount) -> int:
    dose = limit.known("the limit of the daily dose")
    if limit.unit != "U/kg/d" or dose * 100 != int(dose * 100):
        raise RuleError(f"the limit {dose} {limit.unit} is no whole number of 0.01 U/kg/d")
    return int(dose * 100)
