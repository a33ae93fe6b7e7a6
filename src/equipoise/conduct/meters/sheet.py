"""The table in a file: its encoding, its separator, its header, its rows."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final, NamedTuple

from equipoise.conduct.meters.layout import Columns, Layout, recognised
from equipoise.errors import ConductError

LARGEST: Final = 8_000_000  # bytes: a year of a sensor's readings is about half of it
HEADER_WITHIN: Final = 30  # lines
SEPARATORS: Final = ",;\t"
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CHINESE: Final = "血糖"  # stands in every Chinese export, and not in one misread as Chinese
_OTHERS: Final = {
    b"PK\x03\x04": "a packed file or a workbook; unpack it, or save the sheet as CSV",
    b"%PDF": "a PDF; export the readings as CSV instead",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save the sheet as CSV",
}


class Sheet(NamedTuple):
    """A table whose columns are known."""

    columns: Columns
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # line of the file, and what stands in it


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or GB 18030.

    Raises:
        ConductError: It is too large, is no text, or is cut off within a character.
    """
    if len(content) > LARGEST:
        raise ConductError(
            f"the file has {len(content):,} bytes; {LARGEST:,} at most. Export a shorter time"
        )
    for start, what in _OTHERS.items():
        if content.startswith(start):
            raise ConductError(f"the file is {what}")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding != "gb18030" or _CHINESE in text):
            return text
    raise ConductError("the file is no text in UTF-8, UTF-16 or GB 18030; export it again as CSV")


def _encodings(content: bytes) -> Sequence[str]:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return (encoding,)
    high, low = content[1::2].count(0), content[::2].count(0)
    if high or low:  # of two bytes, ASCII has one that is zero
        return ("utf-16-le",) if high > low else ("utf-16-be",)
    return ("utf-8", "gb18030")


def sheet(text: str, layouts: Sequence[Layout]) -> Sheet:
    """The table in a text, in the first layout whose columns it has.

    Raises:
        ConductError: It has no known columns, or a line is broken.
    """
    for separator in SEPARATORS:
        for number, line in enumerate(text.splitlines()[:HEADER_WITHIN]):
            for layout in layouts:
                columns = recognised(_fields(line, separator), layout)
                if columns is not None:
                    rows = tuple(_rows(text, number, separator))
                    _whole(rows)
                    return Sheet(columns, rows)
    shown = next((line for line in text.splitlines() if line.strip()), "")[:80]
    known = ", ".join(dict.fromkeys(layout.name for layout in layouts))
    raise ConductError(
        f"no known columns are in the first {HEADER_WITHIN} lines; the file begins {shown!r}. It "
        f"needs the columns of one of: {known} (a date and time, and a glucose value)"
    )


def _fields(line: str, separator: str) -> list[str]:
    """The fields of a line that may be a header; none of a line that is no CSV."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(text: str, header: int, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows after the header, each with its line."""
    lines = text.splitlines(keepends=True)[header + 1 :]
    reader = csv.reader(StringIO("".join(lines), newline=""), delimiter=separator, strict=True)
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                line = header + 1 + reader.line_num
                yield line, tuple(field.strip() for field in fields)
    except csv.Error as error:
        raise ConductError(
            f"line {header + 1 + reader.line_num} is broken: {error}. Export the file again"
        ) from error


def _whole(rows: tuple[tuple[int, tuple[str, ...]], ...]) -> None:
    """Refuse a table whose last line is shorter than all others: the file was cut off."""
    if len(rows) > 1 and len(rows[-1][1]) < min(len(fields) for _, fields in rows[:-1]):
        line, fields = rows[-1]
        raise ConductError(
            f"line {line}, the last, has {len(fields)} columns, fewer than all others: the file is "
            "cut off. Export it again"
        )
