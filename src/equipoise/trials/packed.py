"""A study as text that can be sent to another process, and that names what is simulated."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from equipoise.protocol.form import Form
from equipoise.protocol.plan import Plan
from equipoise.protocol.population import Population
from equipoise.protocol.study import Protocol
from equipoise.protocol.whole import Study

DECIMAL: Final = "$decimal"
LIBRARIES: Final = ("numpy", "scipy", "numba", "llvmlite", "polars")
CODE: Final = ("protocol", "rules", "simulate", "statistics", "trials")  # what a result depends on


def pack(study: Study) -> str:
    """What the simulation reads of a study, as JSON; equal studies give equal text."""
    parts = {
        "protocol_file": study.protocol_file,
        "protocol": study.protocol.model_dump(),
        "forms": {name: form.model_dump() for name, form in study.forms.items()},
        "population": study.populated().model_dump(),
        "plan": study.planned().model_dump(exclude={"displays"}),
    }
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=_tagged)


def _tagged(value: object) -> dict[str, str]:
    """A decimal number, which JSON would turn into a float or a word."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} cannot be packed")
    return {DECIMAL: str(value)}


def _untagged(value: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return Decimal(value[DECIMAL]) if DECIMAL in value else value


def unpack(text: str) -> Study:
    """The study that ``pack`` wrote, without its cases, displays and published results."""
    parts = json.loads(text, object_hook=_untagged)
    return Study(
        folder=Path(),
        protocol_file=parts["protocol_file"],
        protocol=Protocol.model_validate(parts["protocol"]),
        forms={name: Form.model_validate(form) for name, form in parts["forms"].items()},
        population=Population.model_validate(parts["population"]),
        plan=Plan.model_validate(parts["plan"]),
        published=None,
        cases={},
        files={},
    )


@cache
def code_digest() -> str:
    """A name for the code that results depend on, its libraries too; another has another."""
    package = Path(__file__).parents[1]
    versions = [f"{name} {version(name)}\n" for name in LIBRARIES]
    digest = sha256("".join(versions).encode())
    for folder in CODE:
        for file in sorted((package / folder).rglob("*.py")):
            digest.update(file.relative_to(package).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
    return digest.hexdigest()
