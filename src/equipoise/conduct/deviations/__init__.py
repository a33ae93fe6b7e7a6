"""Deviations that follow from the records, whether or not anybody wrote them down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from equipoise.conduct.deviations import course, treatment
from equipoise.conduct.deviations.implied import CATEGORIES, SEVERITIES, Implied
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.whole import Study

__all__ = ["CATEGORIES", "SEVERITIES", "Implied", "implied", "unrecorded"]

RULES: Final[tuple[Callable[[Study, Participant], Iterator[Implied]], ...]] = (
    course.before_consent,
    course.late_reconsent,
    course.ineligible,
    course.wrong_stratum,
    course.visits,
    treatment.doses,
    treatment.demands,
    treatment.observations,
)


def implied(study: Study, who: Participant) -> tuple[Implied, ...]:
    """Every deviation that the records of a participant tell."""
    return tuple(found for rule in RULES for found in rule(study, who))


def unrecorded(study: Study, who: Participant) -> tuple[Implied, ...]:
    """Those of them that nobody has recorded yet."""
    return tuple(one for one in implied(study, who) if one.rule not in who.deviations.rules)
