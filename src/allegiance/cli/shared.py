"""What several verbs share: a progress bar on stderr and the printing of JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer


class Bar:
    """A progress bar on stderr; calling it with a share and a word moves it."""

    def __enter__(self) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<32}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("starting", total=1.0)
        self.bar.start()
        return self

    def __call__(self, share: float, text: str) -> None:
        self.bar.update(self.task, completed=share, description=text)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def print_json(value: Any) -> None:
    """JSON on stdout and nothing else."""
    from allegiance.base.files import to_json

    typer.echo(to_json(value), nl=False)


def prepare(folder: Path) -> None:
    """Make the folder of results before any work is done that could not be written into it.

    Raises:
        AllegianceError: the folder cannot be made or written.
    """
    from tempfile import TemporaryFile

    from allegiance.base.files import disk_fault

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise disk_fault(folder, error) from error
