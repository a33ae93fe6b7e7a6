"""Rows about people: who came, whether they were eligible, what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from equipoise.conduct.extract.history import History, Row, day, known
from equipoise.conduct.judgement import value_of
from equipoise.conduct.state.participant import Participant
from equipoise.protocol.question import Quantity, Recorded, Reference


def participants(history: History) -> Iterator[Row]:
    """Rows of the table ``participants``."""
    here = history.study.protocol.screening
    for who in history.people:
        recorded = (who.values.get(Reference(item, here)) for item in ("AGE", "SEX"))
        age, sex = (value.text if value else None for value in recorded)
        years = int(age) if age is not None else None
        person = (who.id, who.site, day(who.consents[0].on), years, sex)
        if who.randomised is None:
            yield (*person, None, None, None, None)
        else:
            first_dose = min(history.given(who).values(), default=None)
            arm = history.arms[who.randomised.slot]
            yield (
                *person, who.randomised.stratum, history.randomised_on(who), first_dose, arm
            )  # fmt: skip


def eligibility(history: History) -> Iterator[Row]:
    """Rows of the table ``eligibility``: the last judgement of each criterion."""
    for who in history.people:
        if who.screened is not None:
            for criterion, answer in who.screened.answers.items():
                yield who.id, criterion, answer


def measurements(history: History) -> Iterator[Row]:
    """Rows of the table ``measurements``: each value that was recorded, or follows from others."""
    derived = history.study.derivations
    for who in history.people:
        values = {
            key: value_of(history.study.columns[key.item], value.text)
            for key, value in who.values.items()
        }
        for key, value in values.items():
            if value is not None:
                yield who.id, key.encounter, key.item, known(who.values[key].on), *_shown(value)
        for key, quantity in derived.items():
            values[key] = found = quantity.ask(values)
            if found is not None:
                yield who.id, key.encounter, key.item, _known(who, key, derived), *_shown(found)


def _known(who: Participant, key: Reference, derived: Mapping[Reference, Quantity]) -> date | None:
    """The day on which a value became known; a derived one when the last of its parts did."""
    if key not in derived:
        return known(who.values[key].on)
    days = [_known(who, need, derived) for need in derived[key].needs]
    whole = [day for day in days if day]
    return max(whole) if len(whole) == len(days) else None


def _shown(value: Recorded) -> tuple[float | None, str | None]:
    """A value and text, as the table holds them."""
    if isinstance(value, bool):
        return None, "yes" if value else "no"
    return (float(value), None) if isinstance(value, Decimal) else (None, str(value))
