"""Views of a trial as people read them: tables for lists, a line for each part of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

NOTHING: Final = "–"
SHORT: Final = 25  # characters of a cell that stay on one line
_VALUE: Final = re.compile(r"(\w+)\[(\w+)\]")  # as a question names a value, HBA1C[WEEK48]
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def tables(shown: object) -> None:
    """Print a view, as JSON would hold it, in words and tables as wide as the terminal."""
    console = Console(highlight=False)
    for part in _parts(shown, "", console.width):
        console.print(part)


def _parts(value: object, title: str, width: int) -> Iterator[Table | Text]:
    match value:
        case []:
            yield Text("Nothing.")
        case [Mapping(), *_]:
            yield _of_rows(value, title, width)
        case list():
            yield from map(Text, map(_cell, value))
        case Mapping() if value and all(map(_VALUE.fullmatch, value)):
            yield _of_values(value, title, width)
        case Mapping():
            alone = {name: own for name, own in value.items() if _is_table(own)}
            if rest := {name: own for name, own in value.items() if name not in alone}:
                yield _of_parts(rest)
            for name, own in alone.items():
                yield from _parts(own, _head(name), width)
        case _:
            yield Text(_cell(value))


def _is_table(value: object) -> bool:
    match value:
        case [Mapping(), *_]:
            return True
        case Mapping():
            return bool(value) and all(map(_VALUE.fullmatch, value))
    return False


def _of_parts(parts: Mapping[str, Any]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, own in parts.items():
        table.add_row(_head(name), Text(_cell(own)))
    return table


def _of_rows(rows: Sequence[Any], title: str, width: int) -> Table | Text:
    said = [name for name in rows[0] if any(row[name] not in (None, "", [], {}) for row in rows)]
    return _filled(title, said, [[_cell(row[name]) for name in said] for row in rows], width)


def _of_values(values: Mapping[str, Any], title: str, width: int) -> Table | Text:
    """Recorded values: an item a row, an encounter a column."""
    keys = [found.groups() for found in map(_VALUE.fullmatch, values) if found]
    items, encounters = dict.fromkeys(key[0] for key in keys), dict.fromkeys(k[1] for k in keys)
    cells = {key: _cell(value) for key, value in values.items()}
    rows = [[item, *(cells.get(f"{item}[{at}]", "") for at in encounters)] for item in items]
    return _filled(title, ["item", *encounters], rows, width)


def _filled(
    title: str, names: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> Table | Text:
    """A table; where the terminal is too narrow for one, lines with the long cells below each."""
    lengths = [
        max(cell_len(cell) for cell in (name, *column))
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    ]
    if sum(min(length, SHORT) + 3 for length in lengths) > width:
        return _in_lines(title, names, rows, lengths)
    table = Table(box=box.SIMPLE, title=title or None, title_justify="left", pad_edge=False)
    for name, length in zip(names, lengths, strict=True):
        table.add_column(_head(name), overflow="fold", no_wrap=length <= SHORT)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _in_lines(
    title: str, names: Sequence[str], rows: Sequence[Sequence[str]], lengths: Sequence[int]
) -> Text:
    lines = [title] if title else []
    lengths = [0, *lengths[1:]]  # what a row is of stays at its beginning
    for row in rows:
        cells = [c for c in zip(names, row, lengths, strict=True) if c[1] not in ("", NOTHING)]
        short = (f"{_head(name)} {cell}" for name, cell, length in cells if length <= SHORT)
        lines.append(", ".join(short))
        lines += [f"    {_head(name)}: {cell}" for name, cell, length in cells if length > SHORT]
    return Text("\n".join(lines))


def _head(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: object) -> str:
    """A value in words.

    >>> _cell({"en": "left", "zh": None}), _cell([True, 5]), _cell([])
    ('en left, zh –', 'yes, 5', '–')
    """
    match value:
        case bool():
            return "yes" if value else "no"
        case int():
            return str(value)
        case Mapping() if value:
            return ", ".join(f"{name} {_cell(own)}".strip() for name, own in value.items())
        case [*_] if value:
            deep = any(isinstance(own, list | Mapping) for own in value)
            return ("; " if deep else ", ").join(map(_cell, value))
        case str() if value:
            return f"{value[:12]}…" if _HASH.fullmatch(value) else value
    return NOTHING
