"""Any other table with a time and a value, in English or Chinese, e.g. of Sinocare meters.

Source: assumed. Sinocare publishes no layout, and none was found; the names are the plain words.
"""

from __future__ import annotations

from typing import Final

from equipoise.conduct.meters.layout import Layout

_VALUE: Final = (
    "glucose", "blood glucose", "blood sugar", "value", "血糖", "血糖值", "血糖结果", "测量值",
    "检测结果", "测量结果",
)  # fmt: skip
_TAGS: Final = ("tag", "tags", "meal", "point", "时段", "测量时段", "检测时段", "餐段", "餐前餐后")
_UNIT: Final = ("unit", "units", "单位")
ONE_COLUMN: Final = Layout(
    name="table",
    when=(
        "timestamp",
        "datetime",
        "date and time",
        "date/time",
        "测量时间",
        "检测时间",
        "日期时间",
    ),
    value=_VALUE,
    unit=_UNIT,
    tags=_TAGS,
)
TWO_COLUMNS: Final = Layout(
    name="table",
    date=("date", "日期", "测量日期", "检测日期"),
    clock=("time", "时间"),
    value=_VALUE,
    unit=_UNIT,
    tags=_TAGS,
    demanded=("date", "value"),
)
