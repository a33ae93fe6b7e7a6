"""A day on which something happened to a participant: known whole, and possible."""

from __future__ import annotations

from datetime import date

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Situation, whole_day
from equipoise.errors import ConductError


def day_in_study(what: str, on: PartialDate, now: Situation) -> date:
    """The day, which came after the participant's consent and before they left the study.

    Args:
        what: What happened then, for the message.
        on: As given.
        now: With a participant of the actor's site, who may have left since that day.

    Raises:
        ConductError: A part of it is unknown, it has not come, or it is not in that time.
    """
    who = now.enrolled
    whole_day(what, on, now.at)
    first, left = who.consents[0].on, who.disposition.left
    if whole(on) < date(first.year, first.month or 1, first.day or 1):
        raise ConductError(f"{what} is {on}; {who.id} consented later, on {first}")
    if left and (on.year, on.month, on.day) > (left.year, left.month or 12, left.day or 31):
        raise ConductError(f"{what} is {on}; {who.id} had left the study on {left}")
    return whole(on)


def whole(on: PartialDate) -> date:
    """A date of which every part is known."""
    return date.fromisoformat(str(on))
