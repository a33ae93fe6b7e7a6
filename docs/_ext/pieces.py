"""Directives for what else is generated: options, methods, records, errors, populations."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import typer
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from equipoise import errors
from equipoise.cli.commands import app as command_line
from equipoise.protocol.load import load_study
from equipoise.records.schemas import TABLES
from equipoise.rules import allocation, dosing
from equipoise.simulate import models
from equipoise.simulate.models.type2 import legend


def options(name: str) -> str:
    """A command's help text and a table of its arguments and options."""
    command: Any = typer.main.get_command(command_line)
    described = command.commands[name] if name else command
    rows = ["| Option | Meaning | If left out |", "|---|---|---|"]
    for parameter in described.params:
        names = " ".join(f"`{option}`" for option in (*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            names = f"`{parameter.metavar or parameter.name.upper()}`"
        default = parameter.default
        shown = "" if default is None or isinstance(default, bool) else f"`{default}`"
        absent = "must be given" if parameter.required else shown
        rows.append(f"| {names} | {parameter.help or ''} | {absent} |")
    return f"{inspect.cleandoc(described.help or '')}\n\n" + "\n".join(rows)


def methods(kind: str) -> str:
    """The allocation methods, dose rules or disease models: what each does, and its parameters."""
    if kind == "models":
        modules = {name: importlib.import_module(path) for name, path in models.METHODS.items()}
    else:
        modules = {"allocation": allocation.METHODS, "dosing": dosing.METHODS}[kind]
    return "\n\n".join(_method(name, module) for name, module in modules.items())


def _method(name: str, module: ModuleType) -> str:
    text = inspect.cleandoc(module.__doc__ or "")
    check = inspect.signature(getattr(module, "check", lambda: None)).parameters.values()
    given = ("ratio", "amount", "per_kg")  # by other keys of the protocol
    needed = [
        f"`{one.name}`" for one in check if one.name not in given and one.default is one.empty
    ]
    free = [f"`{one.name}`" for one in check if one.default is not one.empty]
    parameters = f"Parameters: {', '.join(needed)}." if needed else ""
    parameters += f" May have: {', '.join(free)}." if free else ""
    return f"### {name}\n\n{text}\n\n{parameters}"


def tables(_: str) -> str:
    """The tables of the waist: what a row is, its columns, its key."""
    sections = []
    for name, table in TABLES.items():
        rows = ["| Column | Kind | |", "|---|---|---|"]
        for column, kind in table.columns.items():
            words = {"String": "text", "Int64": "whole number", "Float64": "number"}
            words |= {"Date": "date", "Boolean": "true or false"}
            notes = ["key"] if column in table.key else []
            notes += [] if column in table.required else ["can be missing"]
            codes = ", ".join(f"`{code}`" for code in table.codes.get(column, ()))
            notes += [f"one of {codes}"] if codes else []
            rows.append(f"| `{column}` | {words[str(kind)]} | {'; '.join(notes)} |")
        sections.append(f"## {name}\n\n{table.row}\n\n" + "\n".join(rows))
    return "\n\n".join(sections)


def error_tree(_: str) -> str:
    """Every error, those that are special cases of another under it."""
    return "\n".join(_errors(errors.EquipoiseError, 0))


def _errors(error: type[Exception], depth: int) -> Iterator[str]:
    first = inspect.cleandoc(error.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    yield f"{'  ' * depth}- `{error.__name__}`: {first}"
    for special in error.__subclasses__():
        yield from _errors(special, depth + 1)


def population(study: str) -> str:
    """The parameters of a study's virtual participants, and how many are of each status."""
    parameters = load_study(study).populated().parameters
    number = Counter(parameter.status for parameter in parameters.values())
    rows = ["| Parameter | Value | Unit | Status | Source, or why |", "|---|---|---|---|---|"]
    for name, p in parameters.items():
        source = p.why if p.why and p.source.en == p.status else p.source
        rows.append(f"| `{name}` | {p.value:g} | {p.unit} | {p.status} | {source} |")
    counts = ", ".join(
        f"{number[status]} {status}" for status in ("known", "calibrated", "assumed")
    )
    return f"{len(parameters)} numbers: {counts}.\n\n" + "\n".join(rows)


def parameters(_: str) -> str:
    """What each parameter of the type 2 diabetes model means, by group."""
    sections = []
    for title, group in legend.GROUPS.items():
        rows = ["| Parameter | Unit | Meaning | If not given |", "|---|---|---|---|"]
        for name, one in group.items():
            absent = "must be given" if one.off is None else f"{one.off:g}"
            rows.append(f"| `{name}` | {one.unit} | {one.what} | {absent} |")
        sections.append(f"**{title}**\n\n" + "\n".join(rows))
    return "\n\n".join(sections)


def directive(write: Callable[[str], str]) -> type[SphinxDirective]:
    """A directive that stands for the Markdown that ``write`` makes of its argument."""

    class Piece(SphinxDirective):
        optional_arguments = 1

        def run(self) -> list[nodes.Node]:
            self.env.note_reread()  # the code may have changed, whatever the page's date
            markdown = write(self.arguments[0] if self.arguments else "")
            return list(self.parse_text_to_nodes(markdown, allow_section_headings=True))

    return Piece


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the directives."""
    app.add_directive("command-options", directive(options))
    app.add_directive("methods", directive(methods))
    app.add_directive("record-tables", directive(tables))
    app.add_directive("error-tree", directive(error_tree))
    app.add_directive("population-parameters", directive(population))
    app.add_directive("model-parameters", directive(parameters))
    return {"parallel_read_safe": True}
