"""Lived trials as published numbers see them: recorded values, answers and completers by trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from equipoise.answer import NO, YES
from equipoise.protocol.plan import BinaryEndpoint
from equipoise.protocol.question import MISSING, Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Whole
from equipoise.simulate.enrolment import Enrolled
from equipoise.simulate.models import UNCONTROLLED, Lived
from equipoise.simulate.screening import each

Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True)
class Lives:
    """Trials that were lived: arrays of T trials with N participants each.

    Attributes:
        trials: Their numbers.
        known: What was asked for so far, recorded steps or ``MISSING``, (T * N,).
    """

    study: Study
    trials: range
    enrolled: Enrolled
    lived: Lived
    known: dict[Reference, Whole] = field(default_factory=dict)

    @property
    def arm(self) -> Whole:
        """Place of each participant's arm among the protocol's arms, (T, N)."""
        return self._shaped(self.enrolled.arm)

    @property
    def completed(self) -> Flags:
        """Who stayed to the end, (T, N)."""
        return self._shaped(np.isinf(self.lived.left))

    @property
    def screened(self) -> Whole:
        """People screened in each trial, (T,)."""
        trials = self.enrolled.screened.trials - self.trials.start
        return np.bincount(trials, minlength=len(self.trials))

    def value(self, item: str, encounter: str) -> Array:
        """A recorded item in its unit; not a number where it is missing, (T, N)."""
        steps = self._steps(Reference(item, encounter))
        column = self.study.columns[item]
        return self._shaped(np.where(steps == MISSING, np.nan, steps / 10.0**column.decimals))

    def answer(self, endpoint: BinaryEndpoint, encounter: str) -> Array:
        """1 for yes, 0 for no, not a number for unknown, (T, N)."""
        question = self.study.question(endpoint.question, encounter)
        answers = self._each(question.answer, question.needs)
        if "uncontrolled glucose" in endpoint.failures:
            left = self.lived.left <= self.study.encounters[encounter].day
            answers = np.where((self.lived.reason == UNCONTROLLED) & left, NO, answers)
        known = np.where(answers == YES, 1.0, np.where(answers == NO, 0.0, np.nan))
        return self._shaped(known)

    def _shaped(self, column: NDArray[Number]) -> NDArray[Number]:
        return column.reshape(len(self.trials), -1)

    def _steps(self, reference: Reference) -> Whole:
        if reference not in self.known:
            self.known[reference] = self._look(reference)
        return self.known[reference]

    def _look(self, reference: Reference) -> Whole:
        item, encounter = self.study.items[reference.item], reference.encounter
        if encounter == self.study.protocol.screening:
            return self.enrolled.screened.values[reference][self.enrolled.chosen]
        if item.derived is not None:
            quantity = self.study.derivation(item, encounter)
            return self._each(quantity.count, quantity.needs)
        column = self.lived.values[item.name][:, list(self.study.encounters).index(encounter)]
        return np.where(np.isnan(column), MISSING, np.nan_to_num(column)).astype(np.int64)

    def _each(self, function: Callable[..., int], needs: tuple[Reference, ...]) -> Whole:
        values = {need: self._steps(need) for need in needs}
        return each(function, needs, values, self.enrolled.arm.size)
