"""A key split in three, of which any two give it back and one tells nothing.

Source: Shamir, How to share a secret, Communications of the ACM, 1979: a straight line through the
secret, over the whole numbers modulo a prime; each share is a point of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from secrets import randbelow
from typing import Final

from equipoise.errors import SealError

PRIME: Final = 2**521 - 1  # a Mersenne prime, larger than any key of 64 bytes
SECRET: Final = 32  # bytes


def split(secret: bytes, *, below: Callable[[int], int] = randbelow) -> tuple[str, str, str]:
    """Three shares, each a line of text that can be printed: number, point, check sum.

    Args:
        secret: 32 bytes.
        below: Gives a random whole number from 0 to below its argument.

    Raises:
        SealError: The secret has another length.
    """
    if len(secret) != SECRET:
        raise SealError(f"the key has {len(secret)} bytes, not {SECRET}")
    slope, start = below(PRIME), int.from_bytes(secret)
    one, two, three = (_text(x, (start + slope * x) % PRIME) for x in (1, 2, 3))
    return one, two, three


def join(one: str, other: str) -> bytes:
    """The secret from two shares.

    Raises:
        SealError: A share was mistyped, both are the same, or they are not of one secret.
    """
    (x1, y1), (x2, y2) = _point(one), _point(other)
    if x1 == x2:
        raise SealError("these are the same share; two different ones are needed")
    start = (y1 * x2 - y2 * x1) * pow(x2 - x1, -1, PRIME) % PRIME
    if start >> (8 * SECRET):
        raise SealError("these two shares are not of one key")
    return start.to_bytes(SECRET)


def _text(x: int, y: int) -> str:
    point = f"{x}-{y:0131x}"
    return f"{point}-{_check(point)}"


def _point(share: str) -> tuple[int, int]:
    point, _, check = share.strip().rpartition("-")
    if check != _check(point):
        raise SealError("a share is mistyped: its check sum is wrong")
    x, _, y = point.partition("-")
    return int(x), int(y, 16)


def _check(point: str) -> str:
    return sha256(f"equipoise share {point}".encode()).hexdigest()[:8]
