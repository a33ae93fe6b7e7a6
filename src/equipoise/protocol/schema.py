"""JSON Schema of the study files, with which an editor completes and validates them."""

from __future__ import annotations

from typing import Any, Final

from equipoise.protocol.cases import Cases
from equipoise.protocol.form import Form
from equipoise.protocol.model import Model
from equipoise.protocol.plan import Plan
from equipoise.protocol.population import Population
from equipoise.protocol.published import Published
from equipoise.protocol.study import Protocol

SCHEMAS: Final[dict[str, type[Model]]] = {
    "protocol": Protocol,
    "form": Form,
    "cases": Cases,
    "population": Population,
    "analysis": Plan,
    "published": Published,
}


def json_schema(name: str) -> dict[str, Any]:
    """The schema of one kind of study file, by its key in ``SCHEMAS``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | SCHEMAS[
        name
    ].model_json_schema()
