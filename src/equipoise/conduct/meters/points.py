"""To which point of the diary a reading belongs: what its tags say, else the time of day.

The points of the diary are fasting, about two hours after each meal, and bedtime. A tag that names
a point decides; "before" or "after a meal" decides together with the hour; without either the hour
alone does. The hours are assumed; hours that can be before a meal as well as after one, and the
night, belong to no point: such a reading keeps its time of day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Final

Hours = tuple[tuple[time, time, str], ...]  # from, before, point

NAMED: Final[Mapping[str, str]] = {
    "fasting": "fasting", "空腹": "fasting", "nüchtern": "fasting", "早餐前": "fasting",
    "before breakfast": "fasting", "breakfast before": "fasting",
    "after breakfast": "breakfast", "早餐后": "breakfast", "早餐后2小时": "breakfast",
    "after lunch": "lunch", "午餐后": "lunch", "中餐后": "lunch", "午餐后2小时": "lunch",
    "after dinner": "dinner", "after supper": "dinner", "晚餐后": "dinner", "晚餐后2小时": "dinner",
    "bedtime": "bedtime", "before bed": "bedtime", "before sleep": "bedtime", "睡前": "bedtime",
}  # fmt: skip
NO_POINT: Final = {
    "before lunch", "before dinner", "before supper", "午餐前", "中餐前", "晚餐前", "凌晨", "随机",
    "random", "night", "overnight",
}  # fmt: skip
CONTROL: Final = {"control", "control solution", "质控"}  # a test of the meter, and nobody's blood
BEFORE: Final = {
    "before meal",
    "before the meal",
    "pre-meal",
    "premeal",
    "餐前",
    "vor der mahlzeit",
}
AFTER: Final = {
    "after meal",
    "after the meal",
    "post-meal",
    "postmeal",
    "餐后",
    "nach der mahlzeit",
}
MEALS: Final = {"breakfast": "breakfast", "lunch": "lunch", "dinner": "dinner", "supper": "dinner"}

UNTAGGED: Final[Hours] = (
    (time(4), time(9), "fasting"),
    (time(9), time(11, 30), "breakfast"),
    (time(12, 30), time(16), "lunch"),
    (time(18), time(21), "dinner"),
    (time(21), time.max, "bedtime"),
)
BEFORE_MEAL: Final[Hours] = ((time(4), time(11), "fasting"),)
AFTER_MEAL: Final[Hours] = (
    (time(6), time(12), "breakfast"),
    (time(12), time(17), "lunch"),
    (time(17), time.max, "dinner"),
)


def control(tags: Sequence[str]) -> bool:
    """Whether a reading is of control solution."""
    return bool(_words(tags) & CONTROL)


def point(tags: Sequence[str], at: time | None) -> str | None:
    """The diary's point of a reading, or None when it belongs to none."""
    words = _words(tags)
    if words & NO_POINT:
        return None
    named = {NAMED[word] for word in words & NAMED.keys()}
    meals = {MEALS[word] for word in words & MEALS.keys()}
    if words & BEFORE and len(meals) == 1:
        named |= {"fasting"} if meals == {"breakfast"} else {""}
    elif words & AFTER and len(meals) == 1:
        named |= meals
    if named:
        return named.pop() or None if len(named) == 1 else None
    hours = BEFORE_MEAL if words & BEFORE else AFTER_MEAL if words & AFTER else UNTAGGED
    if at is None:
        return None
    return next((name for start, end, name in hours if start <= at < end), None)


def _words(tags: Sequence[str]) -> set[str]:
    return {word.strip().lower() for tag in tags for word in re.split(r"[,;，、]", tag)} - {""}
