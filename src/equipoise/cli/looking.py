"""The views of a trial by name, as the command line shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final

from equipoise.conduct import views
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event
from equipoise.conduct.events.registry import body
from equipoise.conduct.log import Log
from equipoise.conduct.roles import Actor
from equipoise.conduct.views import (
    adjudication,
    committee,
    followup,
    history,
    oversight,
    product,
    safety,
    unblinding,
)
from equipoise.errors import ConductError, nearest

View = Callable[[Log, Actor, str, datetime], object]

OF_ALL: Final[Mapping[str, View]] = {
    "participants": lambda log, by, _, _at: views.participants(log, by=by),
    "work": lambda log, by, _, at: followup.work_list(log, at.date(), by=by),
    "own page": lambda log, by, _, at: followup.own_page(log, at.date(), by=by),
    "safety tasks": lambda log, by, _, at: safety.tasks(log, by=by, at=at),
    "lots": lambda log, by, _, _at: product.lots(log, by=by),
    "bags due": lambda log, by, _, at: product.bags_due(log, at.date(), by=by),
    "queries": lambda log, by, _, _at: oversight.queries(log, by=by),
    "deviations": lambda log, by, _, _at: oversight.deviations(log, by=by),
    "checklist": lambda log, by, _, at: oversight.checklist(log, by=by, at=at),
    "reconsents": lambda log, by, _, at: oversight.reconsents(log, by=by, at=at),
    "versions": lambda log, by, _, _at: oversight.versions(log, by=by),
    "screened under": lambda log, by, _, _at: oversight.screened_under(log, by=by),
    "dossiers": lambda log, by, _, _at: adjudication.dossiers(log, by=by),
    "open pack": lambda log, by, _, at: committee.open_pack(log, by=by, at=at),
    "committee material": lambda log, by, _, at: committee.material(log, by=by, at=at),
    "unblindings": lambda log, by, _, _at: unblinding.notices(log, by=by),
    "staff": lambda log, by, _, _at: oversight.staff(log, by=by),
    "trial history": lambda log, by, _, _at: history.of_trial(log, by=by),
}
"""Views of everybody that a person may look at."""

OF_ONE: Final[Mapping[str, View]] = {
    "participant": lambda log, by, who, _: views.participant(log, who, by=by),
    "follow-up": lambda log, by, who, at: followup.follow_up(log, who, at.date(), by=by),
    "forms": lambda log, by, who, _: oversight.forms(log, who, by=by),
    "adverse events": lambda log, by, who, _: safety.adverse_events(log, who, by=by),
    "dose to prepare": lambda log, by, who, _: views.dose_to_prepare(log, who, by=by),
    "made unblinded": lambda log, by, who, _: unblinding.assessments(log, who, by=by),
    "dossier": lambda log, by, code, _: adjudication.dossier(log, code, by=by),
    "history": lambda log, by, who, _: history.history(log, who, by=by),
}
"""Views of one participant, or of one dossier."""

OF_A_DOSE: Final[Mapping[str, Callable[[Log, Actor, str, str, datetime], object]]] = {
    "infusion chart": lambda log, by, who, encounter, at: product.infusion_chart(
        log, who, encounter, by=by, at=at
    ),
}
"""Views of a participant's dose at an encounter."""


def look(log: Log, what: str, of: Sequence[str], by: Actor, at: datetime) -> object:
    """A view, as JSON holds it.

    Raises:
        ConductError: There is no such view, or it is not said of whom it is.
    """
    views_ = {**dict.fromkeys(OF_ALL, 0), **dict.fromkeys(OF_ONE, 1), **dict.fromkeys(OF_A_DOSE, 2)}
    if what not in views_:
        raise ConductError(
            f"there is no view {what[:40]!r}.{nearest(what[:40], views_)} "
            f"Of all: {', '.join(OF_ALL)}; of one participant or dossier: {', '.join(OF_ONE)}; "
            f"of a participant and an encounter: {', '.join(OF_A_DOSE)}"
        )
    if len(of) != views_[what]:
        needs = ("all; name nobody", "one; name whom", "a dose; name participant and encounter")
        raise ConductError(f"{what} is of {needs[views_[what]]}")
    if what in OF_ALL:
        return _plain(OF_ALL[what](log, by, "", at))
    if what in OF_ONE:
        return _plain(OF_ONE[what](log, by, of[0], at))
    return _plain(OF_A_DOSE[what](log, by, of[0], of[1], at))


def _plain(value: Any) -> object:  # noqa: ANN401  # any view
    if is_dataclass(value) and not isinstance(value, PartialDate):
        return {own.name: _plain(getattr(value, own.name)) for own in fields(value)}
    if isinstance(value, Event):
        return _plain(body(value))
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int) else str(value)
