"""Tables on disk. Every path is taken literally: a folder may be called `run [2]` or `what?`."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import read_regular, write_bytes

if TYPE_CHECKING:
    import polars as pl

_FORMULA = "^[=+@\t\r]|^-(?![0-9.])"
"""Text at which a spreadsheet would begin to compute."""


def to_parquet(table: pl.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file; equal tables are equal bytes."""
    stream = io.BytesIO()
    table.write_parquet(stream, compression="zstd", statistics=False)
    return stream.getvalue()


def from_parquet(data: bytes) -> pl.DataFrame:
    """The table in the bytes of a Parquet file."""
    import polars as pl

    return pl.read_parquet(io.BytesIO(data))


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a table as Parquet, whole or not at all.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    write_bytes(path, to_parquet(table))


def read_table(path: Path, cure: str = "make it again") -> pl.DataFrame:
    """Read a Parquet file, whatever its name looks like.

    Raises:
        AllegianceError: missing, unreadable or damaged; the message ends with `cure`.
    """
    import polars as pl

    data = read_regular(path)
    try:
        return from_parquet(data)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise AllegianceError(f"{shown(path)} is damaged: {said}", cure) from error


def to_csv(table: pl.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet shows and does not obey: text that would begin a formula gets a leading '.

    Lists and structures are written as JSON, spans of time as text, so that any result of a query can be kept.
    """
    return plain_cells(table, spreadsheet=True).write_csv().encode("utf-8", "replace")


def plain_cells(table: pl.DataFrame, spreadsheet: bool = False) -> pl.DataFrame:
    """The table with every cell a number, a date or a text; with `spreadsheet`, a text that begins no formula."""
    import polars as pl

    columns = []
    for name, kind in table.schema.items():
        column = table[name]
        if kind.is_nested() or kind in (pl.Object, pl.Binary, pl.Duration):
            values = column.to_list()
            text = [None if v is None else _text(v) for v in values]
            columns.append(pl.Series(name, text, dtype=pl.String))
        elif spreadsheet and kind in (pl.String, pl.Categorical, pl.Enum):
            texts = column.cast(pl.String).to_list()
            safe = [f"'{t}" if t is not None and re.match(_FORMULA, t) else t for t in texts]
            columns.append(pl.Series(name, safe, dtype=pl.String))
        else:
            columns.append(column)
    return pl.DataFrame(columns)


def _text(value: object) -> str:
    """A list or structure as JSON, anything else as Python says it."""
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def write_csv(path: Path, table: pl.DataFrame) -> None:
    """Write a table as CSV (see `to_csv`), whole or not at all.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    write_bytes(path, to_csv(table))
