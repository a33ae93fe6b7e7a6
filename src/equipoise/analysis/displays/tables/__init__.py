"""Kinds of table: each takes its part of the plan and the scene, and gives a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from equipoise.analysis.displays.display import Table
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables.adverse_events import adverse_events
from equipoise.analysis.displays.tables.characteristics import characteristics
from equipoise.analysis.displays.tables.disposition import disposition
from equipoise.analysis.displays.tables.exposure import exposure
from equipoise.analysis.displays.tables.hypoglycaemia import hypoglycaemia
from equipoise.analysis.displays.tables.numbers import number
from equipoise.analysis.displays.tables.primary import primary
from equipoise.analysis.displays.tables.proportions import proportion
from equipoise.analysis.displays.tables.tipping_point import tipping_point
from equipoise.analysis.displays.tables.titration import titration
from equipoise.protocol import plan

TABLES: Final[dict[str, Callable[[plan.Table, Scene], Table]]] = {
    "characteristics": characteristics,
    "primary": primary,
    "proportion": proportion,
    "tipping-point": tipping_point,
    "number": number,
    "titration": titration,
    "adverse-events": adverse_events,
    "hypoglycaemia": hypoglycaemia,
    "disposition": disposition,
    "exposure": exposure,
}
