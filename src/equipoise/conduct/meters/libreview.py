"""LibreView (Abbott): the first line is about the file, the second names the columns.

A row's kind is 0 for a sensor's history, 1 for a scan, 2 for a strip; others are notes of insulin,
food, ketones. Dates are day-month-year or month-day-year, by the settings of the account.

Source: columns as read by public converters of the export (GitHub: SivertSolum/Glukoscillator,
docs/libreview-format.md; datacompboy/gluck, README; shrugalic/LibreView_to_AppleHealth_converter).
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

LAYOUT: Final = Layout(
    name="LibreView",
    when=("device timestamp", "tijdstempel apparaat"),
    value=("strip glucose",),
    kind=("record type", "gegevenstype"),
    finger=("2",),
    sensor=("historic glucose", "scan glucose", "historische glucose"),
    sensor_kinds=("0", "1"),
    demanded=("when", "kind", "value"),
)
