"""What an export looks like: the columns that it is known by, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

UNITS: Final = {"mmol/l": "mmol/L", "mg/dl": "mg/dL"}
_UNIT: Final = re.compile(r"[(\[（]?\s*(mmol/l|mg/dl)\s*[)\]）]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of an export, each by the names that it can have: lower case, without a unit.

    Attributes:
        name: Of the application.
        when: Date and time in one column.
        date: Date, and
        clock: time of day, where they stand apart.
        value: Readings from a finger.
        unit: Unit of the row.
        tags: Words about the moment, e.g. "before meal".
        kind: Kind of the row, and
        finger: the kinds, lower case, that are readings from a finger; "" stands for all.
        sensor: Readings of a continuous sensor.
        sensor_kinds: Kinds that are such readings.
        demanded: Columns, of the above, without which it is not this layout.
    """

    name: str
    when: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    clock: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    finger: tuple[str, ...] = ()
    sensor: tuple[str, ...] = ()
    sensor_kinds: tuple[str, ...] = ()
    demanded: tuple[str, ...] = ("when", "value")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each part of a layout stands in a file, and the unit that the header gives."""

    layout: Layout
    at: Mapping[str, int]
    tags: tuple[int, ...]
    unit: str | None


def recognised(header: Sequence[str], layout: Layout) -> Columns | None:
    """Where the columns of a layout are, or None when this is not its header."""
    names = [_UNIT.sub("", name).replace("\u00a0", " ").strip().lower() for name in header]
    at = {}
    for part in ("when", "date", "clock", "value", "unit", "kind", "sensor"):
        known = getattr(layout, part)
        found = [place for place, name in enumerate(names) if name in known]
        if found:
            at[part] = min(found, key=lambda place: known.index(names[place]))
    if not all(part in at for part in layout.demanded):
        return None
    unit = _UNIT.search(header[at["value"]]) if "value" in at else None
    tags = tuple(place for place, name in enumerate(names) if name in layout.tags)
    return Columns(layout, at, tags, UNITS[unit[1].lower()] if unit else None)
