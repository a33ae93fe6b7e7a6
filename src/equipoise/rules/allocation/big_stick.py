"""Big stick: a fair coin, until one of the two arms is ahead by the limit; then the other arm.

Less predictable than blocks at the same limit of imbalance.

Source: Soares JF, Wu CF. Some restricted randomization rules in sequential designs.
Commun Stat Theory Methods 1983;12:2017-34.
"""

from __future__ import annotations

from equipoise.errors import RuleError
from equipoise.rules.allocation.draws import Stream, draw
from equipoise.rules.counter import below
from equipoise.rules.parameters import whole


def check(ratio: tuple[int, ...], *, limit: int) -> None:
    """Refuse anything but two equal arms and a limit of at least 1.

    Raises:
        RuleError: The ratio is not 1:1, or the limit is no positive whole number.
    """
    if ratio != (1, 1):
        raise RuleError(
            f"big-stick allocates two arms 1:1, not {':'.join(map(str, ratio))}; "
            f"use permuted-blocks for another ratio"
        )
    whole("limit", limit, least=1)


def allocate(length: int, ratio: tuple[int, ...], stream: Stream, limit: int) -> list[int]:
    """The arm at each position of the list.

    Args:
        length: Positions to fill.
        ratio: Share of each arm, ``(1, 1)``.
        stream: Names the list.
        limit: Largest difference allowed between the sizes of the two arms; participants.
    """
    arms: list[int] = []
    ahead = 0  # by how many participants the first arm is larger than the second
    for position in range(length):
        if ahead == limit:
            arm = 1
        elif ahead == -limit:
            arm = 0
        else:
            arm = below(len(ratio), draw(stream, position)[0])
        ahead += 1 if arm == 0 else -1
        arms.append(arm)
    return arms
