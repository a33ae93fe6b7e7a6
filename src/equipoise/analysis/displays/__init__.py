"""Tables and figures: numbers are rounded and drawn here, and nothing is computed."""

from __future__ import annotations

from equipoise.analysis.displays.display import Display, Figure, Gallery, Row, Table
from equipoise.analysis.displays.figures import FIGURES
from equipoise.analysis.displays.scene import Scene
from equipoise.analysis.displays.tables import TABLES
from equipoise.protocol import plan

__all__ = ["FIGURES", "TABLES", "Display", "Figure", "Gallery", "Row", "Scene", "Table", "show"]


def show(display: plan.Display, scene: Scene) -> tuple[Display, ...]:
    """A display of the plan; a figure of several analyses becomes several drawings."""
    if isinstance(display, plan.Table):
        return (TABLES[display.kind](display, scene),)
    return FIGURES[display.kind](display, scene)
