"""What follows from the recorded values by the protocol's own questions: eligibility, stratum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import product

from equipoise.answer import NO, UNKNOWN, WORDS, YES
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.participant import Screened
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError, RuleError
from equipoise.protocol.column import Column
from equipoise.protocol.question.question import Recorded, encode
from equipoise.protocol.question.terms import Reference
from equipoise.protocol.whole import Study
from equipoise.rules.allocation import stratum_name
from equipoise.rules.eligibility import eligible

_YESNO = {"yes": True, "no": False}


def value_of(column: Column, text: str | None) -> Recorded:
    """The value that a text records for an item; a date of which a part is unknown is missing.

    Raises:
        ConductError: The item cannot have this value.

    >>> value_of(Column("SMOKER", "yesno"), "yes")
    True
    """
    value: Recorded = text
    try:
        if text is not None and column.kind == "number":
            value = Decimal(text)
        elif text is not None and column.kind == "yesno":
            value = _YESNO[text]
        elif text is not None and column.kind == "date":
            on = PartialDate.parse(text)
            value = date(on.year, on.month, on.day) if on.month and on.day else None
        encode(column, value)
    except (InvalidOperation, KeyError) as error:
        wanted = "answer yes or no" if column.kind == "yesno" else f"which is no {column.kind}"
        raise ConductError(f"{column.name} is {text!r:.40}, {wanted}") from error
    except RuleError as error:
        raise ConductError(str(error)) from error
    return value


def values_of(study: Study, who: Participant) -> dict[Reference, Recorded]:
    """What is recorded of a participant, and at screening what follows from it."""
    values = {key: value_of(study.columns[key.item], v.text) for key, v in who.values.items()}
    for key, derivation in study.derivations.items():
        if key.encounter == study.protocol.screening:
            values[key] = derivation.ask(values)
    return values


def judged(study: Study, who: Participant) -> Screened:
    """Answer every criterion from what is recorded now, and say whether the person is eligible."""
    values = values_of(study, who)
    answers = {name: question.ask(values) for name, question in study.criteria.items()}
    kinds = {criterion.id: criterion.kind for criterion in study.protocol.eligibility}
    of = {
        kind: [answer for name, answer in answers.items() if kinds[name] == kind]
        for kind in ("inclusion", "exclusion")
    }
    return Screened(
        {name: WORDS[answer] for name, answer in answers.items()},
        WORDS[eligible(of["inclusion"], of["exclusion"])],
    )


def strata(study: Study) -> tuple[str, ...]:
    """Names of all strata, in the order of the allocation lists; without factors one, ``""``."""
    return tuple(
        stratum_name(dict(zip(study.factors, by, strict=True)))
        for by in product((NO, YES), repeat=len(study.factors))
    )


def stratum(study: Study, who: Participant) -> str:
    """The stratum that the recorded values put a participant in.

    Raises:
        ConductError: A value that decides it is missing.
    """
    values = values_of(study, who)
    answers = {}
    for factor, question in study.factors.items():
        answers[factor] = question.ask(values)
        if answers[factor] == UNKNOWN:
            raise ConductError(f"{who.id}: stratum {factor} cannot be told, a value is missing")
    return stratum_name(answers)
