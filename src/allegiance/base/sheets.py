"""Tables for spreadsheets: CSV, and one Excel workbook with a sheet for each; no cell of either begins to compute."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.base.files import write_bytes
from allegiance.base.tables import plain_cells, write_csv

if TYPE_CHECKING:
    import polars as pl

ROWS, COLUMNS = 1_048_575, 16_384
"""Most rows under a head, and most columns, that a sheet of Excel takes."""


def export(
    folder: Path, kind: str, tables: Mapping[str, pl.DataFrame], csv: bool, xlsx: bool, force: bool = False
) -> list[Path]:
    """Write tables into a folder of results as `NAME.csv` each, and as `KIND.xlsx`; return what was written.

    Args:
        force: the results were replaced; files of this kind that are not asked for anew go with them.

    Raises:
        AllegianceError: a table is too large for a sheet, XlsxWriter is not installed, or the folder cannot be written.
    """
    written = []
    for name, table in tables.items():
        path = folder / f"{name}.csv"
        if csv:
            write_csv(path, table)
            written.append(path)
        elif force:
            path.unlink(missing_ok=True)
    book = folder / f"{kind}.xlsx"
    if xlsx:
        write_bytes(book, to_xlsx(tables))
        written.append(book)
    elif force:
        book.unlink(missing_ok=True)
    return written


def to_xlsx(tables: Mapping[str, pl.DataFrame]) -> bytes:
    """A workbook with a sheet for each table; equal tables are equal bytes.

    Raises:
        AllegianceError: a table is too large for a sheet, or XlsxWriter is not installed.
    """
    for name, table in tables.items():
        if table.height > ROWS or table.width > COLUMNS:
            size = f"{table.height:,} rows and {table.width:,} columns"
            raise AllegianceError(f"table {name} is too large for Excel ({size})", "use --csv, or the Parquet file")
    stream = io.BytesIO()
    # cells that look like a formula, or like an address, are text
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with require("xlsxwriter", "xlsx").Workbook(stream, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # the same bytes today and tomorrow
        for name, table in tables.items():
            _finite(plain_cells(table, spreadsheet=True)).write_excel(book, worksheet=name[:31], autofit=True)
    return stream.getvalue()


def _finite(table: pl.DataFrame) -> pl.DataFrame:
    """What is not a number is an empty cell."""
    import polars as pl

    floats = [name for name, kind in table.schema.items() if kind.is_float()]
    return table.with_columns(pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in floats)
