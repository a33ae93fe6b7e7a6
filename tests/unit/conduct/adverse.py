"""Adverse events for tests."""

from __future__ import annotations

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.safety import Account
from equipoise.rules.safety import Criteria

NOT_SERIOUS = dict.fromkeys(Criteria._fields, "no")
HEADACHE = Account(
    term="HEADACHE",
    verbatim=None,
    start=PartialDate(2026, 1, 5),
    severity="mild",
    criteria=NOT_SERIOUS,
    causality="possibly related",
    expected="yes",
    action="none",
    outcome="recovering",
    aware="2026-01-05T09:00+08:00",
)


def but(*criteria: str, **changed) -> Account:
    """A headache, but for this; criteria of seriousness that hold are named."""
    said = NOT_SERIOUS | dict.fromkeys(criteria, "yes")
    return HEADACHE._replace(**{"criteria": said, **changed})


SERIOUS = but("hospitalisation", severity="severe")
UNEXPECTED = but("hospitalisation", severity="severe", expected="no")
FATAL = but("death", severity="severe", expected="no", outcome="fatal")
