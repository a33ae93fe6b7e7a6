"""YAML as plain values with the line of each, read strictly.

The dialect is YAML 1.2's core: ``yes`` and ``no`` are words, numbers with a point exact decimals.
Anchors, aliases and tags are refused, so a file means what it shows and cannot grow when read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final

import yaml

from equipoise.errors import StudyError

Value = str | int | bool | Decimal | None | list["Value"] | dict[str, "Value"]
Place = tuple[str | int, ...]

MAX_BYTES: Final = 2_000_000
MAX_DEPTH: Final = 40
_INTEGER = re.compile(r"[-+]?\d{1,18}")
_DECIMAL = re.compile(r"[-+]?(\d{1,18}\.\d{0,18}|\.\d{1,18}|\d{1,18}(\.\d{0,18})?[eE][-+]?\d{1,2})")
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "true": True, "false": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tree:
    """A YAML file read.

    Attributes:
        file: The file's name as shown in messages.
        value: Its content.
        lines: The line, from 1, of every value by its place: keys and list indices from the root.
        digest: SHA-256 of the very bytes that were read, in hexadecimal.
    """

    file: str
    value: Value
    lines: dict[Place, int] = field(default_factory=dict)
    digest: str = ""

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it that the file has."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return 1

    def problem(self, place: Place, message: str) -> str:
        """``file:line: message``."""
        return f"{self.file}:{self.line(place)}: {message}"


def read_tree(path: Path, *, name: str | None = None) -> Tree:
    """Read a YAML file.

    Args:
        path: The file.
        name: How messages call it; its own name if not given.

    Raises:
        StudyError: It is missing, too large, empty, not UTF-8, or not in the dialect.
    """
    shown = name or path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise StudyError(
                f"{shown}:1: the file has {size:,} bytes; a study file has at most {MAX_BYTES:,}. "
                "Split it."
            )
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise StudyError(f"{shown}:1: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise StudyError(
            f"{shown}:{line}: byte 0x{byte:02X} is not UTF-8. Save the file as UTF-8."
        ) from error
    return replace(parse_tree(text, shown), digest=sha256(content).hexdigest())


def parse_tree(text: str, name: str) -> Tree:
    """Read YAML text; see `read_tree`."""
    reader = _Reader(name, yaml.parse(text, Loader=yaml.CSafeLoader), {})
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.count("\n", 0, -1)) + 1 if mark else 1
        tab = "\t" in text.splitlines()[line - 1] if text else False
        hint = " A tab stands in this line; indent with spaces." if tab else ""
        problem = error.problem or error.context
        raise StudyError(f"{name}:{line}: not YAML: {problem}.{hint}") from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise StudyError(
            f"{name}:{line}: a character that YAML forbids: {error.reason}."
        ) from error
    if value is None:
        raise StudyError(f"{name}:1: the file is empty.")
    return Tree(name, value, reader.lines)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the parser's events into values, noting the line of each."""

    name: str
    events: Iterator[yaml.Event]
    lines: dict[Place, int]

    def document(self) -> Value:
        next(self.events)  # start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        value = self.value(next(self.events), ())
        next(self.events)  # end of the document
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self.error(extra, "a second document begins; keep one a file.")
        return value

    def error(self, event: yaml.Event, message: str) -> StudyError:
        return StudyError(f"{self.name}:{_line(event)}: {message}")

    def value(self, event: yaml.Event, place: Place) -> Value:
        self.lines.setdefault(place, _line(event))
        if len(place) > MAX_DEPTH:
            raise self.error(event, f"nested deeper than {MAX_DEPTH} levels.")
        if getattr(event, "anchor", None) is not None:
            raise self.error(
                event, "anchors and aliases (& and *) are not used here. Write it out."
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise self.error(event, "tags (!) are not used here. Leave it out.")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(child := next(self.events), yaml.SequenceEndEvent):
                items.append(self.value(child, (*place, len(items))))
            return items
        return self.mapping(place)

    def mapping(self, place: Place) -> dict[str, Value]:
        mapping: dict[str, Value] = {}
        while not isinstance(key := next(self.events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or key.anchor is not None:
                raise self.error(key, "a key must be a plain word.")
            if key.value in mapping:
                first = self.lines[(*place, key.value)]
                raise self.error(
                    key, f"the key {key.value!r} is given twice (first in line {first})."
                )
            self.lines[(*place, key.value)] = _line(key)
            mapping[key.value] = self.value(next(self.events), (*place, key.value))
        return mapping


def _scalar(event: yaml.ScalarEvent) -> Value:
    text: str = event.value
    if event.style:  # quoted or block: always text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return text
