import json
from decimal import Decimal

import jsonschema
import pytest

from equipoise.protocol.load import SHIPPED, TEMPLATE
from equipoise.protocol.schema import SCHEMAS, json_schema
from equipoise.protocol.tree import read_tree

MADE = "ensemble.yaml"  # by a command; people write the others
FILES = sorted(
    path for path in [*SHIPPED.glob("*/*.yaml"), *SHIPPED.glob("*/*/*.yaml")] if path.name != MADE
)


def kind(path):
    if path.parent.name in ("forms", "cases"):
        return path.parent.name.removesuffix("s") if path.parent.name == "forms" else "cases"
    return path.stem.split("-")[0]


def plain(value):
    """The file as JSON has it: numbers without exact decimals."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_is_valid_json_schema(name):
    schema = json.loads(json.dumps(json_schema(name)))

    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SHIPPED).as_posix())
def test_every_shipped_file_is_valid_by_its_schema(path):
    jsonschema.validate(plain(read_tree(path).value), json_schema(kind(path)))


def test_the_schema_refuses_a_key_that_is_not_known():
    tree = plain(read_tree(TEMPLATE / "protocol-1.0.yaml").value)
    tree["phases"] = tree.pop("phase")

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tree, json_schema("protocol"))


def undescribed(name):
    """Where the schema of a study file leaves an editor with nothing to say of a key."""
    schema = json_schema(name)
    parts = {name: schema, **schema["$defs"]}
    return [
        f"{title}.{key}"
        for title, part in parts.items()
        for key, value in part.get("properties", {}).items()
        if not value.get("description")
        and not parts.get(value.get("$ref", "").rsplit("/", 1)[-1], {}).get("description")
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name):
    assert undescribed(name) == []
