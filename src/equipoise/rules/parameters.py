"""Parameters of a method as the protocol gives them, checked by name, ready to be compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from inspect import Parameter, signature
from typing import Any

from equipoise.errors import RuleError, nearest


def named(method: str, check: Callable[..., None], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters, once their names are those that the method's ``check`` asks for.

    Raises:
        RuleError: A parameter is missing, or the method has none of that name.
    """
    known = {
        name: parameter
        for name, parameter in signature(check).parameters.items()
        if parameter.kind == Parameter.KEYWORD_ONLY
    }
    for name in parameters:
        if name not in known:
            raise RuleError(
                f"{method} has no parameter {name}; it has {', '.join(known) or 'none'}."
                + nearest(name, known)
            )
    for name, parameter in known.items():
        if name not in parameters and parameter.default is Parameter.empty:
            raise RuleError(f"{method} needs the parameter {name}; give it in the protocol")
    return {name: _plain(value) for name, value in parameters.items()}


def _plain(value: object) -> object:
    """The value as compiled code takes it: tuples for lists, floats for decimals."""
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(value, Decimal) else value


def whole(name: str, value: object, *, least: int) -> None:
    """Refuse what is not a whole number of at least ``least``.

    Raises:
        RuleError: The value is of another kind, or too small.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise RuleError(f"{name} is {value!r}; give a whole number of at least {least}")
