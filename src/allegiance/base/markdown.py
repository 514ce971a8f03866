"""Pages in Markdown of which a part is written by a command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allegiance.base.errors import AllegianceError
from allegiance.base.files import write_text

SCORES = ("<!-- scores: written by allegiance docs -->", "<!-- scores: end -->")
"""The marks between which a page tells scores."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def write_told(told: tuple[Path, str, str] | None) -> Path | None:
    """Write a page anew: its path, its text and what the text should be; returns the path, None where there is none."""
    if told is None:
        return None
    path, _, text = told
    write_text(path, text)
    return path


def between(text: str, marks: tuple[str, str], part: str, fault: str, cure: str = "") -> str:
    """The text with what stands between two marks written anew; the marks stay.

    Raises:
        AllegianceError: `fault`, with its `cure`, where the text lacks the marks.

    >>> between("a <b> old </b> c", ("<b>", "</b>"), " new ", "no marks")
    'a <b> new </b> c'
    """
    before, first, rest = text.partition(marks[0])
    _, last, after = rest.partition(marks[1])
    if not (first and last):
        raise AllegianceError(fault, cure)
    return f"{before}{first}{part}{last}{after}"
