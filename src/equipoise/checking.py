"""The whole check of a study: its files, then its methods and its disease model."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from equipoise.errors import EquipoiseError, StudyError
from equipoise.protocol.load import load_study
from equipoise.protocol.tree import Place, read_tree
from equipoise.protocol.whole import Study


def check(study: str | Path = "nct02302599") -> Study:
    """Read a study and check everything about it, methods and models included.

    Raises:
        StudyError: All problems, each with file and line.
    """
    from equipoise.rules.allocation import checked as checked_allocation
    from equipoise.rules.dosing import check_titration
    from equipoise.rules.dosing.planned import planned_parameters
    from equipoise.simulate.models import check as check_population

    read = load_study(study)
    allocation, dosing = read.protocol.allocation, read.protocol.dosing
    titration = read.protocol.titration
    ratio = tuple(arm.ratio for arm in read.protocol.arms)
    attempts: dict[Place, Callable[[], object]] = {
        ("allocation",): lambda: checked_allocation(
            allocation.method, allocation.parameters, ratio
        ),
        ("dosing",): lambda: planned_parameters(dosing),
        ("titration",): lambda: check_titration(titration) if titration else None,
        (): lambda: check_population(read) if read.population else None,
    }
    problems: list[str] = []
    for place, attempt in attempts.items():
        try:
            attempt()
        except EquipoiseError as error:
            problems += [_located(read, line, place) for line in str(error).splitlines()]
    if problems:
        raise StudyError(*problems)
    return read


def _located(study: Study, problem: str, place: Place) -> str:
    """The problem with its file, and the line of the key that it names."""
    file, _, message = problem.partition(": ")
    if file not in study.files:
        file, message = study.protocol_file, problem
    tree = read_tree(study.folder / file, name=file)
    words = set(re.findall(r"\w+", message))
    named = [one for one in tree.lines if one[: len(place)] == place and one and one[-1] in words]
    return tree.problem(max(named, key=len, default=place), message)
