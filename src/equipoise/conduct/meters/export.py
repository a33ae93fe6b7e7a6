"""Reading an export into diary readings, with a report of what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Final, NamedTuple

from equipoise.conduct.glucose import beyond
from equipoise.conduct.meters import contour, generic, glooko, libreview, mysugr, onetouch
from equipoise.conduct.meters.layout import Columns, Layout
from equipoise.conduct.meters.points import control, point
from equipoise.conduct.meters.sheet import decoded, sheet
from equipoise.conduct.meters.times import order, when
from equipoise.conduct.meters.units import millimoles, number, unit_named, unit_told
from equipoise.errors import ConductError

LAYOUTS: Final[tuple[Layout, ...]] = (
    libreview.LAYOUT, mysugr.LAYOUT, contour.LAYOUT, onetouch.LAYOUT, glooko.SENSOR, glooko.LAYOUT,
    generic.ONE_COLUMN, generic.TWO_COLUMNS,
)  # fmt: skip

Reading = tuple[str, str, str]  # day, point of the diary or time of day, mmol/L


class Skipped(NamedTuple):
    """A line that gave no reading, and why; line 0: not of a line, but against the diary."""

    line: int
    why: str


class Import(NamedTuple):
    """What a file holds for a diary.

    Attributes:
        format: The application that it is of.
        unit: Of its readings.
        source: Format and fingerprint of the file, for ``RecordReadings``.
        readings: For ``RecordReadings``, in order of day and point.
        skipped: Lines that gave none.
        sensor: Rows of a continuous sensor: they are no home readings of the diary.
    """

    format: str
    unit: str
    source: str
    readings: tuple[Reading, ...]
    skipped: tuple[Skipped, ...]
    sensor: int


class _Row(NamedTuple):
    line: int
    when: str
    value: Decimal | str  # as shown; LO or HI
    unit: str | None
    tags: tuple[str, ...]


def read_export(
    content: bytes, points: Sequence[str], *, unit: str | None = None, dates: str | None = None
) -> Import:
    """Read the export of a meter or its application.

    Args:
        content: The file.
        points: Points of the study's diary.
        unit: ``mmol/L`` or ``mg/dL``, where the file does not say it.
        dates: ``day first`` or ``month first``, where no date of the file tells.

    Raises:
        ConductError: What is wrong, where, and what to do. Then nothing was read.
    """
    table = sheet(decoded(content), LAYOUTS)
    layout, skipped = table.columns.layout, list[Skipped]()
    rows, sensor = [], 0
    for line, fields in table.rows:
        kind = _field(fields, table.columns, "kind").lower()
        if kind in layout.sensor_kinds or "value" not in table.columns.at:
            sensor += 1
        elif layout.finger and kind not in layout.finger:
            skipped.append(Skipped(line, "no glucose value"))
        else:
            row = _row(line, fields, table.columns)
            rows += [row] if isinstance(row, _Row) else []
            skipped += [row] if isinstance(row, Skipped) else []
    of = _unit(rows, table.columns, unit)
    found, left_out = _placed(rows, points, of, order([(r.line, r.when) for r in rows], dates))
    source = f"{layout.name} export, SHA-256 {sha256(content).hexdigest()[:16]}"
    skipped = sorted([*skipped, *left_out])
    return Import(layout.name, of, source, found, tuple(skipped), sensor)


def fresh(found: Import, why: Mapping[tuple[str, str], str]) -> Import:
    """The readings of a file without those that cannot be recorded; these are left out, with why.

    Args:
        found: From the file.
        why: What stands against a reading, by day and point; from ``commands.diary.left_out``.
    """
    new = [reading for reading in found.readings if reading[:2] not in why]
    left = [reading for reading in found.readings if reading[:2] in why]
    skipped = [Skipped(0, f"{' '.join(reading)}: {why[reading[:2]]}") for reading in left]
    return found._replace(readings=tuple(new), skipped=(*found.skipped, *skipped))


def _row(line: int, fields: tuple[str, ...], columns: Columns) -> _Row | Skipped:
    text = _field(fields, columns, "value")
    if not text:
        return Skipped(line, "no glucose value")
    at = " ".join(_field(fields, columns, part) for part in ("when", "date", "clock")).strip()
    if not at:
        raise ConductError(f"line {line} has a value and no date; correct it in the app")
    value = beyond(text) or number(text, line)
    named = _field(fields, columns, "unit")
    tags = tuple(fields[place] for place in columns.tags if place < len(fields))
    return _Row(line, at, value, unit_named(named, f"line {line}") if named else None, tags)


def _field(fields: tuple[str, ...], columns: Columns, part: str) -> str:
    place = columns.at.get(part)
    return fields[place] if place is not None and place < len(fields) else ""


def _unit(rows: Sequence[_Row], columns: Columns, given: str | None) -> str:
    """The one unit of the file: of the header or the rows, else as told by the values.

    Raises:
        ConductError: There are two, or what was given is not what the file says.
    """
    named = {row.unit for row in rows if row.unit} | ({columns.unit} if columns.unit else set())
    if len(named) > 1:
        raise ConductError("the file has mmol/L and mg/dL; export it in one unit")
    said = named.pop() if named else None
    if said and given and unit_named(given, "unit") != said:
        raise ConductError(f"the file is in {said}, not {given}")
    if said or not rows:
        return said or given or "mmol/L"
    told = [(row.line, row.value) for row in rows if isinstance(row.value, Decimal)]
    return unit_told(told, given) if told else given or "mmol/L"


def _placed(
    rows: Sequence[_Row], points: Sequence[str], unit: str, first: str | None
) -> tuple[tuple[Reading, ...], list[Skipped]]:
    """Give each reading its day, and its point or else its time of day.

    Of two at one point the earlier is the point's, and the later keeps its time.
    """
    dated = [(*when(row.when, row.line, first), _recorded(row, unit), row) for row in rows]
    kept: dict[tuple[date, str], str] = {}
    skipped = []
    for day, at, value, row in sorted(dated, key=lambda one: (one[0], one[1] or time.max, one[2])):
        of = point(row.tags, at)
        if (of not in points or (day, of) in kept) and at is not None:
            of = f"{at:%H:%M}"
        if control(row.tags):
            why = "a test of the meter, and nobody's blood"
        elif of is None or (of not in points and at is None):
            why = "no point of the diary, and no time of day"
        elif (day, of) in kept:
            why = f"a reading of {of} is kept already, {kept[day, of]}"
        else:
            kept[day, of] = value
            continue
        tagged = f" ({row.tags[0][:20]})" if any(row.tags) else ""
        skipped.append(Skipped(row.line, f"{row.when[:20]}{tagged} {value}: {why}"))
    places = {of: place for place, of in enumerate(points)}
    ordered = sorted(
        (str(day), places.get(of, len(points)), of, value) for (day, of), value in kept.items()
    )
    return tuple((day, of, value) for day, _, of, value in ordered), skipped


def _recorded(row: _Row, unit: str) -> str:
    return row.value if isinstance(row.value, str) else millimoles(row.value, unit, row.line)
