"""Everything written in the question language compiles, and its worked cases hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from equipoise.answer import WORDS
from equipoise.errors import EquipoiseError, QuestionError
from equipoise.protocol.cases import Case
from equipoise.protocol.form import Form
from equipoise.protocol.problem import Problem, among
from equipoise.protocol.question import Question, Reference
from equipoise.protocol.tree import Place
from equipoise.protocol.whole import Study

PLAN = "analysis.yaml"
_REFERENCE = re.compile(r"\s*(\w+)\s*(?:\[\s*(\w+)\s*\])?\s*")


def check_questions(study: Study) -> Iterator[Problem]:
    """Problems of criteria, strata, forms and endpoints, then of the worked cases."""
    problems = [*_eligibility(study), *_strata(study)]
    for file, form in study.forms.items():
        problems.extend(_form_questions(study, file, form))
    problems.extend(_endpoints(study))
    yield from problems
    if not problems:
        yield from _cases(study)


def _eligibility(study: Study) -> Iterator[Problem]:
    for index, criterion in enumerate(study.protocol.eligibility):
        place: Place = ("eligibility", index, "question")
        said = f"criterion {criterion.id}"
        yield from _compiled(study, study.protocol_file, place, criterion.question, said)
        for c, conflict in enumerate(criterion.conflicts):
            place = ("eligibility", index, "conflicts", c, "value")
            yield from _compiled(study, study.protocol_file, place, conflict.value, said)


def _strata(study: Study) -> Iterator[Problem]:
    for index, stratum in enumerate(study.protocol.allocation.strata):
        place = ("allocation", "strata", index, "question")
        said = f"stratum {stratum.name}"
        yield from _compiled(study, study.protocol_file, place, stratum.question, said)


def _compiled(
    study: Study, file: str, place: Place, text: str, said: str, here: str | None = None
) -> Iterator[Problem]:
    try:
        study.question(text, here or study.protocol.screening)
    except EquipoiseError as error:
        yield file, place, f"{said}: {error}{_pointer(text, error)}"


def _pointer(text: str, error: EquipoiseError) -> str:
    if not isinstance(error, QuestionError) or error.column < 1:
        return ""
    return f" (at character {error.column} of: {text})"


def _form_questions(study: Study, file: str, form: Form) -> Iterator[Problem]:
    for c, check in enumerate(form.checks):
        for encounter in _encounters_of(study, form):
            place: Place = ("checks", c, "question")
            said = f"check {check.id} at {encounter}"
            yield from _compiled(study, file, place, check.question, said, encounter)
    for g, group in enumerate(form.groups):
        for i, item in enumerate(group.items):
            place = ("groups", g, "items", i)
            for encounter in study.collected[item.name]:
                if item.ask_if:
                    said = f"item {item.name} at {encounter}"
                    yield from _compiled(
                        study, file, (*place, "ask_if"), item.ask_if, said, encounter
                    )
                if item.derived:
                    try:
                        study.derivation(item, encounter)
                    except EquipoiseError as error:
                        message = f"item {item.name} at {encounter}: {error}"
                        message += _pointer(item.derived, error)
                        yield file, (*place, "derived"), message


def _encounters_of(study: Study, form: Form) -> tuple[str, ...]:
    return study.collected[form.items[0].name]


def _endpoints(study: Study) -> Iterator[Problem]:
    for index, endpoint in enumerate(study.plan.endpoints if study.plan else ()):
        place: Place = ("endpoints", index)
        known = study.encounters
        unknown = [*among(PLAN, (*place, "encounters"), endpoint.encounters, known, "encounter")]
        yield from unknown
        if endpoint.kind == "number":
            yield from among(PLAN, (*place, "item"), [endpoint.item], study.items, "item")
        elif not unknown:
            for encounter in endpoint.encounters:
                said = f"endpoint {endpoint.name} at {encounter}"
                where = (*place, "question")
                yield from _compiled(study, PLAN, where, endpoint.question, said, encounter)


def _cases(study: Study) -> Iterator[Problem]:
    """Worked cases whose answer is not what the question gives."""
    screening = study.protocol.screening
    asked = {
        "criteria": {name: (question, screening) for name, question in study.criteria.items()},
        "endpoints": {
            endpoint.name: (study.endpoints[endpoint.name], endpoint.encounters[-1])
            for endpoint in (study.plan.endpoints if study.plan else ())
            if endpoint.kind == "binary"
        },
    }
    for file, cases in study.cases.items():
        for key, questions in asked.items():
            for name, examples in getattr(cases, key).items():
                if name not in questions:
                    what = "criterion" if key == "criteria" else "endpoint"
                    yield from among(file, (key, name), [name], questions, what)
                    continue
                for index, case in enumerate(examples):
                    if wrong := _wrong(*questions[name], case):
                        yield file, (key, name, index), f"{name}: {wrong}"


def _wrong(question: Question, here: str, case: Case) -> str | None:
    """Why the case does not hold, or None."""
    given = {}
    for key, value in case.given.items():
        match = _REFERENCE.fullmatch(key)
        reference = Reference(match[1], match[2] or here) if match else None
        if reference not in question.needs:
            needs = ", ".join(str(need) for need in question.needs)
            return f"the question does not ask for {key}; it asks for {needs}"
        given[reference] = value
    try:
        answer = WORDS[question.ask(given)]
    except EquipoiseError as error:
        return str(error)
    return None if answer == case.answer else f"the answer is {answer}, the case says {case.answer}"
