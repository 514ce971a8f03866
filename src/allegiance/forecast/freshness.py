"""How old what a forecast rests on is: the newest value of each feature, and whether it is carried forward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from allegiance.evidence.folder import has_table
from allegiance.forecast.asof import FRESH_MONTHS, STALE_MONTHS, known_values
from allegiance.forecast.features import MONTH_FEATURES, Feature


@dataclass(frozen=True)
class Age:
    """A feature in the row of a month: `newest` is the month from which its newest value may be used (None: none)."""

    feature: Feature
    newest: date | None
    months: int | None
    state: str

    def __str__(self) -> str:
        since = f"{self.newest:%Y-%m}" if self.newest else "never"
        return f"{self.feature.words} ({since})"


def reach(folder: Path, features: Iterable[Feature] = MONTH_FEATURES) -> pl.DataFrame:
    """`name, known`: the months from which values of each feature may be used, if at least half as many states as
    usual have one."""
    there = [f for f in features if has_table(folder, f.table)]
    found = [pl.DataFrame(schema={"name": pl.String, "known": pl.Int32})]
    for table, _ in known_values(folder, there, carried=False):
        for name in (c for c in table.columns if c not in ("unit", "known")):
            counts = table.filter(pl.col(name).is_not_null()).group_by("known").len()
            usual = counts.filter(pl.col("len") >= 0.5 * pl.col("len").median())
            found.append(usual.select(pl.lit(name).alias("name"), pl.col("known").cast(pl.Int32)))
    return pl.concat(found).sort("name", "known")


def ages(known: pl.DataFrame, month: date, features: Iterable[Feature] = MONTH_FEATURES) -> list[Age]:
    """The age of every feature in the row of `month`, in months since it became known; `known` is from `reach`.

    `state` is ``fresh``, ``carried`` (older than `FRESH_MONTHS`, still used) or ``missing`` (older than
    `STALE_MONTHS` or never known: left out of the fit).
    """
    t = month.year * 12 + month.month - 1
    newest = dict(known.filter(pl.col("known") <= t).group_by("name").agg(pl.col("known").max()).iter_rows())
    return [_age(f, newest.get(f.name), t) for f in features]


def _age(feature: Feature, newest: int | None, t: int) -> Age:
    if newest is None:
        return Age(feature, None, None, "missing")
    months = t - newest
    late = months > FRESH_MONTHS[feature.cadence]
    state = "missing" if months > STALE_MONTHS[feature.cadence] else "carried" if late else "fresh"
    return Age(feature, date(newest // 12, newest % 12 + 1, 1), months, state)


def warning(found: list[Age]) -> str:
    """What to tell the reader of a forecast: which features are old or absent; empty if all are fresh."""
    said = []
    carried = [a for a in found if a.state == "carried"]
    gone = [a for a in found if a.state == "missing"]
    if carried:
        said.append(f"{_count(carried)} carried forward from the last known value: {_list(carried)}")
    if gone:
        said.append(f"{_count(gone)} not known and left out: {_list(gone)}")
    return "; ".join(said)


def _count(found: list[Age]) -> str:
    return "1 feature is" if len(found) == 1 else f"{len(found)} features are"


def _list(found: list[Age]) -> str:
    return ", ".join(map(str, found[:6])) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
