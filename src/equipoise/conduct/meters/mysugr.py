"""mySugr, also the diary of Accu-Chek meters (Roche): date, time, tags, and many more columns.

Source: columns as observed in exports by public converters (GitHub: "Date, Time, Tags, Blood Sugar
Measurement (mg/dL), Insulin Injection Units (Pen), ..."; mmol/L where the account has it).
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

LAYOUT: Final = Layout(
    name="mySugr",
    date=("date",),
    clock=("time",),
    value=("blood sugar measurement", "blood glucose measurement"),
    tags=("tags",),
    demanded=("date", "clock", "value"),
)
