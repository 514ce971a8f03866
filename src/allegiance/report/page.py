"""The blocks a report is made of; what they look like is decided in `templates/`.

A report is a `Page`: one brief a hurried reader reads first, then sections of detail. Every block is plain data,
so that any command can build a page and `html.render_page` can print it. Text is escaped when it is printed; only
a figure's SVG, which this package draws itself, is trusted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

Tone = Literal["", "good", "warn", "bad", "muted"]


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text, the value it sorts by, and how it is shown."""

    text: str
    sort: float | str | None = None
    tone: Tone = ""
    title: str = ""
    href: str = ""


Value = Cell | str | float | int | None
Row = list[Value]


@dataclass(frozen=True)
class Table:
    """A table; cells are text, numbers (right-aligned) or `Cell`s. The first column names the row."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    caption: str
    note: str = ""
    sortable: bool = True
    kind: ClassVar[str] = "table"

    def cells(self) -> list[list[Cell]]:
        """All rows as `Cell`s."""
        return [[as_cell(value) for value in row] for row in self.rows]

    def numeric(self) -> list[bool]:
        """Whether each column holds numbers only, and so is set flush right."""
        rows = self.cells()
        return [
            any(isinstance(r[i].sort, int | float) for r in rows)
            and all(isinstance(r[i].sort, int | float) or r[i].text in ("", "–") for r in rows)
            for i in range(len(self.columns))
        ]


def as_cell(value: Value) -> Cell:
    """Any value as a cell.

    >>> as_cell(1234.5).text
    '1,234.5'
    """
    if isinstance(value, Cell):
        return value
    if value is None:
        return Cell("–")
    if isinstance(value, str):
        return Cell(value)
    return Cell(f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}".removesuffix(".0"), float(value))


@dataclass(frozen=True)
class Figure:
    """A picture as inline SVG with the text that stands in for it."""

    svg: str
    alt: str
    title: str = ""
    caption: str = ""
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Gallery:
    """Pictures side by side that share a caption; `across` is how many fit in a row on a wide screen."""

    figures: Sequence[Figure]
    caption: str = ""
    across: Literal[1, 2, 3, 4] = 2
    kind: ClassVar[str] = "gallery"


@dataclass(frozen=True)
class Prose:
    """Paragraphs of text, under a small title if there is one."""

    paragraphs: Sequence[str]
    title: str = ""
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; each may carry a bold opening."""

    items: Sequence[str | tuple[str, str]]
    kind: ClassVar[str] = "bullets"

    def pairs(self) -> list[tuple[str, str]]:
        """Each item as (bold opening, text)."""
        return [("", item) if isinstance(item, str) else item for item in self.items]


@dataclass(frozen=True)
class Notice(Bullets):
    """A titled list that the reader must not overlook."""

    title: str = ""
    tone: Tone = "warn"
    kind: ClassVar[str] = "notice"


@dataclass(frozen=True)
class Stat:
    """One figure in large type."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Stats:
    """A row of large figures."""

    items: Sequence[Stat]
    kind: ClassVar[str] = "stats"


@dataclass(frozen=True)
class Diary:
    """Dated sentences, in order."""

    entries: Sequence[tuple[str, str]]
    caption: str
    kind: ClassVar[str] = "diary"


@dataclass(frozen=True)
class References:
    """Works or sources: (text, address or empty)."""

    items: Sequence[tuple[str, str]]
    kind: ClassVar[str] = "references"


Block = Table | Figure | Gallery | Prose | Bullets | Notice | Stats | Diary | References


@dataclass(frozen=True)
class Section:
    """A titled part of the detail."""

    title: str
    blocks: Sequence[Block]
    lead: str = ""
    folded: bool = False
    """whether the reader has to open it; what is printed is always open"""

    @property
    def anchor(self) -> str:
        """A name for links to this section.

        >>> Section("What if? Numbers", ()).anchor
        'what-if-numbers'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-") or "section"


@dataclass(frozen=True)
class Page:
    """A whole report.

    `kicker` is the small line above the title, `headline` the one sentence to remember, `brief` what stands on
    the first page, `facts` the small print of how the report came about (name, value).
    """

    title: str
    headline: str
    brief: Sequence[Block] = ()
    sections: Sequence[Section] = ()
    kicker: str = ""
    lead: str = ""
    facts: Sequence[tuple[str, str]] = field(default=())
