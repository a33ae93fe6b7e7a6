"""Read a study: a folder of YAML becomes one typed, checked whole, or a list of its problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from equipoise.errors import StudyError, nearest
from equipoise.protocol.bind import bind
from equipoise.protocol.cases import Cases
from equipoise.protocol.check import check_study
from equipoise.protocol.form import Form
from equipoise.protocol.model import Model
from equipoise.protocol.plan import Plan
from equipoise.protocol.population import Population
from equipoise.protocol.published import Published
from equipoise.protocol.study import Protocol
from equipoise.protocol.tree import Tree, read_tree
from equipoise.protocol.whole import Study

SHIPPED: Final = Path(str(files("equipoise") / "studies"))
TEMPLATE: Final = SHIPPED / "template"
POPULATION: Final = "population.yaml"
SINGLE_FILES: Final[dict[str, type[Model]]] = {
    POPULATION: Population,
    "analysis.yaml": Plan,
    "published.yaml": Published,
}
FOLDERS: Final[dict[str, type[Model]]] = {"forms": Form, "cases": Cases}
M = TypeVar("M", bound=Model)
_PROTOCOL = re.compile(r"protocol-(\d+)\.(\d+)\.yaml")


def shipped_studies() -> list[str]:
    """Names of the studies that come with Equipoise."""
    return sorted(
        path.parent.name for path in SHIPPED.glob("*/protocol-1.0.yaml") if path.parent != TEMPLATE
    )


def find_study(study: str | Path) -> Path:
    """The folder of a study: a path to one, or the name of one that comes with Equipoise.

    Raises:
        StudyError: There is no such folder, or it holds no protocol.
    """
    names = shipped_studies()
    folder = SHIPPED / str(study).lower() if str(study).lower() in names else Path(study)
    if not folder.is_dir():
        raise StudyError(
            f"{study}: no folder and no study of this name. Give a folder, or one of: "
            f"{', '.join(names)}.{nearest(str(study), names)}"
        )
    return folder


def protocol_versions(folder: Path) -> dict[str, Path]:
    """Protocol files of a study by version, oldest first."""
    found = [
        (match, path) for path in folder.iterdir() if (match := _PROTOCOL.fullmatch(path.name))
    ]
    found.sort(key=lambda pair: (int(pair[0][1]), int(pair[0][2])))
    return {f"{match[1]}.{match[2]}": path for match, path in found}


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of the study, read; ``content`` is None where it did not fit its model."""

    tree: Tree
    content: Model | None


def load_study(study: str | Path, *, version: str | None = None) -> Study:
    """Read and check a study.

    Args:
        study: A folder, or the name of a study that comes with Equipoise.
        version: The protocol version; the newest if not given.

    Raises:
        StudyError: All problems found, each with file and line.
    """
    folder = find_study(study)
    versions = protocol_versions(folder)
    if not versions:
        raise StudyError(f"{folder}:1: no file protocol-<version>.yaml here. Is it a study folder?")
    if version is not None and version not in versions:
        raise StudyError(f"{folder}:1: no protocol {version}; there is {', '.join(versions)}.")
    chosen = versions[version] if version else list(versions.values())[-1]

    parts: dict[str, _Part] = {}
    problems: list[str] = []
    for path, model in _wanted(folder, chosen):
        name = path.relative_to(folder).as_posix()
        try:
            tree = read_tree(path, name=name)
        except StudyError as error:
            problems.extend(error.problems)
            continue
        content, misfits = bind(tree, model)
        problems.extend(misfits)
        parts[name] = _Part(tree, content)
    if problems:
        raise StudyError(*problems)
    problems = _take_over(parts)
    if problems:
        raise StudyError(*problems)
    whole, problems = _assemble(folder, chosen.name, parts)
    if problems:
        raise StudyError(*problems)
    return whole


def _wanted(folder: Path, protocol: Path) -> Iterator[tuple[Path, type[Model]]]:
    yield protocol, Protocol
    for name, model in SINGLE_FILES.items():
        if (folder / name).exists():
            yield folder / name, model
    for name, model in FOLDERS.items():
        for path in sorted((folder / name).glob("*.yaml")):
            yield path, model


def _take_over(parts: dict[str, _Part]) -> list[str]:
    """Complete the population's parameters from the shipped study that it is ``like``."""
    file = POPULATION
    mine = parts[file].content if file in parts else None
    if not isinstance(mine, Population) or mine.like is None:
        return []
    names = [name for name in shipped_studies() if (SHIPPED / name / file).exists()]
    if mine.like not in names:
        message = f"there is no study {mine.like} to be like.{nearest(mine.like, names)}"
        return [parts[file].tree.problem(("like",), message)]
    path = SHIPPED / mine.like / file
    tree = read_tree(path)
    theirs = Population.model_validate(tree.value)
    if theirs.model != mine.model:
        message = f"{mine.like} has the model {theirs.model}, not {mine.model}"
        return [parts[file].tree.problem(("like",), message)]
    taken = {name: one for name, one in theirs.parameters.items() if name not in theirs.own}
    whole = mine.model_copy(update={"parameters": {**taken, **mine.parameters}})
    parts[file] = replace(parts[file], content=whole)
    parts[f"{mine.like}/{file}"] = _Part(tree, None)
    return []


def _assemble(folder: Path, protocol: str, parts: dict[str, _Part]) -> tuple[Study, list[str]]:
    study = Study(
        folder=folder,
        protocol_file=protocol,
        protocol=_all(parts, Protocol)[protocol],
        forms=_all(parts, Form),
        population=_one(parts, Population),
        plan=_one(parts, Plan),
        published=_one(parts, Published),
        cases=_all(parts, Cases),
        files={name: part.tree.digest for name, part in parts.items()},
    )
    problems = {
        parts[file].tree.problem(place, message) for file, place, message in check_study(study)
    }
    return study, sorted(problems, key=_file_and_line)


def _all(parts: dict[str, _Part], model: type[M]) -> dict[str, M]:
    return {name: part.content for name, part in parts.items() if isinstance(part.content, model)}


def _one(parts: dict[str, _Part], model: type[M]) -> M | None:
    return next(iter(_all(parts, model).values()), None)


def _file_and_line(problem: str) -> tuple[str, int]:
    file, line, _ = problem.split(":", 2)
    return file, int(line)
