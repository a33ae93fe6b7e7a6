"""Commands by name, from text or JSON: how a command line or another program gives one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules
from typing import Any, Final, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from equipoise.conduct import commands
from equipoise.conduct.canonical import PartialDate
from equipoise.conduct.commands.command import Command
from equipoise.conduct.roles import Role
from equipoise.errors import ConductError, nearest

_KINDS: Final[Mapping[object, str]] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    PartialDate: "a date, 2015-10-08",
    Role: f"one of {', '.join(Role)}",
}
_TABLE: Final = 'give NAME.PART=VALUE for each part, or JSON such as {"SBP": "150"}'
_WRONG: Final[Mapping[str, str]] = {  # kinds of pydantic's errors
    "missing": "it is missing",
    "missing_argument": "it is missing",
    "extra_forbidden": "there is no such part",
    "string_type": "give text",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_from_float": "give a whole number",
    "bool_type": "give true or false",
    "bool_parsing": "give true or false",
    "dict_type": _TABLE,
    "mapping_type": _TABLE,
    "named_tuple_type": _TABLE,
    "tuple_type": 'give a list, ["A", "B"]',
}
_THERE: Final = ("missing", "missing_argument", "extra_forbidden")  # errors of no value


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
        raise ConductError(_wrong(error.errors()[0])) from error


def described(name: str) -> Iterator[tuple[str, str]]:
    """The parts of a command with what each is; those of a part as ``account.term``.

    Raises:
        ConductError: There is no such command.

    >>> dict(described("randomise"))
    {'participant': 'text'}
    """
    needed = parts(name)
    for part, words in _described(_kind(name)):
        yield part, words if needed.get(part, True) else f"{words} (may be left out)"


def _described(kind: type) -> Iterator[tuple[str, str]]:
    """The fields of a command or of a part, with their kind and what the docstring says of them."""
    hints, said = get_type_hints(kind), _attributes(kind)
    own = [field.name for field in fields(kind)] if issubclass(kind, Command) else kind._fields  # type: ignore[attr-defined]  # a NamedTuple
    for name in own:
        table = hints[name]
        if hasattr(table, "_fields") and name not in said:
            yield from ((f"{name}.{part}", words) for part, words in _described(table))
            continue
        yield name, f"{_words(table)}. {said[name]}" if name in said else _words(table)


def _words(kind: Any) -> str:  # noqa: ANN401  # any annotation
    if kind in _KINDS:
        return _KINDS[kind]
    if type(None) in get_args(kind):
        (known,) = (one for one in get_args(kind) if one is not type(None))
        return f"{_words(known)}, or null"
    if get_origin(kind) is tuple:
        return 'a list, ["A", "B"]'
    return "NAME.PART=VALUE for each part"


def _attributes(kind: type) -> dict[str, str]:
    _, _, listed = (getdoc(kind) or "").partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", listed, re.MULTILINE)
    plain = {name: re.sub(r"\s+", " ", text).replace("``", "") for name, text in found}
    return {name: re.sub(r"\bNone\b", "null", text) for name, text in plain.items()}


def _wrong(first: ErrorDetails) -> str:
    """What is wrong with a part, in words that say what to give."""
    where, given = ".".join(map(str, first["loc"])), first["input"]
    if first["type"] == "enum":
        words = f"it is one of {first['ctx']['expected']}"
    else:
        words = _WRONG.get(first["type"], first["msg"])
    told = where if first["type"] in _THERE else f"{where} is {given!r:.60}"
    return f"{told}: {words}"


def _kind(name: str) -> type[Command]:
    if name not in known():
        raise ConductError(f"there is no command {name[:40]!r}.{nearest(name[:40], known())}")
    return known()[name]
