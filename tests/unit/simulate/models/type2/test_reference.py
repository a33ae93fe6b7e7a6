"""The kernel against the same equations in plain NumPy, see ``reference.py``."""

import dataclasses
import runpy
from pathlib import Path

import numpy as np
import pytest

from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolment
from equipoise.simulate.models.type2.course import live
from equipoise.simulate.models.type2.person import DOSE
from equipoise.simulate.random import draw_normals, draw_uniforms

SEED = 11
plain = runpy.run_path(str(Path(__file__).with_name("reference.py")))


@pytest.fixture(scope="module", params=["reference", "drug, drift, run-in, insulin begins"])
def courses(reference, request):
    """The kernel's courses of the participants of four trials, and NumPy's."""
    enrolment = Enrolment(reference)
    people, model = enrolment.enrol(range(4), SEED).people, enrolment.model
    parameters, schedule = model.parameters, model.schedule
    if request.param != "reference":
        parameters = parameters._replace(
            drug_hba1c=0.7,
            drug_sd=0.3,
            drug_time=20.0,
            drift_sd=0.1,
            drift_time=60.0,
            diet_day=-7.0,
        )
        schedule = schedule._replace(start=(0, 20))
        changed = dataclasses.replace(model, parameters=parameters)
        hidden = changed.screen(people.persons, people.trials, key_of(SEED)).hidden
        hidden[::3, DOSE] = 0.0
        people = people._replace(hidden=hidden)
    asked = people, schedule, model.rules, key_of(SEED), parameters
    return live(*asked), plain["live"](*asked)


def test_random_numbers_are_those_of_the_kernel():
    persons, trials, key = np.arange(500), np.arange(500) % 7, key_of(2**63 + 5)
    words = plain["philox"](3, 40, persons, trials, key)

    uniforms = draw_uniforms(3, 40, persons, trials, key)
    np.testing.assert_array_equal(np.array([plain["uniform"](w) for w in words]).T, uniforms)
    pairs = *plain["normals"](words[0], words[1]), *plain["normals"](words[2], words[3])
    normals = draw_normals(3, 40, persons, trials, key)
    np.testing.assert_allclose(np.array(pairs).T, normals, atol=1e-7)


def test_everybody_stays_leaves_and_stops_insulin_alike(courses):
    kernel, numpy = courses

    np.testing.assert_array_equal(kernel.reason, numpy.reason)
    np.testing.assert_array_equal(kernel.left, numpy.left)
    np.testing.assert_array_equal(kernel.stopped, numpy.stopped)
    assert len(set(kernel.reason.tolist())) >= 3
    assert np.isfinite(kernel.stopped).any()


def test_visits_record_the_same_steps(courses):
    """A value between two steps may be rounded otherwise after 350 days: at most 1 in 1000."""
    kernel, numpy = courses
    seen = ~np.isnan(kernel.visits)

    np.testing.assert_array_equal(seen, ~np.isnan(numpy.visits))
    off = np.abs(kernel.visits[seen] - numpy.visits[seen])
    assert off.max() <= 1
    assert (off > 0).mean() < 1e-3
