"""The directive ``study-file``: every key of a study file, from the schema that editors use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from docutils import nodes
from pydantic import BaseModel
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from equipoise.protocol.load import TEMPLATE, load_study
from equipoise.protocol.model import Name
from equipoise.protocol.schema import json_schema

Schema = dict[str, Any]
NAME_PATTERN: Final = Name.__metadata__[0].metadata[0].pattern
LONGEST_EXAMPLE: Final = 60
TYPES: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true` or `false`",
}
SHARED: Final = {"Text": "words", "Claim": "sourced-values", "Sourced": "sourced-values"}
INDEX: Final = "/reference/study-files/index.md"


class StudyFile(SphinxDirective):
    """Tables of the keys of one kind of study file and of every part in it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the generated Markdown where the directive stands."""
        self.env.note_reread()  # the code may have changed, whatever the page's date
        markdown = study_file(self.arguments[0])
        return list(self.parse_text_to_nodes(markdown, allow_section_headings=True))


def study_file(name: str) -> str:
    """Markdown that describes a kind of study file: the whole, then its parts."""
    schema = json_schema(name)
    sections = [f"## The whole file\n\n{_keys(schema, name)}"]
    for key in _parts(schema["properties"], schema["$defs"], []):
        heading = f"({_label(name, key)})=\n## {_shown(key)}"
        part = schema["$defs"][key]
        sections.append(f"{heading}\n\n{_sentences(part)}\n\n{_keys(part, name)}")
    return "\n\n".join(sections)


def _parts(value: object, definitions: Schema, seen: list[str]) -> list[str]:
    """Names of the parts in the order in which a reader of the file meets them."""
    if isinstance(value, dict):
        key = value.get("$ref", "").rsplit("/", 1)[-1]
        if key and key not in seen and _own(key):
            seen.append(key)
            _parts(definitions[key], definitions, seen)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            _parts(inner, definitions, seen)
    return seen


def _own(key: str) -> bool:
    """Whether a part is described with its file, and not once for all files."""
    return key.split("_", maxsplit=1)[0] not in SHARED


def _label(file: str, key: str) -> str:
    return f"{file}-{key.lower()}"


def _shown(key: str) -> str:
    """A model's name as words: ``ReleaseTest`` is a release test."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in key)
    return words.strip().capitalize()


def _sentences(part: Schema) -> str:
    return "\n".join(line.strip() for line in part.get("description", "").splitlines())


def _keys(part: Schema, file: str) -> str:
    rows = ["| Key | Value | Needed | Meaning, example |", "|---|---|---|---|"]
    for key, value in part["properties"].items():
        needed = "yes" if key in part.get("required", ()) else _default(value)
        meaning = [value["description"]] if _says_more(value) else []
        example = examples().get((part["title"], key))
        meaning += [f"`{example}`"] if example and _is_open(value) else []
        rows.append(f"| `{key}` | {kind(value, file)} | {needed} | {' '.join(meaning)} |")
    return "\n".join(rows)


def _says_more(value: Schema) -> bool:
    """Whether a key's description says more than its kind of value does."""
    known = ("A short name.", "A key of `sources`")
    return not value.get("description", known[0]).startswith(known)


def _is_open(value: Schema) -> bool:
    """Whether an example tells more than the list of what can be written."""
    return "const" not in value and "enum" not in value


@cache
def examples() -> dict[tuple[str, str], str]:
    """For each part and key, what the shipped studies write there first, where it is short."""
    found: dict[tuple[str, str], str] = {}
    for study in (load_study(TEMPLATE), load_study("nct02302599")):
        wholes = (study.protocol, study.population, study.plan, study.published)
        for whole in (*wholes, *study.forms.values(), *study.cases.values()):
            for title, key, value in _scalars(whole):
                found.setdefault((title, key), value)
    return found


def _scalars(value: object) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, BaseModel):
        for key in type(value).model_fields:
            inner = getattr(value, key)
            short = len(str(inner)) <= LONGEST_EXAMPLE and "|" not in str(inner)
            if short and not isinstance(inner, BaseModel | bool | tuple | dict | None):
                yield type(value).__name__, key, str(inner)
            yield from _scalars(inner)
    elif isinstance(value, tuple | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _scalars(inner)


def _default(value: Schema) -> str:
    default = value.get("default")
    if default in (None, [], {}):
        return "no"
    if isinstance(default, list):
        return f"no: `[{', '.join(map(str, default))}]`"
    return f"no: `{str(default).lower() if isinstance(default, bool) else default}`"


def kind(value: Schema, file: str) -> str:
    """What kind of value a schema demands, in words with links to the parts."""
    for key, words in (("$ref", _reference), ("anyOf", _any), ("oneOf", _any)):
        if key in value:
            return words(value[key], file)
    if choices := [value["const"]] if "const" in value else value.get("enum"):
        return ", ".join(f"`{choice}`" for choice in choices)
    if value["type"] in ("array", "object"):
        return (_array if value["type"] == "array" else _mapping)(value, file)
    if value.get("pattern") == NAME_PATTERN:
        return f"[name]({INDEX}#names)"
    if value.get("description", "").startswith("A key of `sources`"):
        return f"[source]({INDEX}#sourced-values)"
    return TYPES[value["type"]] + _range(value)


def _reference(target: str, file: str) -> str:
    key = target.rsplit("/", 1)[1]
    first, *rest = key.strip("_").split("_")
    if first not in SHARED:
        return f"[{_shown(key).lower()}](#{_label(file, key)})"
    of = {"int": " whole number", "Decimal": " number", "str": " text"}.get("".join(rest), "")
    shown = {"Text": "words", "Sourced": f"sourced{of}", "Claim": f"what a source says:{of}"}
    return f"[{shown[first]}]({INDEX}#{SHARED[first]})"


def _any(options: list[Schema], file: str) -> str:
    types = [option for option in options if option.get("type") != "null"]
    if any(option.get("$ref", "").endswith("/Text") for option in types):
        types = [option for option in types if option.get("type") != "string"]
    if types[0].get("type") == "number":  # it may also be quoted
        types = [option for option in types if option.get("type") != "string" or "const" in option]
    return " or ".join(dict.fromkeys(kind(option, file) for option in types))


def _mapping(value: Schema, file: str) -> str:
    if patterns := value.get("patternProperties"):
        (inner,) = patterns.values()
        return f"{kind(inner, file)} by name"
    return f"{kind(value['additionalProperties'], file)} by word"


def _array(value: Schema, file: str) -> str:
    if "prefixItems" in value:
        return "[" + ", ".join(kind(item, file) for item in value["prefixItems"]) + "]"
    least = {0: "list", 1: "one or more", 2: "two or more"}[value.get("minItems", 0)]
    return f"{least}: {kind(value['items'], file)}"


def _range(value: Schema) -> str:
    limits = [
        f"{word} {value[key]:g}"
        for key, word in (
            ("minimum", "from"),
            ("exclusiveMinimum", "above"),
            ("maximum", "to"),
            ("exclusiveMaximum", "below"),
        )
        if key in value
    ]
    return f", {' '.join(limits)}" if limits else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the directive."""
    app.add_directive("study-file", StudyFile)
    return {"parallel_read_safe": True}
