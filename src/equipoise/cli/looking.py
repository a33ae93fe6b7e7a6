"""The views of a trial by name, as the command line shows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from equipoise.conduct import views
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.errors import ConductError

View = Callable[[Log, Actor, str | None, datetime], Any]


def _of(participant: str | None) -> str:
    if participant is None:
        raise ConductError("this view is of one participant; name whom")
    return participant


VIEWS: Final[Mapping[str, View]] = {
    "participants": lambda log, by, _who, _at: views.participants(log, by=by),
    "participant": lambda log, by, who, _at: json.loads(
        views.shown(views.participant(log, _of(who), by=by))
    ),
    "dose to prepare": lambda log, by, who, _at: json.loads(
        views.shown(views.dose_to_prepare(log, _of(who), by=by))
    ),
}
"""View by name."""
