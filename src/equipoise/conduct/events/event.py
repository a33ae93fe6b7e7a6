"""What every event is, and the chains that keep what different people may read."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

import msgspec

Chain = Literal["main", "vault", "personal"]
CHAINS: Final[tuple[Chain, ...]] = ("main", "vault", "personal")


class Event(msgspec.Struct, frozen=True):
    """Something that happened; the envelope (``entry``) says when, to whom and by whom."""

    CHAIN: ClassVar[Chain] = "main"
    VERSION: ClassVar[int] = 1
    RECORDS: ClassVar[bool] = False  # whether freezing the records forbids it
