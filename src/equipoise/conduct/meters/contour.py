"""Contour Diabetes app (Ascensia): ``ContourCSVReport_*.csv``.

Source: "#, Date and Time, Readings [mg/dL], Meal Marker, Data Source, Notes, ..." and its German
names, as read by public converters (GitHub: steve8x8/Contour-NS, README and csv2bloodg).
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

LAYOUT: Final = Layout(
    name="Contour",
    when=("date and time", "datum und zeit"),
    value=("readings", "messungen"),
    tags=("meal marker", "mahlzeit-markierung"),
)
