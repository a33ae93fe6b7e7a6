"""A command of the command line, as somebody types it."""

from __future__ import annotations

from typer.testing import CliRunner

from equipoise.cli.commands import app


def say(*arguments: object, typed: str | None = None) -> str:
    """What a command prints; what it refuses is raised."""
    found = CliRunner().invoke(app, [str(one) for one in arguments], input=typed)
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output
