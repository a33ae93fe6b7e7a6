"""The same virtual people in the same trials, lived again under other parameters.

Between two parameter sets only what the parameters do is different: common random numbers.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from equipoise.calibrate.lives import Lives
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Whole, key_of
from equipoise.simulate.enrolment import Enrolled, Enrolment
from equipoise.simulate.models import Lived, Model, People, build_model


@dataclass(frozen=True)
class Crowd:
    """The participants of some trials.

    Attributes:
        study: The study that they are enrolled by.
        trials: Numbers of the trials.
        seed: Names every random number.
    """

    study: Study
    trials: range
    seed: int

    @cached_property
    def _enrolment(self) -> Enrolment:
        return Enrolment(self.study)

    @cached_property
    def _enrolled(self) -> Enrolled:
        return self._enrolment.enrol(self.trials, self.seed)

    def live(self, study: Study | None = None) -> Lives:
        """Live the trials as ``study`` says, which differs from the crowd's in its numbers only.

        Where nothing changes at screening, nobody is screened again: the same people are randomised
        to the same arms, with the hidden traits that the new numbers give them.
        """
        wanted = study or self.study
        model = self._enrolment.model if study is None else build_model(wanted)
        enrolled = self._again(model)
        if enrolled is None:
            enrolled = Enrolment(wanted).enrol(self.trials, self.seed)
        return Lives(wanted, self.trials, enrolled, _lived(model, enrolled.people, self.seed))

    def _again(self, model: Model) -> Enrolled | None:
        """Who is randomised under another model; None if somebody looks different at screening."""
        before = self._enrolled
        if model is self._enrolment.model:
            return before
        screened, chosen = before.screened, before.chosen
        hidden, recorded = model.screen(screened.persons, screened.trials, key_of(self.seed))
        seen = {reference.item: steps for reference, steps in screened.values.items()}
        same = all((steps == seen.get(item, steps)).all() for item, steps in recorded.items())
        if not same or model.dose_missed != self._enrolment.model.dose_missed:
            return None
        return replace(before, people=before.people._replace(hidden=hidden[chosen]))


def _lived(model: Model, people: People, seed: int) -> Lived:
    """Live everybody's course, a share of them in each thread."""
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()

    def part(rows: Whole) -> Lived:
        hidden, persons, trials, doses, leaves = people
        chosen = People(hidden[rows], persons[rows], trials[rows], doses[rows], leaves[rows])
        return model.live(chosen, key_of(seed), daily=False)

    shares = np.array_split(np.arange(people.persons.size), threads or 1)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(part, shares))
    joined = {name: np.concatenate([p.values[name] for p in parts]) for name in parts[0].values}
    return Lived(
        joined,
        *(np.concatenate(column) for column in zip(*(part[1:] for part in parts), strict=True)),
    )
