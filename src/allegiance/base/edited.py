"""CSV files as people save them: other separators and encodings are read or named, with the row at fault."""

from __future__ import annotations

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import read_regular

if TYPE_CHECKING:
    import polars as pl

_GZIP = b"\x1f\x8b"
_SEPARATORS = (",", ";", "\t", "|")
_WHOLE = ("year", "month", "day", "ccode", "gwcode", "cowcode")
"""Columns that hold whole numbers wherever they occur."""
_NOT_WHOLE, _WHOLE_CURE = "not a whole number", "write it without separators or decimals, such as 2020"
_FIRST_YEAR, _LAST_YEAR = 1000, 2999


@dataclass(frozen=True)
class Saved:
    """A CSV file's text as UTF-8 with the separator of its columns."""

    data: bytes
    separator: str

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers are written 0,5: spreadsheets that separate by semicolons do so."""
        return self.separator == ";"


def saved(path: Path) -> Saved:
    """What a CSV file (plain or gzip) holds, whoever saved it.

    UTF-8 and, by its mark, UTF-16 are read, and commas, semicolons, tabs and bars as separators.

    Raises:
        AllegianceError: unreadable, damaged, empty, without rows, or in another encoding; the row is named.
    """
    raw = read_regular(path)
    if raw.startswith(_GZIP):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise AllegianceError(
                f"cannot read {shown(path)}: {error}", "the file is damaged or half written; fetch it again"
            ) from error
    text = _text(raw, path)
    lines = text.lstrip("\r\n").split("\n", 2)
    if not lines[0].strip():
        raise AllegianceError(f"{shown(path)} is empty", "put a header and rows into it, or fetch it again")
    if len(lines) < 2 or not "".join(lines[1:]).strip():
        raise AllegianceError(f"{shown(path)} holds a header and no rows", "add rows, or fetch it again")
    return Saved(text.strip("\r\n").encode(), max(_SEPARATORS, key=lines[0].count) if "," not in lines[0] else ",")


def _text(raw: bytes, path: Path) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise AllegianceError(f"{shown(path)}: cut off in the middle of a letter", "save it again") from error
    if b"\0" in raw:
        row = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise AllegianceError(f"{shown(path)}, row {row}: not text", "save it as CSV UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        said = raw[max(0, error.start - 12) : error.start + 12].decode("cp1252", "replace").split("\n")[-1]
        raise AllegianceError(
            f"{shown(path)}, row {row}: not UTF-8 text (near {shown(said)!r})",
            "save it as CSV UTF-8; Excel's plain CSV is Windows-1252 (Latin-1)",
        ) from error


def sound_numbers(table: pl.DataFrame, path: Path) -> pl.DataFrame:
    """The table unchanged if years, months, days and codes are whole numbers, and years have four digits.

    Raises:
        AllegianceError: one is not; the message names file, row, column and value.
    """
    import polars as pl

    for name in (n for n in _WHOLE if n in table.columns):
        column = table[name]
        if column.dtype == pl.String:
            plain = column.str.replace_all(r"[,. '\u00a0]", "").cast(pl.Int64, strict=False)
            blank = column.str.strip_chars() == ""  # a space in an empty cell is no number and no fault
            lost = column.is_not_null() & ~blank & column.cast(pl.Int64, strict=False).is_null()
            numbers = 2 * int(lost.sum()) <= int(column.is_not_null().sum())  # else it holds words
            _refuse(path, column, lost if numbers else lost & plain.is_not_null(), _NOT_WHOLE, _WHOLE_CURE)
        elif name != "year" and column.dtype.is_float():
            odd = column.is_not_null() & ~(column.is_finite() & (column == column.floor()))
            _refuse(path, column, odd, _NOT_WHOLE, _WHOLE_CURE)
        elif name == "year" and column.dtype.is_numeric():
            far = ~column.is_between(_FIRST_YEAR, _LAST_YEAR) & column.is_not_null()
            _refuse(path, column, far, "not a year", "write years with four digits, such as 2021")
    return table


def _refuse(path: Path, column: pl.Series, odd: pl.Series, what: str, cure: str) -> None:
    rows = odd.arg_true()
    if len(rows):
        first = int(rows[0])
        more = f" ({len(rows)} rows in all)" if len(rows) > 1 else ""
        raise AllegianceError(
            f"{shown(path)}, row {first + 2}: {column.name} is {shown(repr(column[first]))}, {what}{more}", cure
        )
