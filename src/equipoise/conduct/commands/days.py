"""A day on which something happened to a participant: known whole, and possible."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Situation, whole_day
from equipoise.errors import ConductError

LONGEST: Final = 30  # years that a trial takes


def day_in_study(what: str, on: PartialDate, now: Situation) -> date:
    """The day, which came after the participant's consent and before they left the study or died.

    Args:
        what: What happened then, for the message.
        on: As given.
        now: With a participant of the actor's site, who may have left since that day.

    Raises:
        ConductError: A part of it is unknown, it has not come, or it is not in that time.
    """
    whole_day(what, on, now.at)
    if why := outside(on, now):
        raise ConductError(f"{what} is {on}; {why}")
    return whole(on)


def before_end(what: str, on: PartialDate, now: Situation, *, left: bool = True) -> None:
    """Refuse a day after the participant died, or, with ``left``, left the study.

    Raises:
        ConductError: Even its earliest day is later.
    """
    if why := _ended(on, now, left=left):
        raise ConductError(f"{what} is {on}; {why}")


def of_this_trial(what: str, on: PartialDate, now: Situation) -> None:
    """Refuse a day that no trial can have begun on.

    Raises:
        ConductError: It is longer ago than any trial takes.
    """
    if now.at.year - on.year > LONGEST:
        raise ConductError(f"{what} is {on}, more than {LONGEST} years ago; which year is it?")


def after_consent(what: str, on: PartialDate, now: Situation, *, grace: int = 0) -> None:
    """Refuse a day before the participant's consent, or more than ``grace`` days before it.

    Raises:
        ConductError: Even its latest day is earlier.
    """
    signed = now.present.consents[0].on
    first = date(signed.year, signed.month or 1, signed.day or 1) - timedelta(days=grace)
    if last_day(on) < first:
        more = f", and this is more than {grace} days before" if grace else ""
        raise ConductError(f"{what} is {on}; {now.present.id} consented on {signed}{more}")


def last_day(on: PartialDate) -> date:
    """The latest day that a date can be."""
    if on.day is not None:
        return whole(on)
    following = date(on.year + (on.month or 12) // 12, (on.month or 12) % 12 + 1, 1)
    return following - timedelta(days=1)


def outside(on: PartialDate, now: Situation) -> str | None:
    """Why a whole day is not in the participant's time in the study up to today, or None."""
    who, first = now.enrolled, now.enrolled.consents[0].on
    if whole(on) > now.at.date():
        return f"today is {now.at.date()}"
    if whole(on) < date(first.year, first.month or 1, first.day or 1):
        return f"{who.id} consented later, on {first}"
    return _ended(on, now, left=True)


def _ended(on: PartialDate, now: Situation, *, left: bool) -> str | None:
    who = now.enrolled
    ends = {"had left the study": who.disposition.left if left else None}
    ends["had died"] = who.adverse_events.died
    first = (on.year, on.month or 1, on.day or 1)
    for words, end in ends.items():
        if end and first > (end.year, end.month or 12, end.day or 31):
            return f"{who.id} {words} on {end}"
    return None


def whole(on: PartialDate) -> date:
    """A date of which every part is known."""
    return date.fromisoformat(str(on))
