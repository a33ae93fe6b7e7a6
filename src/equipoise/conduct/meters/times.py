"""Dates and times of day as exports write them; the order of day and month is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Final

from equipoise.errors import ConductError

DAY_FIRST, MONTH_FIRST = "day first", "month first"
_MONTHS: Final = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})\s?[-/.年]\s?([0-9]{1,2})\s?[-/.月]\s?([0-9]{1,2})日?")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_NAMED: Final = re.compile(
    r"(?:([A-Za-z]{3})[a-z]*\.?\s+([0-9]{1,2})|([0-9]{1,2})[\s.-]+([A-Za-z]{3})[a-z]*\.?),?[\s-]+([0-9]{4})"
)
_CLOCK: Final = re.compile(
    r"(上午|下午)?\s*([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([AaPp])?\.?[Mm]?\.?"
    r"(?:[+-][0-9]{2}:?[0-9]{2})?"
)


def order(texts: Iterable[tuple[int, str]], given: str | None) -> str | None:
    """Which comes first in the dates of a file, day or month, where the year stands last.

    Args:
        texts: Line and text of every date.
        given: What a person says, or None.

    Returns:
        None where no date needs it.

    Raises:
        ConductError: No date tells, the dates contradict each other, or the person.
    """
    told: dict[str, int] = {}
    open_question = None
    for line, text in texts:
        match = _YEAR_LAST.match(text)
        if not match or match[2] == ".":
            continue
        one, other = int(match[1]), int(match[3])
        open_question = open_question or (line, text)
        if one > 12:
            told.setdefault(DAY_FIRST, line)
        elif other > 12:
            told.setdefault(MONTH_FIRST, line)
    if given is not None and set(told) <= {given}:
        return given
    if len(told) > 1 or (told and given):
        lines = " and ".join(f"line {line} says {what}" for what, line in told.items())
        raise ConductError(f"the dates do not agree: {lines}{f', not {given}' if given else ''}")
    if told:
        return next(iter(told))
    if open_question is None:
        return None
    line, text = open_question
    raise ConductError(
        f"line {line}: {text[:40]!r} can be day first or month first, and no date of the file "
        f'tells which; say --dates "{DAY_FIRST}" or --dates "{MONTH_FIRST}"'
    )


def when(text: str, line: int, first: str | None) -> tuple[date, time | None]:
    """The date and, where it stands there, the time of day; dots mean day first.

    Raises:
        ConductError: It is none, or is in UTC while a diary is in the participant's time.
    """
    text = text.strip()
    try:
        for pattern in (_YEAR_FIRST, _YEAR_LAST, _NAMED):
            match = pattern.match(text)
            if match:
                rest = text[match.end() :].lstrip(" ,T")
                return _date(match, pattern, first), _time(rest)
    except ValueError as error:
        raise ConductError(f"line {line}: {text[:40]!r} is no date and time: {error}") from error
    raise ConductError(
        f"line {line}: {text[:40]!r} is no date that is known here; write 2026-01-20 07:15"
    )


def _date(match: re.Match[str], pattern: re.Pattern[str], first: str | None) -> date:
    if pattern is _YEAR_FIRST:
        return date(int(match[1]), int(match[2]), int(match[3]))
    if pattern is _NAMED:
        name, day = (match[1], match[2]) if match[1] else (match[4], match[3])
        return date(int(match[5]), _MONTHS.index(name.lower()) + 1, int(day))
    one, other = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    if match[2] == "." or first == DAY_FIRST:
        return date(year, other, one)
    return date(year, one, other)


def _time(text: str) -> time | None:
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if not match:
        raise ValueError("give a local time of day as 07:15")
    hour, half = int(match[2]), match[1] or (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("12-hour times go from 1 to 12")
        hour = hour % 12 + (12 if half in {"p", "下午"} else 0)
    return time(hour, int(match[3]))
