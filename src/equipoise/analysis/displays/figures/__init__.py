"""Kinds of figure: each takes its part of the plan and the scene, and gives drawings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from equipoise.analysis.displays.display import Figure
from equipoise.analysis.displays.figures.diary import diary
from equipoise.analysis.displays.figures.flow import flow
from equipoise.analysis.displays.figures.forest import forest
from equipoise.analysis.displays.figures.over_time import over_time
from equipoise.analysis.displays.figures.proportion import proportion
from equipoise.analysis.displays.scene import Scene
from equipoise.protocol import plan

FIGURES: Final[dict[str, Callable[[plan.Figure, Scene], tuple[Figure, ...]]]] = {
    "flow": flow,
    "over-time": over_time,
    "proportion": proportion,
    "diary": diary,
    "forest": forest,
}
