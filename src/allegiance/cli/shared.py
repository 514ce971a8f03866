"""What several verbs share: the folder that they write into, and the option to replace what is there."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from allegiance.base.owner import Owned
    from allegiance.cli.screen import Bar

T = TypeVar("T")
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="Play on Dask: local:N processes, or tcp://host:port (docs/clusters.md)."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]


def span(text: str) -> tuple[int, int]:
    """Two years from `1980-1989`, or one from `1980`, in order.

    Raises:
        AllegianceError: it is neither.
    """
    from allegiance.base.errors import AllegianceError

    first, dash, last = text.strip().partition("-")
    if first.isdecimal() and (last.isdecimal() if dash else True) and len(first) < 5 and len(last) < 5:
        years = int(first), int(last or first)
        if years[0] <= years[1]:
            return years
    raise AllegianceError(f"--years {text!r} is not a span of years", "write it as 1980-1989, or 1980")


@contextlib.contextmanager
def working(out: Path, kind: str, wanted: Mapping[str, Any], force: bool) -> Iterator[tuple[Owned, Bar]]:
    """Hold the folder of results of a verb (base/owner.py), with a progress bar, before any work is done.

    The theory and the code are added to `wanted`, the options and inputs that the results are a function of.

    Raises:
        AllegianceError: the folder holds something else, is in use, or cannot be written.
    """
    from allegiance import __version__
    from allegiance.base.compiler import sources_hash
    from allegiance.base.owner import owned
    from allegiance.cli.screen import Bar, say
    from allegiance.theory.stamp import theory_hash

    whole = {**wanted, "theory_sha256": theory_hash(), "code_sha256": sources_hash(), "package": __version__}
    with owned(out, kind, whole, force=force, tell=lambda text: say(text, err=True)) as folder, Bar() as bar:
        yield folder, bar


def interruptible(function: Callable[[], T]) -> T:
    """Call a function that may stay in foreign code for long, so that Ctrl+C still ends the command at once."""
    import os
    import sys

    found: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(function())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        sys.stdout.flush()
        os._exit(130)  # the foreign code would be waited for otherwise
    if failed:
        raise failed[0]
    return found[0]
