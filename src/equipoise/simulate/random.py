"""Random numbers of the virtual participants: a draw is named by use, day, participant and trial.

The words come from ``equipoise.rules.counter.philox``, the same lines as everywhere, compiled.

Source: Box, Muller: Ann Math Stat 1958;29:610 for the normal numbers.
"""

from __future__ import annotations

import math

from equipoise.rules import counter
from equipoise.simulate.arrays import Key
from equipoise.simulate.compiled import compiled, inlined
from equipoise.simulate.elementary import from_bits, log, sine_cosine

LANES = 64

# What a draw is for: the first word of the counter. One number is used for one purpose only.
DAY, MEALS, METER, MISSED, CONTACT, VISIT, PERSON, YES_NO, INFUSION, LEAVING = range(0, 1000, 100)

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
