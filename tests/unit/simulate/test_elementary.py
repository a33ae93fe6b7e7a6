import math

import numpy as np
from numba import njit

from equipoise.simulate import elementary


@njit
def of_each(x):
    made = np.empty((x.size, 2))
    for i in range(x.size):
        made[i, 0], made[i, 1] = elementary.log(x[i]), elementary.exp(np.log(x[i]))
    return made


@njit
def turns(angles):
    made = np.empty((4, angles.size, 2))
    for quarter in range(4):
        for i in range(angles.size):
            made[quarter, i] = elementary.sine_cosine(quarter, angles[i])
    return made


def test_logarithm_and_exponential_agree_with_the_library_to_eight_digits():
    x = np.concatenate([np.geomspace(1e-12, 1e12, 4001), [1.0, math.sqrt(2), 2.0**-33]])

    made = of_each(x)

    np.testing.assert_allclose(made[:, 0], np.log(x), rtol=0, atol=1e-9)
    np.testing.assert_allclose(made[:, 1], x, rtol=2e-8)


def test_sine_and_cosine_agree_with_the_library_to_eight_digits():
    angles = np.linspace(-math.pi / 4, math.pi / 4, 501)

    made = turns(angles)

    for quarter in range(4):
        whole = angles + quarter * math.pi / 2
        np.testing.assert_allclose(made[quarter, :, 0], np.sin(whole), atol=1e-8)
        np.testing.assert_allclose(made[quarter, :, 1], np.cos(whole), atol=1e-8)
