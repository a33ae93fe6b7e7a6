import numpy as np
from numba import njit

from equipoise.rules import counter
from equipoise.simulate import random
from equipoise.simulate.random import LEAVING, draw_normals, draw_uniforms, waits

KEY = (7, 9)


@njit
def words(use, day, person, trial, key):
    return random.draw(use, day, person, trial, key)


@njit
def extremes():
    return random.uniform(0), random.uniform(0xFFFFFFFF)


def names(n):
    return np.arange(n), np.full(n, 3)


def test_the_compiled_words_are_those_of_the_plain_function():
    for name in [(0, 0, 0, 0), (900, 351, 200, 12), (2**32 - 1,) * 4]:
        for key in [(0, 0), KEY, (2**32 - 1, 2**32 - 1)]:
            assert words(*name, key) == counter.philox(name, key)


def test_compiled_philox_passes_the_published_vectors():
    """Random123, kat_vectors, philox4x32 10 rounds."""
    ones = words(*(0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2)

    assert words(0, 0, 0, 0, (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert ones == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)


def test_a_uniform_number_is_never_0_or_1():
    low, high = extremes()

    assert 0 < low < 1e-9
    assert 1 - 1e-9 < high < 1


def test_normal_numbers_have_the_moments_of_the_normal_distribution():
    z = draw_normals(LEAVING, 0, *names(100_000), KEY)

    np.testing.assert_allclose(z.mean(axis=0), 0, atol=0.015)
    np.testing.assert_allclose(z.std(axis=0), 1, atol=0.01)
    np.testing.assert_allclose((z**4).mean(axis=0), 3, atol=0.1)
    np.testing.assert_allclose(np.corrcoef(z.T), np.eye(4), atol=0.015)
    assert np.abs(z).max() > 4


def test_waiting_times_have_mean_1():
    u = draw_uniforms(LEAVING, 0, *names(100_000), KEY)

    assert abs(waits(np.ascontiguousarray(u[:, 0])).mean() - 1) < 0.015


def test_a_draw_depends_on_its_name_alone():
    everybody = draw_uniforms(LEAVING, 0, *names(10), KEY)
    one = draw_uniforms(LEAVING, 0, np.array([4]), np.array([3]), KEY)

    assert (one[0] == everybody[4]).all()
    assert not (draw_uniforms(LEAVING, 1, *names(10), KEY) == everybody).any()
