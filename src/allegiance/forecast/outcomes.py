"""What happened in each country-month: coups by a list of one's choice, and beginnings of mutinies."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import gather
from allegiance.evidence.coding import code, find_rules
from allegiance.evidence.folder import has_table, read_table, refuse_duplicates
from allegiance.evidence.sources.coupcats import observed_to
from allegiance.evidence.sources.powell_thyne import version
from allegiance.evidence.states import to_gw
from allegiance.forecast.asof import month_number, to_system
from allegiance.forecast.features import PANEL

OUTCOMES: tuple[str, ...] = ("coup_attempt", "coup_success", "coup_failed", "mutiny")
MUTINY_COMPLETE: tuple[date, date] = (date(1950, 1, 1), date(2018, 12, 1))
"""Months for which the mutiny lists are complete (Johnson's list to 2017, Mutiny in Africa to 2018)."""
_SPELLS = "coupcats-country-month/mutiny_spells"


def coded_months(folder: Path, coding: str = "powell-thyne") -> pl.DataFrame:
    """Country-months `gwcode, t` with the four outcomes (`t`: see `asof.month_number`).

    Without a table of mutinies their outcome is null throughout: unknown, not zero.

    Raises:
        AllegianceError: `coding` is no rule for coups.
    """
    rows = _coups(folder)
    if coding != "powell-thyne":
        rows = _recode(rows, folder, coding)
    if not has_table(folder, _SPELLS):
        return rows.with_columns(mutiny=pl.lit(None, pl.Int8))
    return _with_mutinies(rows, folder)


def _coups(folder: Path) -> pl.DataFrame:
    """Country-months with Powell and Thyne's coups as the panel gives them, to the last month anybody has observed."""
    raw = read_table(folder, PANEL, ["ccode", "year", "month", "coup_attempt", "coup_successful", "cw"])
    last = observed_to(raw, datetime.now(UTC).date(), version(folder))
    rows = to_system(raw, PANEL)
    attempt, success = pl.col("coup_attempt").cast(pl.Int8), pl.col("coup_successful").cast(pl.Int8)
    rows = rows.select(
        "gwcode",
        t=month_number(pl.col("year"), pl.col("month")),
        coup_attempt=attempt,
        coup_success=success,
        coup_failed=(attempt - success).clip(0, 1),
    )
    seen = rows.filter(pl.col("coup_attempt").is_not_null())
    if seen.is_empty():
        raise AllegianceError(f"{PANEL} knows of no month with or without a coup", "fetch it again: data get coupcats")
    return rows.filter(pl.col("t") <= min(last, int(seen.select(pl.col("t").max()).item())))


def _recode(rows: pl.DataFrame, folder: Path, coding: str) -> pl.DataFrame:
    """The same months with the coups of another list; a month with both a success and a failure has both."""
    (rule,) = find_rules([coding])
    if rule.type != "coup_attempt":
        raise AllegianceError(f"{coding!r} is a rule for {rule.type}, not for coups")
    listed = code(gather(folder), [coding]).filter(pl.col("coding") == coding)
    success = pl.col("success").fill_null(False)
    months = (
        listed.select("gwcode", success, t=month_number(pl.col("date").dt.year(), pl.col("date").dt.month()))
        .group_by("gwcode", "t")
        .agg(
            coup_attempt=pl.lit(1, pl.Int8),
            coup_success=pl.col("success").any().cast(pl.Int8),
            coup_failed=(~pl.col("success")).any().cast(pl.Int8),
        )
    )
    coups = ["coup_attempt", "coup_success", "coup_failed"]
    joined = rows.select("gwcode", "t").join(months, on=["gwcode", "t"], how="left")
    return joined.with_columns(pl.col(coups).fill_null(0))


def _with_mutinies(rows: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Add `mutiny`: 1 in the month a spell begins, null while a spell may go on and where the lists end."""
    columns = ["ccode", "first_year", "first_month", "last_year", "last_month", "left_censored"]
    spells = read_table(folder, _SPELLS, columns)
    day = pl.date(pl.col("first_year"), pl.col("first_month"), 1).dt.month_end()
    spells = spells.with_columns(
        gwcode=to_gw(pl.col("ccode"), day),
        begin=month_number(pl.col("first_year"), pl.col("first_month")),
        end=month_number(pl.col("last_year"), pl.col("last_month")),
    )
    onset = spells.filter(pl.col("left_censored") == 0).select("gwcode", t="begin", onset=pl.lit(1, pl.Int8))
    refuse_duplicates(onset, ["gwcode", "t"], _SPELLS)
    unsure = (
        spells.select("gwcode", t=pl.int_ranges(pl.col("begin"), pl.col("end") + 1, dtype=pl.Int32))
        .explode("t")
        .unique()
        .with_columns(unsure=pl.lit(True))
    )
    low, high = (d.year * 12 + d.month - 1 for d in MUTINY_COMPLETE)
    mutiny = (
        pl.when(~pl.col("t").is_between(low, high)).then(None)
        .when(pl.col("onset") == 1).then(1)
        .when(pl.col("unsure")).then(None)
        .otherwise(0).cast(pl.Int8)
    )  # fmt: skip
    joined = rows.join(onset, on=["gwcode", "t"], how="left").join(unsure, on=["gwcode", "t"], how="left")
    return joined.with_columns(mutiny=mutiny).drop("onset", "unsure")
