"""A part of a participant's state."""

from __future__ import annotations

from typing import Self

from equipoise.conduct.entry import Entry


class Part:
    """What one area of the work knows of a participant; a frozen dataclass, empty by default."""

    __slots__ = ()

    def after(self, entry: Entry) -> Self:
        """This part, once the entry is known too."""
        raise NotImplementedError
