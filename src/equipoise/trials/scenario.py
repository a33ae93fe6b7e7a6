"""Scenarios: how the trials that are simulated differ from the study as planned.

They stand in a YAML file and in options ``name=value``; both are checked like a study's files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from pydantic import Field

from equipoise.errors import StudyError, nearest
from equipoise.protocol.bind import bind
from equipoise.protocol.model import Model, Name, Text, Words
from equipoise.protocol.plan import NumberMethod, ProportionAnalysis, ProportionMethod
from equipoise.protocol.tree import Place, Tree, parse_tree, read_tree
from equipoise.protocol.whole import Study
from equipoise.trials.change import Change, Factor, changed
from equipoise.trials.levers import levers

Values: TypeAlias = Mapping[str, float]
BY_PATH: Final = "change"
PLANNED: Final = Text(en="As planned", zh="按方案")


class Scenario(Model):
    """One way in which the trial could be, or the world could be."""

    name: Name = "PLANNED"
    label: Words = PLANNED
    participants: int | None = Field(None, ge=4, description="Randomised participants.")
    effect: Decimal = Field(
        Decimal(1), ge=0, le=10, description="Factor on what the experimental product does."
    )
    drop_out: Decimal = Field(
        Decimal(1), ge=0, le=50, description="Factor on the rate of loss to follow-up."
    )
    blocks: tuple[int, ...] = Field((), description="Block sizes.")
    titration: dict[Name, Any] = Field({}, description="Keys of the protocol's titration.")
    parameters: dict[Name, Decimal] = Field({}, description="Numbers of population.yaml.")
    analyses: tuple[Name, ...] = Field((), description="Analyses of the plan; all if not given.")
    methods: tuple[ProportionMethod | NumberMethod, ...] = Field(
        (), description="Methods; the quick ones of the plan if not given."
    )
    missing: Literal["non-responder", "left out"] | None = Field(
        None, description="What analyses of proportions do with who cannot be judged."
    )
    change: dict[str, Any] = Field({}, description="Values of the study by path.")


class Scenarios(Model):
    """``scenario.yaml``."""

    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """A scenario together with the study that it makes.

    Attributes:
        sets: Parameter sets that fit equally well, with what the scenario makes of them; only the
            study's own numbers are used where there is none.
    """

    scenario: Scenario
    study: Study
    sets: tuple[Values, ...] = ()

    def changed(self, changes: Sequence[Change]) -> Design:
        """With these changes of the study, which hold under every parameter set."""
        sets = tuple(_under(values, changes) for values in self.sets)
        return Design(self.scenario, changed(self.study, changes), sets)


def _under(values: Values, changes: Sequence[Change]) -> Values:
    """A parameter set under changes: a factor multiplies its value, a new value takes its place."""
    found = dict(values)
    for change in changes:
        part, *steps = change.path.split(".")
        if part != "population" or steps[:1] != ["parameters"]:
            continue
        for name in set(steps[1:2] or found) & found.keys():
            if isinstance(change.value, Factor):
                found[name] = float(Decimal(repr(found[name])) * change.value.times)
            else:
                del found[name]
    return found


def read_designs(
    study: Study,
    file: Path | None = None,
    options: Sequence[str] = (),
    *,
    sets: tuple[Values, ...] = (),
) -> tuple[Design, ...]:
    """The scenarios of a file, or the one that is planned, each with the options laid over it.

    Args:
        study: The study as planned.
        file: A YAML file with ``scenarios``.
        options: ``name=value``: a key of a scenario, ``parameters.<name>``, or a path.
        sets: Parameter sets of the study that fit equally well.

    Raises:
        StudyError: All problems found, each with file and line or with the option.
    """
    tree = read_tree(file) if file else parse_tree("scenarios: [{}]", "scenario")
    value, wheres = _with_options(tree, options)
    lines = {place: number for number, place in enumerate(wheres)}
    found, problems = bind(Tree("", value, lines), Scenarios)
    told = list(wheres.values())
    if found is None:
        raise StudyError(*(_told(problem, told) for problem in problems))
    names = [scenario.name for scenario in found.scenarios]
    if not names:
        raise StudyError(f"{tree.file}:1: there is no scenario; give at least one.")
    if len(set(names)) < len(names):
        raise StudyError(f"{tree.file}:1: two scenarios have one name; give each its own.")
    return tuple(
        Design(scenario, study, sets).changed(_changes(scenario, study, ("scenarios", at), wheres))
        for at, scenario in enumerate(found.scenarios)
    )


def _told(problem: str, wheres: Sequence[str]) -> str:
    _, number, message = problem.split(":", 2)
    return f"{wheres[int(number)]}: {message.strip()}"


def _with_options(tree: Tree, options: Sequence[str]) -> tuple[Any, dict[Place, str]]:
    """The file's content with the options in every scenario, and who asks for each place."""
    wheres: dict[Place, str] = {place: f"{tree.file}:{line}" for place, line in tree.lines.items()}
    scenarios = tree.value.get("scenarios") if isinstance(tree.value, dict) else None
    if not isinstance(scenarios, list) or not all(isinstance(one, dict) for one in scenarios):
        if options:
            raise StudyError(f"{tree.file}:1: give a list of `scenarios`, each with its keys.")
        return tree.value, wheres
    problems: list[str] = []
    for option in options:
        try:
            keys, value = read_option(option)
        except StudyError as error:
            problems += error.problems
            continue
        for at, scenario in enumerate(scenarios):
            place: Place = ("scenarios", at)
            inner: Any = scenario
            for key in keys[:-1]:
                inner, place = inner.setdefault(key, {}), (*place, key)
                wheres.setdefault(place, f"--set {option}")
            inner[keys[-1]] = value
            wheres[*place, keys[-1]] = f"--set {option}"
    if problems:
        raise StudyError(*problems)
    return tree.value, wheres


