"""Commands of a trial in words: what is typed for one, and in a line what it recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import typer

from equipoise.conduct.canonical import PartialDate
from equipoise.errors import ConductError

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{15}Z")  # as ``canonical.instant`` writes it
LONGEST: Final = 60  # characters of a part that is told; of a table of parts five times as many


def parts(said: Iterable[str]) -> dict[str, Any]:
    """What a command is made of, from ``NAME=VALUE``, ``NAME.PART=VALUE`` and ``@FILE.json``.

    Numbers of JSON are kept as they are written: 5.10 stays 5.10. What begins like JSON and is none
    is text.

    Raises:
        BadParameter: A word is none of these.
        ConductError: A part is given twice, or a file that should be JSON is none.
    """
    found: dict[str, Any] = {}
    typed = set()
    for one in said:
        name, equals, value = one.partition("=")
        if one.startswith("@"):
            found |= _table(_file(one[1:]), one)
            continue
        if not equals:
            raise typer.BadParameter(
                f"{one!r:.60} is not NAME=VALUE; a value with a blank goes into quotes"
            )
        if name in typed:
            raise ConductError(f"{name} is given twice")
        typed.add(name)
        *tables, last = name.split(".")
        inner = found
        for table in tables:
            inner = _table(inner.setdefault(table, {}), name)
        inner[last] = _value(value)
    return found


def told(body: Mapping[str, Any], zone: str = "UTC") -> str:
    """What an event says, in short: its short texts, numbers and dates; times by a zone's clock.

    >>> told({"slot": "R0001", "stratum": "OLDER=no"})
    'slot R0001; stratum OLDER=no'
    >>> told({"filed": "2025-04-02T07:00:00.000000Z"}, "Asia/Shanghai")
    'filed 2025-04-02T15:00+08:00'
    """
    said = []
    for name, value in body.items():
        text, longest = value, LONGEST
        if isinstance(value, Mapping):
            text = ", ".join(f"{key} {own}" for key, own in value.items())
            short = all(len(str(own)) <= LONGEST for own in value.values())
            longest = 5 * LONGEST if short else 0
        elif isinstance(value, str) and _INSTANT.fullmatch(value):
            at = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
            text = at.isoformat(timespec="minutes")
        if isinstance(text, str | int | PartialDate) and 0 < len(str(text)) <= longest:
            said.append(f"{name} {text}")
    return "; ".join(said)


def _value(text: str) -> Any:  # noqa: ANN401  # whatever the JSON holds
    if text == "null":
        return None
    if text.startswith("@"):
        return _file(text[1:])
    if text[:1] not in ("{", "["):
        return text
    try:
        return _read(text)
    except (ValueError, RecursionError):
        return text  # a unit such as [lb_av], or words in brackets


def _table(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConductError(f"{where}: give a table of names and values, not {value!r:.40}")
    return value


def _file(path: str) -> Any:  # noqa: ANN401  # whatever the JSON holds
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ConductError(f"{path} cannot be read as JSON: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConductError(f"{path} cannot be read as JSON: it is not in UTF-8") from error
    try:
        return _read(text)
    except (ValueError, RecursionError) as error:
        raise ConductError(f"{path} cannot be read as JSON: {error}") from error


def _read(text: str) -> Any:  # noqa: ANN401  # whatever the JSON holds
    return json.loads(text, parse_int=str, parse_float=str)
