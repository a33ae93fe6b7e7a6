"""A problem of a study: the file, the place in it, and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from equipoise.errors import nearest
from equipoise.protocol.tree import Place

Problem = tuple[str, Place, str]


def among(
    file: str, place: Place, names: Iterable[str], known: Collection[str], what: str
) -> Iterator[Problem]:
    """A problem for each of ``names`` that is not known."""
    for name in names:
        if name not in known:
            yield file, place, f"there is no {what} {name}.{nearest(name, known)}"
