"""Commands by name, from text or JSON: how a command line or another program gives one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pydantic import TypeAdapter, ValidationError

from equipoise.conduct import commands
from equipoise.conduct.commands.command import Command
from equipoise.errors import ConductError, nearest


@cache
def known() -> Mapping[str, type[Command]]:
    """Every command by its name."""
    modules = [
        import_module(f"{commands.__name__}.{module.name}")
        for module in iter_modules(commands.__path__)
    ]
    return {
        kind.NAME: kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
    }


def parts(name: str) -> dict[str, bool]:
    """What a command is made of, by name: whether it must be given.

    Raises:
        ConductError: There is no such command.
    """
    return {
        own.name: own.default is MISSING and own.default_factory is MISSING
        for own in fields(_kind(name))
    }


def asked(name: str, said: Mapping[str, object]) -> Command:
    """The command of a name.

    Args:
        name: E.g. ``"randomise"``.
        said: Each part as text or as JSON holds it: a date as ``2015-10-08``, a table as an object.

    Raises:
        ConductError: There is no such command, a part is missing, unknown or cannot be read.

    >>> asked("randomise", {"participant": "S1-001"})
    Randomise(participant='S1-001')
    """
    kind, demanded = _kind(name), parts(name)
    missing = [part for part, needed in demanded.items() if needed and part not in said]
    unknown = [part for part in said if part not in demanded]
    if missing or unknown:
        wrong = f"{unknown[0]!r:.40} is no part of it" if unknown else f"{missing[0]} is missing"
        raise ConductError(f"{name} takes {', '.join(demanded) or 'nothing'}; {wrong}")
    try:
        return TypeAdapter(kind).validate_python(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConductError(
            f"{where} is {first['input']!r:.60}, which it cannot be: {first['msg']}"
        ) from error


def _kind(name: str) -> type[Command]:
    if name not in known():
        raise ConductError(f"there is no command {name[:40]!r}.{nearest(name[:40], known())}")
    return known()[name]
