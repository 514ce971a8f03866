"""The `allegiance` command: finds the verbs beside this file and lets nothing out but messages and an exit code."""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from importlib import import_module
from typing import Annotated

import typer

import allegiance.cli
from allegiance import __version__
from allegiance.cli.boundary import guarded

_NOT_VERBS = (
    "boundary", "evidence_fits", "fit_out", "fit_years", "fitting", "hindsight", "main", "reference", "score_sets",
    "screen", "shared",
)  # fmt: skip


@cache
def _app() -> typer.Typer:
    """All verbs; made behind the wall of `main`, so that an installation that is broken is told in a message, too."""
    made = typer.Typer(
        name="allegiance",
        help="An open laboratory for military disloyalty in war. Start with: allegiance run russia-ukraine-2022",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
    )
    made.callback()(root)
    for module in sorted(m.name for m in pkgutil.iter_modules(allegiance.cli.__path__)):
        if module not in _NOT_VERBS:
            import_module(f"allegiance.cli.{module}").register(made)
    return made


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"allegiance {__version__}")
        raise typer.Exit


def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """An open laboratory for military disloyalty in war."""


def __getattr__(name: str) -> typer.Typer:
    if name == "app":
        return _app()
    raise AttributeError(name)


def main() -> None:
    """Run the command line (see cli/boundary.py for its exit codes)."""
    sys.exit(guarded(lambda: _app()()))


if __name__ == "__main__":
    main()
