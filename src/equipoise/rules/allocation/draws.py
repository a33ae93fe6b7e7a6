"""The random words of an allocation list, each a function of seed, trial, stratum and position.

So a list is the same on any machine, whatever else was drawn before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from equipoise.rules.counter import Words, below, philox

ALLOCATION: Final = 0xA110CA7E
"""The use of these draws: the first word of their counter, shared with no other use of the seed."""


class Stream(NamedTuple):
    """Names one allocation list."""

    seed: tuple[int, int]  # two 32-bit words
    trial: int  # 0 for the real trial; simulated trials count on
    stratum: int  # from 0


def draw(stream: Stream, position: int) -> Words:
    """Four random 32-bit words for one position, from 0, of a list."""
    return philox((ALLOCATION, position, stream.stratum, stream.trial), stream.seed)


def choose(lots: Sequence[int], word: int) -> int:
    """An arm, drawn in proportion to the lots of each: a ratio, or what is left of a block.

    >>> [choose((2, 1), word) for word in (0, 2**31, 2**32 - 1)]
    [0, 0, 1]
    """
    ticket = below(sum(lots), word)
    arm = 0
    while ticket >= lots[arm]:
        ticket -= lots[arm]
        arm += 1
    return arm
