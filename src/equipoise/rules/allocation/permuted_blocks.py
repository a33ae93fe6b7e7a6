"""Permuted blocks: within each block the arms are in the ratio exactly, in random order.

The size of each block is drawn at random too, so that the last arms of a block cannot be foreseen.
The arms of a block are drawn like lots, without putting back: every order is equally likely.

Source: ICH E9, 1998, section 2.3.2.
"""

from __future__ import annotations

from equipoise.errors import RuleError
from equipoise.rules.allocation.draws import Stream, choose, draw
from equipoise.rules.counter import below
from equipoise.rules.parameters import whole


def check(ratio: tuple[int, ...], *, sizes: tuple[int, ...]) -> None:
    """Refuse block sizes in which the arms cannot be in the ratio.

    Raises:
        RuleError: There is no size, or one is not a multiple of the ratio's sum.
    """
    if not isinstance(sizes, tuple) or not sizes:
        raise RuleError(f"sizes is {sizes!r}; list at least one block size, e.g. [4, 6]")
    for size in sizes:
        whole("a block size", size, least=1)
        if size % sum(ratio):
            raise RuleError(
                f"a block of {size} cannot hold the arms in the ratio {':'.join(map(str, ratio))}; "
                f"give a multiple of {sum(ratio)}"
            )


def allocate(
    length: int, ratio: tuple[int, ...], stream: Stream, sizes: tuple[int, ...]
) -> list[int]:
    """The arm at each position of the list; the last block may be cut short.

    Args:
        length: Positions to fill.
        ratio: Share of each arm, e.g. ``(2, 1)``.
        stream: Names the list.
        sizes: Block sizes, each equally likely for every block.
    """
    arms: list[int] = []
    start = 0
    while start < length:
        size = sizes[below(len(sizes), draw(stream, start)[1])]
        left = [size // sum(ratio) * share for share in ratio]  # of each arm in the block
        for position in range(start, start + size):
            arm = choose(left, draw(stream, position)[0])
            left[arm] -= 1
            arms.append(arm)
        start += size
    return arms[:length]
