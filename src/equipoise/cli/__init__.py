"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import sys

from equipoise.cli.commands import app
from equipoise.errors import EquipoiseError

INTERRUPTED = 130  # what Typer exits with on Ctrl-C


def main() -> None:
    """Run the command line; a problem that the user can mend is shown without a traceback."""
    try:
        app()
    except (EquipoiseError, OSError) as error:
        from rich.console import Console

        console = Console(stderr=True, soft_wrap=True)
        for line in str(error).splitlines():
            console.print(line, style="red", markup=False, highlight=False)
        sys.exit(1)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            sys.stderr.write("Interrupted; nothing is left half-written.\n")
        raise
