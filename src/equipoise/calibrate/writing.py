"""Writing fitted values back to ``population.yaml``: everything else in the file stays as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import yaml

from equipoise.protocol.model import Text

KEPT: Final = frozenset({"value", "source"})


def rewritten(text: str, values: Mapping[str, float], source: Text) -> str:
    """The text of a population file with new values of these parameters, and where they come from.

    Comments, order, layout and every other character stay.

    >>> text = "parameters: {a: {value: 1, source: b}}  # c"
    >>> print(rewritten(text, {"a": 2.5}, Text(en="fit", zh="拟合")))
    parameters: {a: {value: 2.5, source: {en: "fit", zh: "拟合"}}}  # c
    """
    new = {"value": "", "source": _words(source)}
    edits = []
    for name, parameter in _members(_at(yaml.compose(text), "parameters")):
        if name not in values:
            continue
        new["value"] = f"{values[name]:.5g}"
        for key, node in _members(parameter):
            if key in KEPT:
                edits.append((node.start_mark.index, _end(node), new[key]))
    for start, end, piece in sorted(edits, reverse=True):
        text = text[:start] + piece + text[end:]
    return text


def _words(text: Text) -> str:
    """A text as the file has it: quoted, in braces where it is in two languages."""
    said = text.model_dump(exclude_none=True)
    quoted = {lang: json.dumps(words, ensure_ascii=False) for lang, words in said.items()}
    if not text.zh:
        return quoted["en"]
    return f"{{{', '.join(f'{lang}: {words}' for lang, words in quoted.items())}}}"


def _end(node: Any) -> int:  # noqa: ANN401  # PyYAML's nodes have no types
    """Where the last character of a node stands; a block's own mark is at what follows it."""
    block = isinstance(node, yaml.MappingNode) and not node.flow_style
    return _end(node.value[-1][1]) if block else int(node.end_mark.index)


def _members(mapping: Any) -> list[tuple[str, Any]]:  # noqa: ANN401  # PyYAML's nodes have no types
    return [(key.value, value) for key, value in mapping.value]


def _at(mapping: Any, name: str) -> Any:  # noqa: ANN401  # PyYAML's nodes have no types
    return dict(_members(mapping))[name]
