"""Published numbers beside those of these records, and what of them holds."""

from equipoise.analysis.displays.beside.agreement import agreement
from equipoise.analysis.displays.beside.elsewhere import directions, further
from equipoise.analysis.displays.beside.holding import TONES, holding
from equipoise.analysis.displays.beside.side_by_side import side_by_side
from equipoise.analysis.displays.beside.three_ways import primary_three_ways

__all__ = [
    "TONES",
    "agreement",
    "directions",
    "further",
    "holding",
    "primary_three_ways",
    "side_by_side",
]
