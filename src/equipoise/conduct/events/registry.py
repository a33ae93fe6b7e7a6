"""Every event that a log can hold, and how its body is written and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, get_type_hints

from equipoise.conduct import events
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.events.event import Event
from equipoise.errors import LogError

EVENTS: Final[Mapping[tuple[str, int], type[Event]]] = {
    (name.removesuffix(f"V{kind.VERSION}"), kind.VERSION): kind
    for area in iter_modules(events.__path__)
    if area.name != "registry"
    for name, kind in vars(import_module(f"{events.__name__}.{area.name}")).items()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
"""Every event class by type and version: what a log can hold."""

_READ: Final[Mapping[Any, Callable[[Any], Any]]] = {
    PartialDate: PartialDate.parse,
    PartialDate | None: lambda text: None if text is None else PartialDate.parse(text),
    tuple[int, ...]: tuple,
    tuple[str, ...]: tuple,
    tuple[tuple[str, str, str], ...]: lambda rows: tuple(tuple(row) for row in rows),
}
_READERS: Final[Mapping[type[Event], list[tuple[str, Callable[[Any], Any]]]]] = {
    kind: [
        (name, _READ[of])
        for name, of in get_type_hints(kind).items()
        if name in kind.__struct_fields__ and of in _READ
    ]
    for kind in EVENTS.values()
}


def body(event: Event) -> dict[str, object]:
    """What the event says, by name, as ``canonical`` can write it."""
    return {name: getattr(event, name) for name in event.__struct_fields__}


def event(kind: str, version: int, said: dict[str, Any]) -> Event:
    """The event that was written down; ``said`` is used up.

    Raises:
        LogError: This version of Equipoise knows no such event, or it does not have these parts.
    """
    of = EVENTS.get((kind, version))
    if of is None:
        raise LogError(f"the log holds {kind} version {version}; read it with a newer Equipoise")
    try:
        for name, read in _READERS[of]:
            said[name] = read(said[name])
        return of(**said)
    except (KeyError, TypeError) as error:
        names = ", ".join(of.__struct_fields__) or "nothing"
        raise LogError(f"{kind} has {names}; found {', '.join(said)}") from error
