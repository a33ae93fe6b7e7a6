"""When each visit of a participant is planned, and how a visit's day compares with that."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from equipoise.conduct.commands.days import whole
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.whole import Study
from equipoise.rules.visits import TIMINGS, Window, timing


class Planned(NamedTuple):
    """When an encounter is planned for a participant."""

    encounter: str
    planned: date
    first: date  # of its window
    last: date


def day_zero(study: Study, who: Participant) -> date | None:
    """The day of the first dose, from which visits are counted; where none is infused, of baseline.

    None before it.
    """
    given = [infused.started for infused in who.doses.infused.values()]
    if given:
        return date.fromisoformat(min(given).partition("T")[0])
    on = who.visits.held(study.protocol.baseline)
    return whole(on) if on else None


def schedule(study: Study, who: Participant) -> tuple[Planned, ...]:
    """Every encounter of the protocol, in its order; before the first dose, screening and baseline.

    Before the first dose the baseline is planned by the day of screening, in the protocol's window.
    """
    zero, protocol = day_zero(study, who), study.protocol
    if zero is not None:
        return tuple(
            _planned(zero, encounter.name, encounter.day, encounter.window)
            for encounter in protocol.encounters
        )
    screening = study.encounters[protocol.screening]
    came = who.visits.held(screening.name) or (who.consents[0].on if who.consents else None)
    if came is None or came.day is None:
        return ()
    early, late = screening.window
    return (
        Planned(screening.name, whole(came), whole(came), whole(came)),
        _planned(whole(came), protocol.baseline, -screening.day, (-late, -early)),
    )


def _planned(zero: date, encounter: str, day: int, window: tuple[int, int]) -> Planned:
    on = zero + timedelta(days=day)
    return Planned(encounter, on, on + timedelta(days=window[0]), on + timedelta(days=window[1]))


def timings(study: Study, who: Participant) -> dict[str, str]:
    """Each visit that was held: in its window, early or late, by ``rules.visits``; or missed.

    Before the first dose nothing can be said of any.
    """
    zero = day_zero(study, who)
    if zero is None:
        return {}
    said = {}
    for encounter, on in who.visits.days.items():
        planned = study.encounters[encounter]
        window = Window(planned.day, -planned.window[0], planned.window[1])
        said[encounter] = TIMINGS[timing((whole(on) - zero).days, window)] if on else "missed"
    return said
