"""Random numbers of the virtual participants: a draw is named by use, day, participant and trial.

The words come from ``equipoise.rules.counter.philox``, the same lines as everywhere, compiled.

Source: Box, Muller: Ann Math Stat 1958;29:610 for the normal numbers.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.rules import counter
from equipoise.simulate.arrays import Array, Key, Whole
from equipoise.simulate.compiled import compiled, inlined, unlocked
from equipoise.simulate.elementary import from_bits, log, sine_cosine

LANES = 64

# What a draw is for: the first word of the counter. One number is used for one purpose only.
DAY, MEALS, METER, MISSED, CONTACT, VISIT, PERSON, YES_NO, INFUSION = range(0, 900, 100)
LEAVING, EVENTS, ARRIVAL, COURSE = range(900, 1300, 100)

philox = inlined(counter.philox)


@inlined
def draw(use: int, day: int, person: int, trial: int, key: Key) -> counter.Words:
    """The four words of this name."""
    return philox((use, day, person, trial), key)


@inlined
def uniform(word: int) -> float:
    """A number above 0 and below 1 from a 32-bit word."""
    return from_bits((word << 20) | 0x3FF0000000080000) - 1.0


@inlined
def normals(first: int, second: int) -> tuple[float, float]:
    """Two independent standard normal numbers from two 32-bit words."""
    radius = math.sqrt(-2.0 * log(uniform(first)))
    angle = (uniform((second << 2) & 0xFFFFFFFF) - 0.5) * (math.pi / 2)
    sine, cosine = sine_cosine(second >> 30, angle)
    return radius * cosine, radius * sine


@compiled
def four_normals(
    use: int, day: int, person: int, trial: int, key: Key
) -> tuple[float, float, float, float]:
    """Four independent standard normal numbers of this name."""
    words = draw(use, day, person, trial, key)
    a, b = normals(words[0], words[1])
    c, d = normals(words[2], words[3])
    return a, b, c, d


@unlocked
def draw_uniforms(use: int, day: int, persons: Whole, trials: Whole, key: Key) -> Array:
    """Four numbers above 0 and below 1 for each person, (n, 4)."""
    drawn = np.empty((persons.size, 4))
    for i in range(persons.size):
        words = draw(use, day, persons[i], trials[i], key)
        for k in range(4):
            drawn[i, k] = uniform(words[k])
    return drawn


@unlocked
def draw_normals(use: int, day: int, persons: Whole, trials: Whole, key: Key) -> Array:
    """Four standard normal numbers for each person, (n, 4)."""
    drawn = np.empty((persons.size, 4))
    for i in range(persons.size):
        a, b, c, d = four_normals(use, day, persons[i], trials[i], key)
        drawn[i, 0], drawn[i, 1], drawn[i, 2], drawn[i, 3] = a, b, c, d
    return drawn


@unlocked
def waits(uniforms: Array) -> Array:
    """Waiting times with mean 1 from uniform numbers, (n,)."""
    drawn = np.empty(uniforms.size)
    for i in range(uniforms.size):
        drawn[i] = -log(uniforms[i])
    return drawn
