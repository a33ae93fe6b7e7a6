"""Simple randomisation: each participant's arm is drawn afresh, as by a coin or a die.

Unpredictable, but small trials may end up unbalanced.

Source: ICH E9, 1998, section 2.3.2.
"""

from __future__ import annotations

from equipoise.rules.allocation.draws import Stream, choose, draw


def check(ratio: tuple[int, ...]) -> None:
    """Any ratio will do."""


def allocate(length: int, ratio: tuple[int, ...], stream: Stream) -> list[int]:
    """The arm at each position of the list.

    Args:
        length: Positions to fill.
        ratio: Share of each arm, e.g. ``(2, 1)``.
        stream: Names the list.
    """
    return [choose(ratio, draw(stream, position)[0]) for position in range(length)]
