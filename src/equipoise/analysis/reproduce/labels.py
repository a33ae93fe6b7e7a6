"""What a finding is about, in words of the study that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from equipoise.analysis.reproduce.words import same, say
from equipoise.protocol.model import Text
from equipoise.protocol.published import AnyStatement, Number, PValue
from equipoise.protocol.whole import Study

_TIMES: Final = {"week": "周", "month": "个月", "year": "年"}
_UNITS: Final = {**_TIMES, "cells/kg": "细胞/kg"}


class Names(NamedTuple):
    """The study's labels, by name."""

    arms: Mapping[str, Text] = {}
    encounters: Mapping[str, Text] = {}
    items: Mapping[str, Text] = {}
    endpoints: Mapping[str, Text] = {}


def names_of(study: Study) -> Names:
    """The labels that a study gives to its parts."""
    endpoints = study.plan.endpoints if study.plan else ()
    return Names(
        {name: arm.label for name, arm in study.arms.items()},
        {name: encounter.label for name, encounter in study.encounters.items()},
        {name: item.label for name, item in study.items.items()},
        {endpoint.name: endpoint.label for endpoint in endpoints},
    )


def label_of(statement: AnyStatement, names: Names) -> Text:
    """What a statement is about: quantity, visit, arm, and what a p value compares.

    A part that has no label is called by its name; a statement about nothing named, by its id.
    """
    parts = [_quantity(statement, names)]
    if statement.encounter:
        parts.append(_visit(named(statement.encounter, names.encounters)))
    if statement.arm:
        parts.append(named(statement.arm, names.arms))
    if isinstance(statement, PValue):
        parts.append(say(statement.contrast))
    return Text(
        en=", ".join(part("en") for part in parts), zh="，".join(part("zh") for part in parts)
    )


def named(name: str, labels: Mapping[str, Text]) -> Text:
    """The label of a part of the study, or its name where it has none."""
    return labels.get(name) or Text(en=name)


def claim_of(statement: AnyStatement) -> Text:
    """What is printed, in digits and signs, with the unit in both languages."""
    claim = statement.claim
    if not isinstance(statement, Number) or statement.unit not in _UNITS:
        return same(claim)
    unit = statement.unit
    several = unit in _TIMES and statement.value != 1
    return Text(
        en=claim.replace(unit, f"{unit}s") if several else claim,
        zh=claim.replace(unit, _UNITS[unit]),
    )


def _quantity(statement: AnyStatement, names: Names) -> Text:
    if statement.label:
        return statement.label
    if statement.endpoint:
        return named(statement.endpoint, names.endpoints)
    return named(statement.item, names.items) if statement.item else Text(en=statement.id)


def _visit(label: Text) -> Text:
    """An encounter inside a label: without what is done at it, in lower case."""
    return Text(en=_lower(label("en").split(",")[0]), zh=label("zh").split("，")[0])


def _lower(words: str) -> str:
    first, space, rest = words.partition(" ")
    return f"{first.lower() if first.istitle() else first}{space}{rest}"
