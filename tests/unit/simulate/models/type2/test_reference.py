"""The kernel against the same equations in plain NumPy, see ``reference.py``."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from equipoise.simulate.arrays import key_of
from equipoise.simulate.enrolment import Enrolment
from equipoise.simulate.models.type2.course import live
from equipoise.simulate.random import draw_normals, draw_uniforms

SEED = 11
plain = runpy.run_path(str(Path(__file__).with_name("reference.py")))


@pytest.fixture(scope="module")
def courses(reference):
    """The kernel's courses of the participants of four trials, and NumPy's."""
    enrolment = Enrolment(reference)
    people, model = enrolment.enrol(range(4), SEED).people, enrolment.model
    asked = people, model.schedule, model.rules, key_of(SEED), model.parameters
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
