"""Glooko, also of Contour and other meters: ``bg_data_*.csv``; sensors are in ``cgm_data_*.csv``.

Source: columns as in the fixtures of public readers of the export (GitHub: iricigor/Glooko,
bg_data_1.csv and cgm_data_1.csv); the first line is about the file.
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

LAYOUT: Final = Layout(
    name="Glooko",
    when=("timestamp",),
    value=("glucose value", "blood glucose"),
    tags=("context", "meal tag"),
)
SENSOR: Final = Layout(
    name="Glooko sensor",
    when=("timestamp",),
    sensor=("cgm glucose value",),
    demanded=("when", "sensor"),
)
