"""Dates and states of listed events: what the coup lists have in common."""

from __future__ import annotations

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.states import require_known, states, to_gw


def dated(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `date` and `date_precision` from `year, month, day`; an unknown day or month becomes the first.

    Raises:
        AllegianceError: a row has no year, or a day that does not exist.
    """
    year, month, day = (pl.col(c).cast(pl.Int32) for c in ("year", "month", "day"))
    no_month, no_day = month.is_null() | ~month.is_between(1, 12), day.is_null() | ~day.is_between(1, 31)
    precision = pl.when(no_month).then(pl.lit("year")).when(no_day).then(pl.lit("month")).otherwise(pl.lit("day"))
    some_month = pl.when(no_month).then(1).otherwise(month)
    some_day = pl.when(no_month | no_day).then(1).otherwise(day)
    text = pl.format("{}-{}-{}", year, some_month, some_day)
    frame = frame.with_columns(date_precision=precision, date=text.str.to_date("%Y-%m-%d", strict=False))
    lost = frame.filter(pl.col("date").is_null())
    if len(lost):
        raise AllegianceError(f"{len(lost)} rows have no possible date; the first says {lost.row(0)[:6]}")
    return frame


def place_states(frame: pl.DataFrame, cow: str, source: str) -> pl.DataFrame:
    """Add `gwcode` and the state's name for Correlates of War codes in column `cow`.

    Raises:
        AllegianceError: a code is unknown.
    """
    frame = frame.with_columns(gwcode=to_gw(pl.col(cow).cast(pl.Int32), pl.col("date")))
    require_known(frame, source)
    return frame.drop("country", strict=False).join(states().select("gwcode", "country"), on="gwcode")


def end_of(precision: str = "date_precision", day: str = "date") -> pl.Expr:
    """The last day of the period in which an event of that precision may lie."""
    year_end = pl.date(pl.col(day).dt.year(), 12, 31)
    return (
        pl.when(pl.col(precision) == "year")
        .then(year_end)
        .when(pl.col(precision) == "month")
        .then(pl.col(day).dt.month_end())
        .otherwise(pl.col(day))
    )