def read_option(option: str) -> tuple[tuple[str, ...], Any]:
    """Where in a scenario an option ``name=value`` belongs, and its value.

    >>> read_option("participants=160"), read_option("allocation.method=simple")
    ((('participants',), 160), (('change', 'allocation.method'), 'simple'))

    Raises:
        StudyError: It has no ``=``, no such name, or a value that is not YAML.
    """
    name, equals, text = option.partition("=")
    if not equals:
        raise StudyError(f"--set {option}: give name=value, such as participants=160")
    value = parse_tree(text, f"--set {option}").value
    if name in Scenario.model_fields:
        return (name,), value
    if name.startswith("parameters."):
        return ("parameters", name.removeprefix("parameters.")), value
    if "." in name:
        return (BY_PATH, name), value
    known = ", ".join(Scenario.model_fields)
    raise StudyError(
        f"--set {option}: there is no {name}; there is {known}, or give a path such as "
        f"allocation.participants.{nearest(name, Scenario.model_fields)}"
    )


def _changes(
    scenario: Scenario, study: Study, root: Place, wheres: Mapping[Place, str]
) -> list[Change]:
    """The changes of the study that a scenario asks for."""

    def where(*keys: str) -> str:
        place = (*root, *keys)
        near = (place[:end] for end in range(len(place), -1, -1))
        return next(wheres[one] for one in near if one in wheres)

    wanted: list[tuple[str, Any, tuple[str, ...]]] = []
    if scenario.participants is not None:
        wanted.append(("allocation.participants", scenario.participants, ("participants",)))
    if scenario.blocks:
        wanted.append(("allocation.parameters.sizes", list(scenario.blocks), ("blocks",)))
    for key, value in scenario.titration.items():
        wanted.append((f"titration.{key}", value, ("titration", key)))
    for name, number in scenario.parameters.items():
        wanted.append((f"population.parameters.{name}", number, ("parameters", name)))
    for key, lever, times in (
        ("effect", "effect", scenario.effect),
        ("drop_out", "loss", scenario.drop_out),
    ):
        names = getattr(levers(study), lever) if times != 1 else ()
        wanted += [(f"population.parameters.{name}", Factor(times), (key,)) for name in names]
    for analysis in study.planned().analyses if scenario.missing else ():
        if isinstance(analysis, ProportionAnalysis):
            path = f"analysis.analyses.{analysis.name}.missing"
            wanted.append((path, scenario.missing, ("missing",)))
    for path, value in scenario.change.items():
        wanted.append((path, value, (BY_PATH, path)))
    return [Change(path, value, where(*keys)) for path, value, keys in wanted]


def nothing_missing(design: Design) -> Design:
    """The same design where nobody is lost to follow-up and no visit is missed."""
    names = (*levers(design.study).loss, *levers(design.study).missed)
    off = Factor(Decimal(0))
    return design.changed(
        [Change(f"population.parameters.{name}", off, "nothing missing") for name in names]
    )
