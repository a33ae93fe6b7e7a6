"""What the plan's analyses need of many lived trials, participant by participant.

The endpoints are the plan's own questions and items, asked of whole recorded steps as in
``equipoise.analysis.endpoints``. Participants stand trial after trial: n = trials x participants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from equipoise.answer import NO
from equipoise.protocol.plan import BinaryEndpoint, Measure, Membership, NumberEndpoint
from equipoise.protocol.question import MISSING, Question, Reference
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, Flags, Whole, key_of
from equipoise.simulate.courses import REASONS
from equipoise.simulate.enrolment import Enrolled, Enrolment
from equipoise.simulate.events import YEAR
from equipoise.simulate.models import Lived
from equipoise.simulate.screening import each


@dataclass(frozen=True)
class Ready:
    """A study made ready to be lived many times: its questions are compiled once.

    Attributes:
        questions: Those of the endpoints that were asked so far, by endpoint and encounter.
    """

    enrolment: Enrolment
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)

    def question(self, endpoint: BinaryEndpoint, encounter: str) -> Question:
        """The question of an endpoint at an encounter."""
        asked = endpoint.name, encounter
        if asked not in self.questions:
            study = self.enrolment.study
            self.questions[asked] = study.question(endpoint.question, encounter)
        return self.questions[asked]

    def under(self, values: Mapping[str, float]) -> Ready:
        """The same with these numbers of the disease model."""
        return replace(self, enrolment=replace(self.enrolment, values=values))


@dataclass(frozen=True)
class Chunk:
    """Some lived trials.

    Attributes:
        trials: Their numbers.
        steps: What was asked for so far, recorded steps or ``MISSING``, (n,).
    """

    ready: Ready
    trials: range
    enrolled: Enrolled
    lived: Lived
    steps: dict[Reference, Whole] = field(default_factory=dict)

    @property
    def study(self) -> Study:
        """The study that was lived."""
        return self.ready.enrolment.study

    @cached_property
    def cell(self) -> Whole:
        """Trial and arm of each participant as one number, (n,)."""
        trial = self.place(self.enrolled.people.trials)
        return np.asarray(trial * len(self.study.arms) + self.enrolled.arm)

    def place(self, trials: Whole) -> Whole:
        """Places of trials of these numbers among those that were lived."""
        return np.asarray((trials - self.trials.start) // self.trials.step)

    def by_arm(self, weights: Array | Flags | None = None) -> Array:
        """Sum over the participants of each trial and arm, or their number, (trials, arms)."""
        shape = len(self.trials), len(self.study.arms)
        numbers = weights if weights is None else weights.astype(np.float64)
        total = np.bincount(self.cell, numbers, minlength=shape[0] * shape[1])
        return total.astype(np.float64).reshape(shape)

    def recorded(self, reference: Reference) -> Whole:
        """What is recorded of an item at an encounter, whole steps or ``MISSING``, (n,)."""
        if reference not in self.steps:
            self.steps[reference] = self._look(reference)
        return self.steps[reference]

    def _look(self, reference: Reference) -> Whole:
        item, encounter = self.study.items[reference.item], reference.encounter
        if encounter == self.study.protocol.screening:
            found = self.enrolled.screened.values.get(reference)
            return self._nothing if found is None else found[self.enrolled.chosen]
        if encounter not in self.study.collected[item.name]:
            return self._nothing
        if item.derived is not None:
            quantity = self.study.derivations[reference]
            return self._each(quantity.count, quantity.needs)
        if item.name not in self.lived.values:
            return self._nothing
        column = self.lived.values[item.name][:, list(self.study.encounters).index(encounter)]
        known = np.where(np.isnan(column), 0, column).astype(np.int64)
        return np.where(np.isnan(column), MISSING, known)

    @cached_property
    def _nothing(self) -> Whole:
        return np.full(self.cell.size, MISSING)

    def _each(self, function: Callable[..., int], needs: tuple[Reference, ...]) -> Whole:
        values = {need: self.recorded(need) for need in needs}
        return each(function, needs, values, self.cell.size, many=self.ready.enrolment.many)

    @cached_property
    def _given(self) -> Flags:
        """Whether each planned dose was given, (n, doses)."""
        dosing, encounters = self.study.protocol.dosing, list(self.study.encounters)
        places = [encounters.index(name) for name in dosing.encounters]
        return self.lived.done[:, places] & ~np.isnan(self.enrolled.people.doses)

    def members(self, population: str) -> Flags:
        """Who belongs to a population of the plan, (n,)."""
        rules: dict[Membership, Flags] = {
            "randomised": np.ones(self.cell.size, dtype=np.bool_),
            "first dose": np.asarray(self._given.any(axis=1)),
            "all doses": np.asarray(self._given.all(axis=1)),
            "completed": np.isinf(self.lived.left),
        }
        plan = self.study.planned()
        who = next(one.who for one in plan.populations if one.name == population)
        return np.asarray(np.logical_and.reduce([rules[rule] for rule in who]))

    def answers(self, endpoint: BinaryEndpoint, encounter: str) -> Whole:
        """The answer of each participant: yes, unknown or no, (n,)."""
        question = self.ready.question(endpoint, encounter)
        answer = self._each(question.answer, question.needs)
        place, visit = (
            list(self.study.encounters).index(encounter),
            self.study.encounters[encounter],
        )
        seen_until = np.where(self.lived.done[:, place], visit.day, visit.day + visit.window[1])
        reasons = [number for number, word in REASONS.items() if word in endpoint.failures]
        failed = np.isin(self.lived.reason, reasons) & (self.lived.left <= seen_until)
        return np.where(failed, NO, answer)

    def values(self, endpoint: NumberEndpoint, encounter: str) -> Array:
        """The value of each participant, not a number where there is none, (n,)."""
        scale = 10.0 ** self.study.columns[endpoint.item].decimals
        now = self.recorded(Reference(endpoint.item, encounter))
        if endpoint.measure == "value":
            return np.where(now == MISSING, np.nan, now / scale)
        before = self.recorded(Reference(endpoint.item, self.study.protocol.baseline))
        seen = (now != MISSING) & (before != MISSING)
        change = np.where(seen, (now - before) / scale, np.nan)
        known = np.where(seen & (before != 0), before / scale, np.nan)
        measures: dict[Measure, Array] = {
            "change": change,
            "percent change": 100 * change / known,
            "percent reduction": 100 * (0 - change) / known,
        }
        return measures[endpoint.measure]

    def low_days(self) -> dict[Decimal, Array]:
        """Days with a home reading below each limit of the titration table, by limit, (n,).

        They count from day 0, one day once.
        """
        titration = self.study.protocol.titration
        limits = [one.below for one in titration.hypoglycaemia] if titration else []
        return dict(zip(limits, self.lived.lows.T, strict=False))  # a model may know no readings

    @cached_property
    def years(self) -> Array:
        """Time in the trial from day 0 on, years, (n,)."""
        last = max(encounter.day for encounter in self.study.encounters.values())
        return np.asarray(np.clip(self.lived.left, 0, last) / YEAR)

    def titrated(self) -> Array:
        """Mean daily dose of the titrated medicine over the trial, (n,).

        The doses recorded at the visits are joined by straight lines up to the last one recorded.
        """
        titration = self.study.protocol.titration
        if titration is None:
            return np.full(self.cell.size, np.nan)
        scale = 10.0 ** self.study.columns[titration.item].decimals
        area, days = np.zeros(self.cell.size), np.zeros(self.cell.size)
        last, since = np.full(self.cell.size, np.nan), np.zeros(self.cell.size)
        for name, encounter in self.study.encounters.items():
            steps = self.recorded(Reference(titration.item, name))
            seen = (steps != MISSING) & (encounter.day >= 0)
            dose, span = steps / scale, encounter.day - since
            joined = seen & ~np.isnan(last)
            area += np.where(joined, (last + dose) / 2 * span, 0.0)
            days += np.where(joined, span, 0.0)
            last, since = np.where(seen, dose, last), np.where(seen, encounter.day, since)
        return np.where(days > 0, area / np.maximum(days, 1.0), np.nan)


def live_trials(ready: Ready, trials: range, seed: int) -> Chunk:
    """Enrol and live these trials."""
    enrolled = ready.enrolment.enrol(trials, seed)
    lived = ready.enrolment.model.live(enrolled.people, key_of(seed), daily=False)
    return Chunk(ready, trials, enrolled, lived)
