"""Fit a YAML file to its model, and say every misfit in the file's own terms."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from equipoise.errors import nearest
from equipoise.protocol.model import Model
from equipoise.protocol.tree import Place, Tree

M = TypeVar("M", bound=Model)


def bind(tree: Tree, model: type[M]) -> tuple[M | None, list[str]]:
    """Read the tree as a model.

    Returns:
        The model, or None with one problem for each place that does not fit.
    """
    try:
        return model.model_validate(tree.value), []
    except ValidationError as error:
        found: dict[Place, list[str]] = defaultdict(list)
        for entry in error.errors(include_url=False):
            if entry["type"] == "literal_error" and entry["ctx"]["expected"] == "'unknown'":
                continue  # the other way to write a sourced value; its own error says what is wrong
            place, message = _place(tree, entry["loc"]), _message(tree, model, dict(entry))
            if message not in found[place]:
                found[place].append(message)
        problems = [
            tree.problem(place, f"{_shown(place)}{' or '.join(messages)}")
            for place, messages in found.items()
        ]
        return None, sorted(problems, key=_line_of)


def _line_of(problem: str) -> int:
    return int(problem.split(":", 2)[1])


def _shown(place: Place) -> str:
    return ".".join(str(part) for part in place) + ": " if place else ""


def _place(tree: Tree, location: tuple[str | int, ...]) -> Place:
    """The part of pydantic's location that the file has; the rest names its own machinery."""
    place: Place = ()
    for part in location:
        if (*place, part) in tree.lines:
            place = (*place, part)
    return place


def _message(tree: Tree, model: type[BaseModel], entry: dict[str, Any]) -> str:
    key = entry["loc"][-1] if entry["loc"] else ""
    if entry["type"] == "extra_forbidden":
        names = _field_names(model, _place(tree, entry["loc"])[:-1])
        return f"there is no key of this name.{nearest(str(key), names)}"
    if entry["type"] == "missing":
        return f"the key {key!r} is missing"
    if entry["type"] == "too_short":
        return f"give at least {entry['ctx']['min_length']}"
    message = str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    given = entry.get("input")
    return f"{message}, not {given!s}" if isinstance(given, str | int | float) else message


def _field_names(model: type[BaseModel], place: Place) -> list[str]:
    """Names of the keys that the models reached at a place have."""
    reached = [model]
    for part in place:
        if isinstance(part, int):
            continue
        reached = [
            inner
            for outer in reached
            if part in outer.model_fields
            for inner in _models(outer.model_fields[part].annotation)
        ] or reached
    return [name for one in reached for name in one.model_fields]


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
