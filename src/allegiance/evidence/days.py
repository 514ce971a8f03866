"""Days as people and spreadsheets write them; what could be two days is refused instead of guessed."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, shown

_CURE = "write days as 2020-01-31"
_PLAIN = ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y")
_SLASHED = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"


def days_of(column: pl.Series, path: Path) -> pl.Series:
    """The days of a column of text, null where a cell is empty.

    2020-01-31 (a time of day behind it is left out), 31 January 2020 and 31/01/2020 are read. Whether 03/04/2020 is
    in March or in April is told by the other rows of the file: one with a number above 12.

    Raises:
        AllegianceError: a cell is no day, or may be two; the message names file, row, column and value.
    """
    text = column.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    plain = text.str.replace(r"[T ]\d{1,2}:\d{2}.*$", "")
    found = pl.select(pl.coalesce([plain.str.to_date(form, strict=False) for form in _PLAIN])).to_series()
    parts = pl.DataFrame(
        {"one": plain.str.extract(_SLASHED, 1).cast(pl.Int32), "two": plain.str.extract(_SLASHED, 2).cast(pl.Int32),
         "year": plain.str.extract(_SLASHED, 3).cast(pl.Int32)}
    )  # fmt: skip
    slashed = parts["one"].is_not_null()
    if slashed.any():
        day_first, month_first = bool((parts["one"] > 12).any()), bool((parts["two"] > 12).any())
        if day_first == month_first:
            same = "may be two days" if not day_first else "is written in two orders within this file"
            odd = slashed & (parts["one"] != parts["two"]) if not day_first else slashed
            if odd.any():
                raise _fault(path, column, odd, same)
        day, month = ("one", "two") if day_first or not month_first else ("two", "one")
        # strings, since `pl.date` would end with 31 February instead of leaving it out
        made = parts.select(pl.concat_str(["year", month, day], separator="-").str.to_date("%Y-%m-%d", strict=False))
        found = pl.select(pl.coalesce([found, made.to_series()])).to_series()
    lost = text.is_not_null() & (found.is_null() | ~found.dt.year().is_between(1000, 2999))
    if lost.any():
        raise _fault(path, column, lost, "is no day")
    return found.alias(column.name)


def _fault(path: Path, column: pl.Series, odd: pl.Series, what: str) -> AllegianceError:
    first = int(odd.arg_true()[0])
    more = f" ({int(odd.sum())} rows in all)" if odd.sum() > 1 else ""
    return AllegianceError(
        f"{shown(path)}, row {first + 2}: {column.name} {shown(repr(column[first]))} {what}{more}", _CURE
    )
