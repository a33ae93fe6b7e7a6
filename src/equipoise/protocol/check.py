"""What no single file can say: that the parts of a study name each other rightly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from equipoise.errors import UnitError
from equipoise.protocol.check_questions import PLAN, check_questions
from equipoise.protocol.intervention import Titration
from equipoise.protocol.model import BUILT_IN_SOURCES
from equipoise.protocol.plan_checks import check_plan
from equipoise.protocol.problem import Problem, among
from equipoise.protocol.tree import Place
from equipoise.protocol.whole import Study
from equipoise.units import parse_unit


def check_study(study: Study) -> Iterator[Problem]:
    """Every problem of a study whose files fit their models.

    Questions are compiled only when all names are right, so that one slip is told once.
    """
    problems = [*_forms(study), *_protocol(study)]
    yield from problems
    if not problems:
        yield from check_questions(study)
        yield from _published(study)
        if study.plan:
            yield from ((PLAN, place, message) for place, message in check_plan(study.plan, study))


def _once(file: str, place: Place, names: Iterable[str], what: str) -> Iterator[Problem]:
    for index, name in enumerate(names := list(names)):
        if name in names[:index]:
            yield file, (*place, index), f"the {what} {name} is given twice; give each once"


def _forms(study: Study) -> Iterator[Problem]:
    if not study.forms:
        yield study.protocol_file, ("activities",), "there is no form; put one in forms/<name>.yaml"
    sources = {*study.protocol.sources, *BUILT_IN_SOURCES}
    seen: dict[str, str] = {}
    for file, form in study.forms.items():
        for g, group in enumerate(form.groups):
            for i, item in enumerate(group.items):
                place: Place = ("groups", g, "items", i)
                if item.name in seen:
                    first = seen[item.name]
                    message = f"the item {item.name} is also in {first}; give each its own name"
                    yield file, (*place, "name"), message
                seen[item.name] = file
                yield from among(file, (*place, "source"), [item.source], sources, "source")
                yield from _unit(file, place, item.unit)
                for other in item.conversions:
                    yield from _unit(file, (*place, "conversions"), other)
    for name, times in Counter(form.form for form in study.forms.values()).items():
        if times > 1:
            file = [f for f, form in study.forms.items() if form.form == name][-1]
            yield file, ("form",), f"the form {name} is given twice; give each a name of its own"


def _unit(file: str, place: Place, unit: str | None) -> Iterator[Problem]:
    try:
        parse_unit(unit or "1")
    except UnitError as error:
        yield file, (*place, "unit"), str(error)


def _protocol(study: Study) -> Iterator[Problem]:
    protocol, file = study.protocol, study.protocol_file
    encounters, arms, items = study.encounters, study.arms, study.items
    forms = [form.form for form in study.forms.values()]
    yield from _once(file, ("arms",), (a.name for a in protocol.arms), "arm")
    yield from _once(file, ("encounters",), (e.name for e in protocol.encounters), "encounter")
    yield from _once(file, ("eligibility",), (c.id for c in protocol.eligibility), "criterion")
    yield from _once(file, ("products",), (p.name for p in protocol.products), "product")
    days = [encounter.day for encounter in protocol.encounters]
    for index in range(1, len(days)):
        if days[index] <= days[index - 1]:
            yield file, ("encounters", index, "day"), "encounters stand in the order of their days"
    products = [product.name for product in protocol.products]
    for index, arm in enumerate(protocol.arms):
        yield from among(file, ("arms", index, "product"), [arm.product], products, "product")
    epochs = [epoch.name for epoch in protocol.epochs]
    for index, encounter in enumerate(protocol.encounters):
        where = ("encounters", index, "epoch")
        yield from among(file, where, [encounter.epoch], epochs, "epoch")
    for index, activity in enumerate(protocol.activities):
        place: Place = ("activities", index)
        known = encounters
        yield from among(file, (*place, "encounters"), activity.encounters, known, "encounter")
        yield from among(file, (*place, "forms"), activity.forms, forms, "form")
    yield from _consents(study)
    for key in ("screening", "baseline"):
        yield from among(file, (key,), [getattr(protocol, key)], encounters, "encounter")
    if protocol.baseline in encounters and encounters[protocol.baseline].day != 0:
        yield file, ("baseline",), f"{protocol.baseline} is the first dose: its day is 0"
    yield from among(
        file, ("dosing", "encounters"), protocol.dosing.encounters, encounters, "encounter"
    )
    if protocol.dosing.volume and "placebo" not in {arm.role for arm in protocol.arms}:
        message = "a bag is filled up with the vehicle; give an arm the role placebo, with it"
        yield file, ("dosing", "volume"), message
    if protocol.dosing.weight:
        yield from among(file, ("dosing", "weight"), [protocol.dosing.weight], items, "item")
    if titration := protocol.titration:
        yield from _titration(titration, study)
    yield from _sources(study)
    yield from _units(study)
    wanted = protocol.allocation.participants.value
    if isinstance(wanted, int) and wanted < 2 * len(arms):
        place = ("allocation", "participants", "value")
        yield file, place, f"{wanted} participants are too few; give at least two an arm"
    if len(arms) < 2:
        yield file, ("arms",), "a controlled trial has at least two arms"


def _consents(study: Study) -> Iterator[Problem]:
    file, consents = study.protocol_file, study.protocol.consents
    yield from _once(file, ("consents",), (form.version for form in consents), "consent form")
    for index, (before, form) in enumerate(pairwise(consents), start=1):
        if form.since is None or form.since <= (before.since or ""):
            message = f"{form.version} follows another: give `since`, later than the one before"
            yield file, ("consents", index), message


def _titration(titration: Titration, study: Study) -> Iterator[Problem]:
    file, place = study.protocol_file, "titration"
    for key in ("item", "weight"):
        yield from among(file, (place, key), [getattr(titration, key)], study.items, "item")
    for key in ("first", "last"):
        names = filter(None, [getattr(titration, key)])
        yield from among(file, (place, key), names, study.encounters, "encounter")


def _walk(value: object, place: Place = ()) -> Iterator[tuple[Place, str, object]]:
    """Every key and value in nested models, as plain data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*place, key), key, inner
            yield from _walk(inner, (*place, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*place, index))


def _sources(study: Study) -> Iterator[Problem]:
    known = {*study.protocol.sources, *BUILT_IN_SOURCES}
    for place, key, value in _walk(study.protocol.model_dump(exclude={"sources"})):
        if key == "source" and isinstance(value, str):
            yield from among(study.protocol_file, place, [value], known, "source")


def _units(study: Study) -> Iterator[Problem]:
    for place, key, value in _walk(study.protocol.model_dump()):
        if key == "unit" and isinstance(value, str):
            yield from _unit(study.protocol_file, place[:-1], value)


def _published(study: Study) -> Iterator[Problem]:
    if study.published is None:
        return
    file = "published.yaml"
    for where, message in study.published.misfits():
        yield file, where, message
    for key in ("numbers", "intervals", "p_values"):
        for index, statement in enumerate(getattr(study.published, key)):
            place: Place = (key, index)
            if statement.item:
                yield from among(file, (*place, "item"), [statement.item], study.items, "item")
            if statement.encounter:
                names = [statement.encounter]
                yield from among(file, (*place, "encounter"), names, study.encounters, "encounter")
