"""The simulated trials that predictions are made of, lived once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from equipoise.calibrate.crowd import Crowd
from equipoise.calibrate.lives import Lives
from equipoise.protocol.whole import Study
from equipoise.simulate.arrays import Array, key_of
from equipoise.simulate.models import numbers
from equipoise.simulate.models.type2.model import Type2
from equipoise.simulate.models.type2.parameters import Parameters

FEW = 20  # trials of which every home reading is kept


class Prediction(NamedTuple):
    """What was measured elsewhere, and what the model says."""

    what: str
    measured: str
    source: str
    predicted: str
    note: str


@dataclass(frozen=True)
class World:
    """The study and its simulated trials, lived once for all predictions."""

    study: Study
    trials: int
    seed: int

    @cached_property
    def parameters(self) -> Parameters:
        """Of the population."""
        return Parameters(**numbers(self.study))

    @cached_property
    def crowd(self) -> Crowd:
        """Who takes part."""
        return Crowd(self.study, range(self.trials), self.seed)

    @cached_property
    def lives(self) -> Lives:
        """The trials as planned."""
        return self.crowd.live()

    @cached_property
    def readings(self) -> Array:
        """Home readings of the first trials, mmol/L, (n, days, 5)."""
        return home_readings(self.study, self.trials, self.seed)

    def group(self, values: Array, arm: int) -> Array:
        """The values of one arm that are known."""
        chosen: Array = values[(self.lives.arm == arm) & ~np.isnan(values)]
        return chosen

    @property
    def placebo(self) -> int:
        """Place of the placebo arm."""
        return [arm.role for arm in self.study.arms.values()].index("placebo")

    @property
    def experimental(self) -> int:
        """Place of the experimental arm."""
        return [arm.role for arm in self.study.arms.values()].index("experimental")


def home_readings(study: Study, trials: int, seed: int) -> Array:
    """Home readings of the first trials, mmol/L, (n, days, 5); not a number when missed."""
    crowd = Crowd(study, range(min(trials, FEW)), seed)
    model = Type2.of(study)
    people = crowd.live().enrolled.people
    return model.live(people, key_of(seed), daily=True).glucose / 10.0
