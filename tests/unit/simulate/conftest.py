from typing import NamedTuple

import numpy as np
import pytest

from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolled, Enrolment
from equipoise.simulate.models import Lived, People
from equipoise.simulate.models.type2.model import Type2
from equipoise.simulate.trial import simulate_trial

SEED = 7


class Crowd(NamedTuple):
    """Participants of three trials, and a way to live their course in one arm."""

    model: Type2
    people: People

    def live(self, amount: float, *, daily: bool = False, rows: slice = slice(None)) -> Lived:
        people = People(*(column[rows] for column in self.people))
        doses = np.full_like(people.doses, amount)
        return self.model.live(people._replace(doses=doses), key_of(SEED), daily=daily)


@pytest.fixture(scope="session")
def enrolment(reference) -> Enrolment:
    return Enrolment(reference)


@pytest.fixture(scope="session")
def enrolled(enrolment) -> Enrolled:
    return enrolment.enrol(range(3), SEED)


@pytest.fixture(scope="session")
def crowd(enrolment, enrolled) -> Crowd:
    return Crowd(enrolment.model, enrolled.people)


@pytest.fixture(scope="session")
def records(reference):
    return simulate_trial(reference, seed=SEED)
