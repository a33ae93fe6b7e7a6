"""Rows about the doses of the product and about everybody's place in the trial."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from equipoise.answer import WORDS, YES
from equipoise.conduct.events.participant import Screened
from equipoise.conduct.extract.history import History, Row, day
from equipoise.conduct.state.participant import Participant
from equipoise.conduct.state.titration import RESTART, STOP

NOT_RANDOMISED: Final = "not randomised"
_CHANGES: Final = {STOP: "insulin stopped", RESTART: "insulin restarted"}


def doses(history: History) -> Iterator[Row]:
    """Rows of the table ``doses``; the amounts are those of the opened worksheets."""
    for who in history.randomised:
        for encounter in history.study.protocol.dosing.encounters:
            infused = who.doses.infused.get(encounter)
            if infused is None:
                yield who.id, encounter, None, "not given", None, None
            else:
                _, _, amount, volume = history.exposures[who.id, encounter]
                on = history.given(who)[encounter]
                yield who.id, encounter, on, infused.given, _number(amount), _number(volume)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def disposition(history: History) -> Iterator[Row]:
    """Rows of the table ``disposition``."""
    for who in history.people:
        if who.randomised is None:
            yield from _screen_failure(history, who)
            continue
        yield who.id, history.randomised_on(who), "randomised", None
        yield from _treatment(history, who)
        for one in who.medicine.prescribed:
            if one.of in _CHANGES:
                yield who.id, day(one.on), _CHANGES[one.of], None
        if who.disposition.left:
            yield who.id, day(who.disposition.left), "withdrawn", who.withdrawn
        elif who.disposition.completed:
            yield who.id, day(who.disposition.completed), "completed", None


def _screen_failure(history: History, who: Participant) -> Iterator[Row]:
    """Why a person was not randomised: the criteria that say so, or the cause of leaving.

    Somebody who is neither ineligible nor gone keeps the records from being locked; where that was
    waived, the reason is that there was none.
    """
    judged = list(history.said(who, Screened))
    if judged and judged[-1][1].eligible != WORDS[YES]:
        on, screened = judged[-1]
        failing = [
            criterion.id
            for criterion in history.study.protocol.eligibility
            if (screened.answers[criterion.id] == WORDS[YES]) != (criterion.kind == "inclusion")
        ]
        yield who.id, on, "screen failure", ", ".join(failing)
    elif who.disposition.left:
        yield who.id, day(who.disposition.left), "screen failure", who.withdrawn
    else:
        yield who.id, day(who.consents[-1].on), "screen failure", NOT_RANDOMISED


def _treatment(history: History, who: Participant) -> Iterator[Row]:
    """Whether the blinded treatment was completed; who leaves before its end discontinues it."""
    planned, given = history.study.protocol.dosing.encounters, history.given(who)
    stopped = who.disposition.discontinued
    open_end = planned[-1] not in given and planned[-1] not in who.doses.missed
    if len(given) == len(planned):
        yield who.id, max(given.values()), "treatment completed", None
    elif stopped is not None:
        yield who.id, day(stopped), "treatment discontinued", who.disposition.cause
    elif who.disposition.left and open_end:
        yield who.id, day(who.disposition.left), "treatment discontinued", who.withdrawn
