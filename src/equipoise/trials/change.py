"""A study with some of its values changed by path, checked like any other study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from equipoise.errors import EquipoiseError, StudyError, nearest
from equipoise.protocol.bind import bind
from equipoise.protocol.check import check_study
from equipoise.protocol.model import Model
from equipoise.protocol.plan import Plan
from equipoise.protocol.population import Population
from equipoise.protocol.study import Protocol
from equipoise.protocol.tree import Place, Tree
from equipoise.protocol.whole import Study
from equipoise.rules.allocation import checked as checked_allocation
from equipoise.rules.dosing.planned import planned_parameters
from equipoise.simulate.models import build_model

PARTS: Final[Mapping[str, type[Model]]] = {
    "protocol": Protocol,
    "population": Population,
    "analysis": Plan,
}
UNBOUNDED: Final = {"low": None, "high": None}


class Change(NamedTuple):
    """One value to be changed.

    Attributes:
        path: Names from the protocol down, ``allocation.participants``; those of the files
            ``population.yaml`` and ``analysis.yaml`` start with ``population.`` and ``analysis.``.
            Members of a list are called by their name, id, or place from 0.
        value: The new value, or how it follows from the old one.
        where: Who asks for it, for messages: ``scenario.yaml:7``.
    """

    path: str
    value: Any
    where: str


class Factor(NamedTuple):
    """A new value as a multiple of the old one, whatever bounds the old one had."""

    times: Decimal


def changed(study: Study, changes: Sequence[Change]) -> Study:
    """The study with these changes, checked as if it had been read from files.

    Raises:
        StudyError: All problems, each with the place that asked for the change.
    """
    if not changes:
        return study
    models = {
        "protocol": study.protocol,
        "population": study.populated(),
        "analysis": study.planned(),
    }
    contents: dict[str, Any] = {}
    lines: dict[str, dict[Place, int]] = {}
    problems = []
    for number, change in enumerate(changes):
        part, steps = _part(change.path)
        content = contents.setdefault(part, _open(models[part].model_dump()))
        try:
            place = _put(content, steps, change)
        except LookupError as error:
            problems.append(f"{change.where}: {change.path}: {error.args[0]}")
            continue
        known = lines.setdefault(part, {(): number})
        known |= {place[:end]: number for end in range(1, len(place) + 1)}
    found: dict[str, Any] = {}
    for part, content in contents.items():
        if part in lines:
            found[part], misfits = bind(Tree("", content, lines[part]), PARTS[part])
            problems += [_told(changes, part, misfit) for misfit in misfits]
    if problems:
        raise StudyError(*problems)
    whole = replace(
        study,
        protocol=found.get("protocol", study.protocol),
        population=found.get("population", study.population),
        plan=found.get("analysis", study.plan),
    )
    _check(whole, changes, lines)
    return whole


def _open(value: Any) -> Any:  # noqa: ANN401 - YAML
    """Plain values in which everything can be replaced."""
    if isinstance(value, dict):
        return {key: _open(inner) for key, inner in value.items()}
    return [_open(inner) for inner in value] if isinstance(value, list | tuple) else value


def _part(path: str) -> tuple[str, list[str]]:
    first, _, rest = path.partition(".")
    return (first, rest.split(".")) if first in PARTS and rest else ("protocol", path.split("."))


def _put(content: Any, steps: Sequence[str], change: Change) -> Place:  # noqa: ANN401 - YAML
    """Put the value where the path leads; return the place."""
    place: Place = ()
    for step in steps[:-1]:
        key = _key(content, step)
        content, place = content[key], (*place, key)
    key = _key(content, steps[-1], last=True)
    old = content.get(key) if isinstance(content, dict) else content[key]
    content[key] = _new(old, change)
    return (*place, key)


def _key(content: Any, step: str, *, last: bool = False) -> str | int:  # noqa: ANN401 - YAML
    if isinstance(content, dict):
        sourced = any(isinstance(one, dict) and "value" in one for one in content.values())
        if step in content or (last and not sourced):  # a new key is judged by the model
            return step
        raise LookupError(f"there is no {step}.{nearest(step, content)}")
    if not isinstance(content, list | tuple):
        raise LookupError(f"there is nothing below {content}, so no {step}")  # noqa: TRY004 - a user's slip
    names = [str(one.get("name", one.get("id", ""))) for one in content if isinstance(one, dict)]
    if step in names:
        return names.index(step)
    if step.isdigit() and int(step) < len(content):
        return int(step)
    known = ", ".join(filter(None, names)) or f"0 to {len(content) - 1}"
    raise LookupError(f"there is no {step}; there is {known}.{nearest(step, names)}")


def _new(old: Any, change: Change) -> Any:  # noqa: ANN401 - YAML
    """The new value; where the old one has a source, the new one is assumed and says why."""
    value = change.value
    if isinstance(value, Factor):
        if not isinstance(old, dict) or "value" not in old:
            raise LookupError("only a value of population.yaml can be multiplied")
        bounds = UNBOUNDED if "low" in old else {}
        value, old = Decimal(repr(old["value"])) * value.times, {**old, **bounds}
    if not isinstance(old, dict) or "value" not in old or isinstance(value, dict):
        return value
    why = {"en": f"changed by {change.where}", "zh": f"由{change.where}更改"}
    new = {**old, "value": value, "source": "assumed", "why": why}
    if "conflicts" in old:
        new["conflicts"] = ()
    if "status" in old:
        new["status"] = "assumed"
    return new


def _told(changes: Sequence[Change], part: str, misfit: str) -> str:
    """A problem of a part, with the change that made it in place of a line."""
    _, number, message = misfit.split(":", 2)
    prefix = "" if part == "protocol" else f"{part}."
    return f"{changes[int(number)].where}: {prefix}{message.strip()}"


def _check(
    study: Study, changes: Sequence[Change], lines: Mapping[str, Mapping[Place, int]]
) -> None:
    """Check what no single part can say, and that methods and model take their parameters."""
    parts = {
        study.protocol_file: "protocol",
        "population.yaml": "population",
        "analysis.yaml": "analysis",
    }
    problems = []
    for file, place, message in check_study(study):
        known = lines.get(parts.get(file, ""), {})
        near = next((known[place[:n]] for n in range(len(place), -1, -1) if place[:n] in known), 0)
        problems.append(f"{changes[near].where}: with this change {file} is wrong: {message}")
    if not problems:
        protocol = study.protocol
        ratio = tuple(arm.ratio for arm in protocol.arms)
        attempts: tuple[Callable[[], object], ...] = (
            lambda: checked_allocation(
                protocol.allocation.method, protocol.allocation.parameters, ratio
            ),
            lambda: planned_parameters(protocol.dosing),
            lambda: build_model(study),
        )
        for attempt in attempts:
            try:
                attempt()
            except EquipoiseError as error:
                problems += [f"{changes[0].where}: {line}" for line in str(error).splitlines()]
    if problems:
        raise StudyError(*problems)
