"""The kinds of arrays and keys that the compiled parts hand to each other."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Key: TypeAlias = tuple[int, int]  # the seed, two 32-bit words


def key_of(seed: int) -> Key:
    """The two words of a seed of up to 64 bits.

    >>> key_of(7)
    (7, 0)
    """
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
