"""Random numbers that are a function of where they are used, not of when.

``philox`` turns a counter (what is drawn: use, day, participant, trial) and a key (the seed) into
four random words. The same counter gives the same words on any machine, on one core or many, in any
order of work.

Source: Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011
(Philox4x32-10).
"""

from __future__ import annotations

Words = tuple[int, int, int, int]

_MASK = 0xFFFFFFFF


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Ten rounds of Philox4x32.

    Args:
        counter: Four 32-bit words that name the draw.
        key: Two 32-bit words, the seed.

    Returns:
        Four independent 32-bit words, uniform over 0 to 2**32 - 1.

    >>> [f"{word:08x}" for word in philox((0, 0, 0, 0), (0, 0))]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            ((p1 >> 32) & _MASK) ^ c1 ^ k0,
            p1 & _MASK,
            ((p0 >> 32) & _MASK) ^ c3 ^ k1,
            p0 & _MASK,
        )
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


def below(n: int, word: int) -> int:
    """A whole number from 0 to ``n - 1`` from a 32-bit word; its bias is below n / 2**32."""
    return (word * n) >> 32
