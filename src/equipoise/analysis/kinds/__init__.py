"""Kinds of analysis: each takes its part of the plan and the trial, and gives rows of results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from equipoise.analysis.kinds.adverse_events import adverse_events
from equipoise.analysis.kinds.characteristics import characteristics
from equipoise.analysis.kinds.diary import diary
from equipoise.analysis.kinds.disposition import disposition
from equipoise.analysis.kinds.exposure import exposure
from equipoise.analysis.kinds.hypoglycaemia import hypoglycaemia
from equipoise.analysis.kinds.number import number
from equipoise.analysis.kinds.proportion import proportion
from equipoise.analysis.kinds.tipping_point import tipping_point
from equipoise.analysis.kinds.titration import titration
from equipoise.analysis.results import Row
from equipoise.analysis.trial import Trial

METHODS: Final[dict[str, Callable[[Any, Trial], Iterator[Row]]]] = {
    "characteristics": characteristics,
    "proportion": proportion,
    "tipping-point": tipping_point,
    "number": number,
    "diary": diary,
    "hypoglycaemia": hypoglycaemia,
    "titration": titration,
    "adverse-events": adverse_events,
    "disposition": disposition,
    "exposure": exposure,
}
