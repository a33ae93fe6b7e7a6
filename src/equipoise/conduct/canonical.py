"""One way to write a value down, so that the same thing always has the same bytes and hash.

Source: RFC 8785, JSON Canonicalization Scheme, 2020; a test holds the bytes against another
implementation of it. Decimals are text, for JSON's numbers are binary floats; a date that is partly
unknown says so digit by digit (ISO 8601-2:2019, level 1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from pydantic_core import core_schema

from equipoise.errors import ConductError

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
_WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LARGEST: Final = 2**53 - 1  # whole number that every reader of JSON takes as it is
EARLIEST: Final = 1900  # year of anything recorded here, a birth included
_PARTIAL: Final = re.compile(r"(\d{4})-(\d\d|XX)-(\d\d|XX)")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or day and month, is unknown.

    >>> str(PartialDate(2015, 10))
    '2015-10-XX'
    >>> PartialDate.parse("2015-XX-XX").month is None
    True
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ConductError(f"a day without its month is no date: {self}")
        if self.year < EARLIEST:
            raise ConductError(f"{self} is no date: nothing here is of a year before {EARLIEST}")
        try:
            date(self.year, self.month or 1, self.day or 1)
        except ValueError as error:
            raise ConductError(f"{self} is no date: {error}") from error

    def __str__(self) -> str:
        month = "XX" if self.month is None else f"{self.month:02}"
        day = "XX" if self.day is None else f"{self.day:02}"
        return f"{self.year:04}-{month}-{day}"

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> core_schema.CoreSchema:
        """Where a date is asked for, its text will do."""
        return core_schema.no_info_plain_validator_function(
            lambda given: given if isinstance(given, cls) else cls.parse(str(given))
        )

    @staticmethod
    @cache
    def parse(text: str) -> PartialDate:
        """Read ``2015-10-08``, ``2015-10-XX`` or ``2015-XX-XX``.

        Raises:
            ConductError: It is none of these, or no such date exists.
        """
        match = _PARTIAL.fullmatch(text)
        if not match:
            raise ConductError(f"{text[:40]!r} is no date; write 2015-10-08, with XX for unknown")
        year, month, day = match.groups()
        return PartialDate(
            int(year), *(None if part == "XX" else int(part) for part in (month, day))
        )


def canonical(value: object) -> bytes:
    """The bytes of a value.

    Args:
        value: Text, whole numbers, decimals, dates, yes or no, nothing, and lists and mappings of
            them. A float has no exact text and is refused.

    Raises:
        ConductError: It cannot be written exactly.

    >>> canonical({"value": Decimal("7.0"), "item": "HBA1C"})
    b'{"item":"HBA1C","value":"7.0"}'
    """
    try:
        return _WRITER.encode(_plain(value)).encode()
    except UnicodeEncodeError as error:
        raise ConductError(f"this cannot be written down exactly: {error}") from error


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return sha256(canonical(value)).hexdigest()


def instant(at: datetime) -> str:
    """A time as text: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def zone(at: datetime) -> str:
    """The name of a time's zone.

    Raises:
        ConductError: The time does not say in which zone it was read from the clock.
    """
    if isinstance(at.tzinfo, ZoneInfo):
        return str(at.tzinfo.key)
    raise ConductError(f"{at}: give the time with its zone, e.g. tzinfo=ZoneInfo('Asia/Shanghai')")


def _plain(value: object) -> Json:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if isinstance(value, date | PartialDate) and not isinstance(value, datetime):
        return str(value)
    if isinstance(value, Mapping):
        named = {str(key): part for key, part in value.items()}
        order = None if "".join(named).isascii() else _units  # of ASCII the units are the letters
        return {key: _plain(named[key]) for key in sorted(named, key=order)}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    raise ConductError(f"{value!r}, a {type(value).__name__}, cannot be written down exactly")


def _units(key: str) -> bytes:
    """The code units of UTF-16, by which RFC 8785 orders the names of an object."""
    return key.encode("utf-16-be")
