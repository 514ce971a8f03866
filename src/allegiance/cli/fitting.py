"""Tables that fit: figures never shrink, words may wrap, and where neither helps each row becomes a small list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.table import Table
    from rich.text import Text

_FIGURE = 32
"""Letters of the longest cell of a column of figures, such as "0.02 % (0.01–0.03 %)"."""
_WORD = 16
"""Letters at which a word of a text may be broken."""


def fitted(table: Table, console: Console) -> Table | Group:
    """The table, so that no cell is cut at the console's width: "43–1…" would be another figure than "43–100 %".

    Columns of figures keep their width and columns of words wrap; where that is still too wide, each row is given as a
    list of its cells under its first cell.
    """
    rows = [[_text(cell, console) for cell in column.cells] for column in table.columns]
    heads = [_text(column.header, console) for column in table.columns]
    natural = [max(map(_width, (head, *cells))) for head, cells in zip(heads, rows, strict=True)]
    maximum = console.measure(table, options=console.options.update(max_width=100_000)).maximum
    if maximum <= console.width or not table.columns:
        return table
    needed = maximum - sum(natural)
    for column, head, cells, whole in zip(table.columns, heads, rows, natural, strict=True):
        figures = _figures(cells)
        column.no_wrap, column.overflow = figures, "fold"
        words = [word for text in (head, *cells) for word in text.plain.split()]
        needed += whole if figures else min(_WORD, max(map(len, words), default=0))
    return table if needed <= console.width else _stacked(table, heads, rows)


def _figures(cells: list[Text]) -> bool:
    return all(_width(cell) <= _FIGURE for cell in cells) and any(c.isdigit() for cell in cells for c in cell.plain)


def _width(text: Text) -> int:
    return max((line.cell_len for line in text.split()), default=0)


def _text(cell: object, console: Console) -> Text:
    return cell.copy() if hasattr(cell, "cell_len") else console.render_str(str(cell))  # type: ignore[attr-defined]


def _stacked(table: Table, heads: list[Text], columns: list[list[Text]]) -> Group:
    """Each row as lines "head: cell" under its first cell; empty cells are left out."""
    from rich.console import Group
    from rich.text import Text

    lines: list[Text] = []
    if table.title:
        lines += [Text(str(table.title), "bold"), Text("")]
    for row in zip(*columns, strict=True):
        lines.append(row[0])
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell.plain.strip():
                lines.append(Text.assemble("  ", head.plain, ": " if head.plain else "", cell))
    return Group(*lines, Text(""))
