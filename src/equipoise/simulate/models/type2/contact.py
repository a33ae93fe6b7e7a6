"""A titration contact: the protocol's rules propose, the prescriber carries out or not.

The rules are those of the clinic, compiled; here is only how people follow them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.rules import disposition
from equipoise.rules.dosing import titration
from equipoise.rules.dosing.titration import Readings
from equipoise.simulate.compiled import inlined
from equipoise.simulate.models import ACCEPTED, REJECTED, STOPPED, WITHDRAWN

if TYPE_CHECKING:
    from equipoise.simulate.models.type2.course import Rules

next_dose = inlined(titration.next_dose)
after_contact = inlined(disposition.after_contact)


@inlined
def decide(
    dose: int,
    weight: int,
    readings: Readings,
    chance: float,
    raises: float,
    rules: Rules,
) -> tuple[int, int, int]:
    """Decide at one contact.

    Args:
        dose: Present daily dose, U.
        weight: Last recorded weight, 0.1 kg.
        readings: Readings since the last contact.
        chance: Random number: a rise is carried out when it is below ``raises``. Cuts always are.
        raises: Chance that this person's prescriber carries out a rise.
        rules: Titration table, limits of stopping and withdrawal.

    Returns:
        Proposed dose, dose after the contact (U), decision.
    """
    proposed = next_dose(dose, readings, rules.bands)
    after = dose if proposed > dose and chance >= raises else proposed
    what = after_contact(after, weight, readings, rules.limits)
    if what == disposition.STOP_INSULIN:
        return proposed, 0, STOPPED
    if what == disposition.WITHDRAW:
        return proposed, after, WITHDRAWN
    return proposed, after, ACCEPTED if after == proposed else REJECTED
