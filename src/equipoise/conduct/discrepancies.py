"""What is wrong or missing in recorded values: the checks of the forms, and nothing recorded.

Pure: the same records give the same list, whoever looks and whenever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from equipoise.answer import NO, YES
from equipoise.conduct.commands.days import whole
from equipoise.conduct.judgement import value_of
from equipoise.conduct.state.oversight import held
from equipoise.conduct.state.participant import Participant
from equipoise.errors import ConductError
from equipoise.protocol.form import Form
from equipoise.protocol.model import Text
from equipoise.protocol.question.question import Recorded
from equipoise.protocol.question.terms import Reference
from equipoise.protocol.whole import Study

MISSING, OUTSIDE, NOT_BEGUN, OTHER_DAY = "missing", "outside", "form missing", "other day"
WEEK: Final = 7  # days between value and visit, where the visit's window is no wider
_WORDS: Final = {
    MISSING: Text(
        en="{label} is missing. Please record it, or that it was not done.",
        zh="{label}缺失，请补录，或注明未做。",
    ),
    NOT_BEGUN: Text(
        en="Nothing of the form {form} is recorded. Please record it, or that it was not done.",
        zh="表单“{form}”无任何记录，请补录，或注明未做。",
    ),
    OTHER_DAY: Text(
        en="{label} is of {value}, and the visit was on {held}. Please check both days.",
        zh="{label}的日期为{value}，而访视日期为{held}，请核实。",
    ),
    OUTSIDE: Text(
        en="{label} is {value}, which the form does not allow any more. Please check it.",
        zh="{label}为{value}，已不在表单允许的范围内，请核实。",
    ),
}


class Discrepancy(NamedTuple):
    """Something that the site should be asked about.

    Attributes:
        check: Identifier of the form's check, or ``missing``, ``form missing``, ``outside`` what is
            allowed, or ``other day`` than the visit's.
        needs: The values that it is about; the first is ``item`` at ``encounter``.
    """

    encounter: str
    item: str
    check: str
    needs: tuple[str, ...]
    words: Text


def discrepancies(study: Study, who: Participant) -> Iterator[Discrepancy]:
    """Everything wrong or missing in the forms of every visit that was held, form by form.

    A form of which nothing is recorded is one discrepancy, about its first item.
    """
    values, outside = _values(study, who)
    yield from outside
    yield from _other_days(study, who)
    for form in study.forms.values():
        for encounter in study.collected[form.items[0].name]:
            if any(Reference(item.name, encounter) in who.values for item in form.items):
                yield from _missing(study, form, encounter, who, values)
                yield from _failing(study, form, encounter, values)
            elif who.visits.held(encounter):
                yield from _not_begun(study, form, encounter, values)


def unasked(study: Study, who: Participant) -> list[Discrepancy]:
    """Those that no query asks about: none is open, and none was settled for these very values."""

    def known(found: Discrepancy) -> bool:
        return any(
            not query.finished or query.covers == held(who.values, query.needs)
            for query in who.oversight.queries.values()
            if (query.encounter, query.item, query.check)
            == (found.encounter, found.item, found.check)
        )

    return [found for found in discrepancies(study, who) if not known(found)]


def known_values(study: Study, who: Participant) -> Mapping[Reference, Recorded]:
    """What is recorded and allowed of a participant, and what follows from it."""
    return _values(study, who)[0]


def _values(
    study: Study, who: Participant
) -> tuple[dict[Reference, Recorded], tuple[Discrepancy, ...]]:
    """What is recorded and what follows from it; apart, what the forms allow no more."""
    values: dict[Reference, Recorded] = {}
    outside = []
    for key, value in who.values.items():
        if key.item not in study.columns or key.encounter not in study.collected[key.item]:
            continue  # no longer asked after an amendment
        try:
            values[key] = value_of(study.columns[key.item], value.text)
        except ConductError:
            outside.append(_of_item(study, key, OUTSIDE, value.text))
    for key, derivation in study.derivations.items():
        values[key] = derivation.ask(values)
    return values, tuple(outside)


def _other_days(study: Study, who: Participant) -> Iterator[Discrepancy]:
    """Values of a day that lies further from the visit than its window is wide."""
    for key, value in who.values.items():
        planned, held_on = study.encounters.get(key.encounter), who.visits.held(key.encounter)
        if not (planned and held_on and value.text and value.on.day and key.item in study.items):
            continue
        early, late = planned.window
        if abs((whole(value.on) - whole(held_on)).days) > max(WEEK, late - early):
            yield _of_item(study, key, OTHER_DAY, str(value.on), str(held_on))


def _missing(
    study: Study,
    form: Form,
    encounter: str,
    who: Participant,
    values: dict[Reference, Recorded],
) -> Iterator[Discrepancy]:
    for item in form.items:
        key = Reference(item.name, encounter)
        if key not in who.values and asked(study, key, values):
            yield _of_item(study, key, MISSING)


def _not_begun(
    study: Study, form: Form, encounter: str, values: dict[Reference, Recorded]
) -> Iterator[Discrepancy]:
    for item in form.items:
        key = Reference(item.name, encounter)
        if asked(study, key, values):
            words = _WORDS[NOT_BEGUN]
            said = Text(
                en=words("en").format(form=form.label("en")),
                zh=words("zh").format(form=form.label("zh")),
            )
            yield Discrepancy(encounter, item.name, NOT_BEGUN, (str(key),), said)
            return


def asked(study: Study, key: Reference, values: Mapping[Reference, Recorded]) -> bool:
    """Whether an item is to be filled in at an encounter, by what is known."""
    condition = study.conditions.get(key)
    return not study.items[key.item].derived and (condition is None or condition.ask(values) == YES)


def _failing(
    study: Study, form: Form, encounter: str, values: dict[Reference, Recorded]
) -> Iterator[Discrepancy]:
    for check, question in study.edit_checks[form.form, encounter]:
        if question.ask(values) == NO:
            own = [key for key in question.needs if key.encounter == encounter]
            first = (own or list(question.needs))[0]
            needs = (str(first), *(str(key) for key in question.needs if key != first))
            yield Discrepancy(first.encounter, first.item, check.id, needs, check.message)


def _of_item(
    study: Study, key: Reference, check: str, value: str | None = None, held_on: str | None = None
) -> Discrepancy:
    label, words = study.items[key.item].label, _WORDS[check]
    said = Text(
        en=words("en").format(label=label("en"), value=value, held=held_on),
        zh=words("zh").format(label=label("zh"), value=value, held=held_on),
    )
    return Discrepancy(key.encounter, key.item, check, (str(key),), said)
