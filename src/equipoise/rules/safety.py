"""Whether an adverse event is serious, who must hear of it by when, and how low a glucose was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from equipoise.answer import NO, YES
from equipoise.errors import RuleError

SITE_TO_SPONSOR: Final = timedelta(hours=24)
"""Source: Regulation (EU) 536/2014, article 41(2)."""

FATAL_OR_LIFE_THREATENING: Final = timedelta(days=7)
OTHER_SERIOUS: Final = timedelta(days=15)
"""Calendar days from the sponsor's first knowledge. Source: ICH E2A, 1994, section III.B."""


class Criteria(NamedTuple):
    """What makes an event serious: for each criterion, whether it holds (no, unknown, yes).

    Source: ICH E2A, 1994, section II.B.
    """

    death: int
    life_threatening: int
    hospitalisation: int  # first or prolonged
    disability: int  # persistent or significant
    congenital_anomaly: int
    medically_important: int


def serious(criteria: Criteria) -> int:
    """Answer whether an event is serious: one criterion is enough, all must be judged for a no."""
    return max(criteria)


def expedited(serious_: int, related: int, unexpected: int) -> int:
    """Answer whether this is a suspected unexpected serious adverse reaction (SUSAR).

    Args:
        serious_: Whether the event is serious.
        related: Whether a causal relation to the product is at least a reasonable possibility.
        unexpected: Whether its nature or severity is not in the investigator's brochure.

    Source: ICH E2A, 1994, section III.A.
    """
    return min(serious_, related, unexpected)


def sponsor_due(criteria: Criteria, aware: datetime) -> datetime | None:
    """When the site must have told the sponsor, or None for an event that is not serious.

    While seriousness is unknown the clock runs. Hours are counted as they pass, also through a
    night in which the clocks are changed.

    Args:
        criteria: Of seriousness.
        aware: When the site became aware, with its time zone.
    """
    if serious(criteria) == NO:
        return None
    return (_zoned(aware).astimezone(UTC) + SITE_TO_SPONSOR).astimezone(aware.tzinfo)


def authority_due(
    criteria: Criteria, *, related: int, unexpected: int, aware: datetime
) -> datetime | None:
    """When the sponsor must have told the authority, or None where no expedited report is due.

    What is unknown is taken at its worst: until it is answered the clock runs, the shorter one.

    Args:
        criteria: Of seriousness.
        related: Whether the event may be due to the product.
        unexpected: Whether it is not in the investigator's brochure.
        aware: When the sponsor first knew, with its time zone.
    """
    if expedited(serious(criteria), related, unexpected) == NO:
        return None
    urgent = max(criteria.death, criteria.life_threatening) != NO
    return _zoned(aware) + (FATAL_OR_LIFE_THREATENING if urgent else OTHER_SERIOUS)


def hypoglycaemia_level(glucose: int, severe: int) -> int:
    """The level of hypoglycaemia: 0 none, 1 alert, 2 clinically significant, 3 severe.

    Level 3 is severe cognitive impairment that needs another person's help, at any glucose. While
    that is unknown the level is the lowest it can be.

    Args:
        glucose: Steps of 0.1 mmol/L, as read.
        severe: Whether the event was severe.

    Source: American Diabetes Association, Standards of Care, section 6: level 1 below 3.9 mmol/L,
    level 2 below 3.0. The International Hypoglycaemia Study Group, Diabetes Care 2017;40:155-7,
    counts 3.9 itself to level 1.

    >>> [hypoglycaemia_level(glucose, NO) for glucose in (39, 38, 30, 29)]
    [0, 1, 1, 2]
    """
    if severe == YES:
        return 3
    if glucose < 30:
        return 2
    if glucose < 39:
        return 1
    return 0


def _zoned(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise RuleError(f"{at} has no time zone; a reporting clock needs one")
    return at
