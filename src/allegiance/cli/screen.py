"""The one place that prints: text is shown as it is, never as markup, and never as an order to the terminal.

Text of cases, paths, data and queries may hold anything. `screen` parses no markup and writes control characters out;
style is given beside the text, by `line` and `styled`, not inside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from allegiance.base.errors import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Piece = str | tuple[str, str]
"""Text, or text and its style."""


def screen(stderr: bool = False, width: int | None = None) -> Console:
    """A console that prints text as it is and cuts no figure of a table.

    Args:
        width: of a wide table where there is no terminal to ask, such as in a file.
    """
    import os

    from rich.console import Console
    from rich.table import Table

    from allegiance.cli.fitting import fitted

    class Screen(Console):
        """Rich parses and renders every plain text here, in tables, titles and lines alike."""

        def render_str(self, text: str, **options: Any) -> Text:
            return super().render_str(clean(text), **options)

        def print(self, *things: Any, **options: Any) -> None:
            super().print(*(fitted(t, self) if isinstance(t, Table) else t for t in things), **options)

    made = Screen(stderr=stderr, markup=False, highlight=False, emoji=False)
    if width is not None and not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = width
    return made


def styled(text: object, style: str) -> Text:
    """A text with a style of its own, such as a cell of a table."""
    from rich.text import Text

    return Text(clean(str(text)), style)


def judged(verdict: str) -> Text:
    """A verdict in the colour of its tone (report/verdicts.py)."""
    from allegiance.report.verdicts import IN_TERMINAL, tone

    return styled(verdict, IN_TERMINAL[tone(verdict)])


def line(*pieces: Piece) -> Text:
    """A line put together from plain and styled text.

    >>> line(("warning:", "yellow"), " [/b] is text").plain
    'warning: [/b] is text'
    """
    from rich.text import Text

    made = (p if isinstance(p, str) else (clean(p[0]), p[1]) for p in pieces)
    return Text.assemble(*(clean(p) if isinstance(p, str) else p for p in made))


def say(text: object, err: bool = False) -> None:
    """One plain text on stdout, or on stderr."""
    typer.echo(clean(str(text)), err=err)


def print_json(value: Any) -> None:
    """JSON on stdout and nothing else; in ASCII where the terminal or file has another encoding than UTF-8."""
    import sys

    from allegiance.base.files import to_json

    narrow = "utf" not in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    typer.echo(to_json(value, ascii_only=narrow), nl=False)


def where(label: str, path: Path) -> None:
    """Say where something was written, on one line however long it is."""
    screen().print(f"{label}: {path}", soft_wrap=True)


class Bar:
    """A progress bar on stderr; calling it with a share and a word moves it, and its clock runs by itself.

    `first` is said before anything else; by default what the engine's compiler is about.
    """

    def __init__(self, first: str = "") -> None:
        self.first = first

    def __enter__(self) -> Bar:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        console = screen(stderr=True)
        text = TextColumn("{task.description:<32}", markup=False)
        columns = (text, BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.task = self.bar.add_task(self.first or _first(), total=1.0)
        self.bar.start()
        return self

    def __call__(self, share: float, text: str) -> None:
        # a bar that is full stops its clock; the last word is for the report, which takes its time
        self.bar.update(self.task, completed=min(share, 0.999), description=clean(text))

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def _first() -> str:
    """What goes on before the first world is played."""
    from allegiance.base.compiler import cache_folder

    folder = cache_folder()
    if folder is None:
        return "compiling"
    return "starting" if any(folder.glob("*.kernel")) else "compiling, once"
