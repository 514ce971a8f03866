"""As-of joins: a row gets the newest value that was public when its month began, and nothing newer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from allegiance.evidence.folder import read_table, refuse_duplicates
from allegiance.evidence.states import COW_EXCEPTIONS, lineage, require_known, to_cow, to_gw
from allegiance.forecast.features import MILITARY, PANEL, Feature

FRESH_MONTHS = {"month": 12, "year": 36}
"""A value older than this is carried forward, and said to be (`freshness`)."""
STALE_MONTHS = {"month": 120, "year": 240}
"""A value older than this counts as missing: carrying the last known one is better than the world's mean for years
after a table has ended, not for ever."""


def month_number(year: pl.Expr, month: pl.Expr | int) -> pl.Expr:
    """Months since January of year 0, so that a month later is one more."""
    other = month if isinstance(month, pl.Expr) else pl.lit(month)
    return (year.cast(pl.Int32) * 12 + other.cast(pl.Int32) - 1).cast(pl.Int32)


SUCCESSORS = [cow for gw, cow, _, _ in COW_EXCEPTIONS if gw in (260, 678)]
"""Codes of united Germany and Yemen, which are nobody's before the union."""

Known = tuple[pl.DataFrame, int]
"""A table `unit, known, <features>`, and the months after which its values are stale.

`known` is the first month (see `month_number`) in whose row the values may be used.
"""


def known_values(folder: Path, features: Iterable[Feature], carried: bool = True) -> list[Known]:
    """One `Known` table for each source and lag; unless `carried`, gaps in a state's values are left open."""
    groups: dict[tuple[str, str, int, int, str], list[Feature]] = defaultdict(list)
    for feature in features:
        groups[feature.table, feature.cadence, feature.release, feature.lagged, feature.how].append(feature)
    cache: dict[str, pl.DataFrame] = {}
    columns: dict[str, list[str]] = defaultdict(list)
    for feature in features:
        columns[feature.table].append(feature.column)
    for table, wanted in columns.items():
        cache[table] = _source(folder, table, wanted)
    tables = [(_known(cache[key[0]], group), group, STALE_MONTHS[key[1]]) for key, group in groups.items()]
    return [(_carried(table, group) if carried else table, stale) for table, group, stale in tables]


def _source(folder: Path, table: str, columns: list[str]) -> pl.DataFrame:
    """A source table keyed by `unit, year[, month]`."""
    months = ["ccode", "year", "month"]
    if table == PANEL:
        raw = [c for c in columns if c != "protests_counted"]
        frame = to_system(read_table(folder, table, [*months, *raw]), table)
        if "protests_counted" in columns:
            spliced = pl.col("protests") == pl.col("stability_WB")
            frame = frame.with_columns(protests_counted=pl.when(~spliced).then(pl.col("protests")))
    elif table == MILITARY:
        # a month in which one such regime followed another is listed twice
        listed = read_table(folder, table, [*months, *columns]).group_by(months).agg(pl.col(columns).max())
        every = read_table(folder, PANEL, months).join(listed, on=months, how="left", validate="1:1")
        frame = to_system(every.with_columns(pl.col(columns).fill_null(0)), table)
    else:
        keys = ["gwcode", "year"]
        frame = read_table(folder, table, [*keys, *columns])
        refuse_duplicates(frame, keys, table)
    return frame.with_columns(unit=lineage(pl.col("gwcode")))


def to_system(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Country-months in Correlates of War codes put into the Gleditsch–Ward system, one row per state and month.

    Correlates of War lists old and new Germany (and Yemen) side by side in 1990; the row of the code that is not
    valid at the end of the month is left out. Everything else must be a known state and occur once.
    """
    frame = frame.with_columns(_day=pl.date(pl.col("year"), pl.col("month"), 1).dt.month_end())
    frame = frame.with_columns(gwcode=to_gw(pl.col("ccode"), pl.col("_day")))
    stale = to_cow(pl.col("gwcode"), pl.col("_day")) != pl.col("ccode")
    frame = frame.filter(~pl.col("gwcode").is_in(SUCCESSORS) & ~stale).drop("_day")
    require_known(frame, source)
    return refuse_duplicates(frame, ["gwcode", "year", "month"], source)


def _known(source: pl.DataFrame, group: list[Feature]) -> pl.DataFrame:
    first = group[0]
    values = [pl.col(f.column).cast(pl.Float64).alias(f.name) for f in group]
    if first.cadence == "month":
        known = month_number(pl.col("year"), pl.col("month")) + 1 + first.release
        return source.select("unit", *values, known=known)
    if "month" in source.columns:
        pick = [v.max() if first.how == "max" else v.last() for v in values]
        source = source.sort("unit", "year", "month").group_by("unit", "year", maintain_order=True).agg(pick)
    else:
        source = source.select("unit", "year", *values)
    known = month_number(pl.col("year") - first.lagged + 1, 1) + first.release
    return source.with_columns(known=known).drop("year")


def _carried(table: pl.DataFrame, group: list[Feature]) -> pl.DataFrame:
    """Gaps within a state's own values filled with the last known one, as long as it is not stale."""
    table = table.sort("unit", "known")
    filled = []
    for feature in group:
        value = pl.col(feature.name)
        since = pl.when(value.is_not_null()).then(pl.col("known")).forward_fill().over("unit")
        carried = value.forward_fill().over("unit")
        usable = pl.col("known") - since <= STALE_MONTHS[feature.cadence]
        filled.append(pl.when(usable).then(carried).alias(feature.name))
    return table.with_columns(filled)


def join_known(rows: pl.DataFrame, tables: Iterable[Known]) -> pl.DataFrame:
    """Add to `rows` (with `unit` and month number `t`) the newest values known at `t`, stale ones left out."""
    rows = rows.sort("t")
    for table, stale in tables:
        ordered = table.sort("known")
        rows = rows.join_asof(
            ordered, left_on="t", right_on="known", by="unit", strategy="backward", tolerance=stale,
            check_sortedness=False,
        ).drop("known", strict=False)  # fmt: skip
    return rows
