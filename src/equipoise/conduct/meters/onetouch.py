"""OneTouch Reveal (LifeScan): rows of several kinds, of which glucose is one.

Source: the manufacturer publishes no layout; these are the names that public readers of the export
look for ("Date and Time", "Event Type" or "Item Type", "Value", "Unit", "Meal Tag"), not seen in an
original file.
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

LAYOUT: Final = Layout(
    name="OneTouch Reveal",
    when=("date and time", "date/time", "reading time"),
    value=("value", "glucose value", "result"),
    unit=("unit", "units"),
    tags=("meal tag", "meal"),
    kind=("item type", "event type", "type"),
    finger=("blood glucose", "blood sugar", "glucose", "bg"),
    demanded=("when", "value", "kind"),
)
