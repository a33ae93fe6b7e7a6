"""Writing fitted values back to ``population.yaml``: everything else in the file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import yaml

KEPT: Final = frozenset({"value", "source"})


def rewritten(text: str, values: Mapping[str, float], source: str) -> str:
    """The text of a population file with new values of these parameters, and where they come from.

    Comments, order, layout and every other character stay.

    >>> print(rewritten("parameters: {a: {value: 1, source: b}}  # c", {"a": 2.5}, "fit"))
    parameters: {a: {value: 2.5, source: "fit"}}  # c
    """
    new = {"value": "", "source": json.dumps(source, ensure_ascii=False)}
    edits = []
    for name, parameter in _members(_at(yaml.compose(text), "parameters")):
        if name not in values:
            continue
        new["value"] = f"{values[name]:.5g}"
        for key, scalar in _members(parameter):
            if key in KEPT:
                edits.append((scalar.start_mark.index, scalar.end_mark.index, new[key]))
    for start, end, piece in sorted(edits, reverse=True):
        text = text[:start] + piece + text[end:]
    return text


def _members(mapping: Any) -> list[tuple[str, Any]]:  # noqa: ANN401  # PyYAML's nodes have no types
    return [(key.value, value) for key, value in mapping.value]


def _at(mapping: Any, name: str) -> Any:  # noqa: ANN401  # PyYAML's nodes have no types
    return dict(_members(mapping))[name]
