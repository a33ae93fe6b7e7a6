"""Screening: people come one after the other until enough are eligible by the protocol's criteria.

The criteria are the questions of the protocol, called on what is recorded; a value that the model
does not give is missing, and unknown is never eligible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numba
import numpy as np

from equipoise.answer import YES
from equipoise.protocol.question import MISSING, Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.models import Model
from equipoise.simulate.random import YES_NO, draw_uniforms


@dataclass(frozen=True, slots=True)
class Screening:
    """People who came to screening.

    Attributes:
        hidden: What is true of them, (n, traits).
        values: What is recorded: item at screening -> whole steps or ``MISSING``, (n,).
        answers: Answer to each criterion, by id, (n,).
        eligible: Answer yes, unknown or no, (n,).
    """

    persons: Whole
    trials: Whole
    hidden: Array
    values: Mapping[Reference, Whole]
    answers: Mapping[str, Whole]
    eligible: Whole


@dataclass(frozen=True)
class Screener:
    """Screens the people who come to a study.

    Attributes:
        many: Whether the questions are compiled, which pays from some 100,000 people.
    """

    study: Study
    model: Model
    many: bool = False

    def screen(self, persons: Whole, trials: Whole, key: Key) -> Screening:
        """Screen the people of these numbers and trials."""
        n = persons.size
        hidden, recorded = self.model.screen(persons, trials, key)
        here = self.study.protocol.screening
        found = {**recorded, **_findings(self.study, persons, trials, key)}
        values = {
            Reference(name, here): steps
            for name, steps in found.items()
            if here in self.study.collected.get(name, ())
        }
        for reference, quantity in self.study.derivations.items():
            if reference.encounter == here:
                values[reference] = each(quantity.count, quantity.needs, values, n, many=self.many)
        answers = {
            name: each(question.answer, question.needs, values, n, many=self.many)
            for name, question in self.study.criteria.items()
        }
        verdict = np.full(n, YES)
        for criterion in self.study.protocol.eligibility:
            answer = answers[criterion.id]
            holds = answer if criterion.kind == "inclusion" else YES - answer
            verdict = np.minimum(verdict, holds)
        return Screening(persons, trials, hidden, values, answers, verdict)


def _findings(study: Study, persons: Whole, trials: Whole, key: Key) -> dict[str, Whole]:
    """Yes/no, coded and counted findings, by how often ``population.yaml`` says they are met.

    A code list's first code has the given chance, the others share the rest; of a count, the first
    and each further one has it.
    """
    prevalence = study.populated().prevalence
    if not prevalence:
        return {}
    uses = range(YES_NO, YES_NO + (len(prevalence) + 3) // 4)
    chances = np.hstack([draw_uniforms(use, 0, persons, trials, key) for use in uses])
    found = {}
    for k, (name, share) in enumerate(prevalence.items()):
        column, chance = study.columns[name], chances[:, k]
        if column.kind == "number":
            count, further = np.zeros(persons.size, np.int64), share.value
            for _ in range(column.counts[1]):
                count += chance < further
                further *= share.value
            found[name] = count
        elif column.kind == "code":
            rest = (chance - share.value) / max(1.0 - share.value, 1e-12)
            later = 1 + np.floor(rest * (len(column.codes) - 1)).astype(np.int64)
            found[name] = np.where(chance < share.value, 0, later)
        else:
            found[name] = (chance < share.value).astype(np.int64)
    return found


def each(
    function: Callable[..., int],
    needs: tuple[Reference, ...],
    values: Mapping[Reference, Whole],
    n: int,
    *,
    many: bool = False,
) -> Whole:
    """Call a function of whole numbers for each of n people; what was not recorded is missing."""
    missing = np.full(n, MISSING)
    columns = [values.get(need, missing) for need in needs]
    if len(columns) == 1:
        return _once_a_value(function, columns[0])
    if many and columns:
        return np.asarray(_over_columns(function)(*columns), dtype=np.int64)
    rows = zip(*(column.tolist() for column in columns), strict=True) if columns else [()] * n
    return np.array([function(*row) for row in rows], dtype=np.int64)


def _once_a_value(function: Callable[..., int], column: Whole) -> Whole:
    """Call a function of one item once for each value that occurs."""
    known = column != MISSING
    below = int(column.min(where=known, initial=0)) - 1
    place = np.where(known, column - below, 0)
    occurring = np.flatnonzero(np.bincount(place))
    results = np.zeros(place.max(initial=0) + 1, dtype=np.int64)
    results[occurring] = [function(at + below if at else MISSING) for at in occurring.tolist()]
    return results[place]


@cache
def _over_columns(function: Callable[..., int]) -> Callable[..., Whole]:
    vectorize: Any = numba.vectorize  # it has no stub
    return cast("Callable[..., Whole]", vectorize(nopython=True)(function))
