"""The `allegiance` command: finds the verbs beside this file and prints every user error in one piece."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from typing import Annotated

import typer

import allegiance.cli
from allegiance import __version__
from allegiance.base.errors import AllegianceError

app = typer.Typer(
    name="allegiance",
    help="An open laboratory for military disloyalty in war. Start with: allegiance run russia-ukraine-2022",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"allegiance {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """An open laboratory for military disloyalty in war."""


for _module in sorted(m.name for m in pkgutil.iter_modules(allegiance.cli.__path__)):
    if _module not in ("main", "shared"):
        import_module(f"allegiance.cli.{_module}").register(app)


def main() -> None:
    """Run the command line; a user's error is one message on stderr and exit code 2."""
    try:
        app()
    except AllegianceError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("interrupted; what was finished is kept (run again to resume)", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
