"""From the run's daily frame to what pictures show: sums by side, quantiles over members, dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from allegiance.world.quantities import MEANS, QUANTITIES, SIDE_WIDE, SUMS

LEVELS = {"low": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "high": 0.95}
"""Quantiles shown: the central 90 % and 50 % intervals and the median."""
POINTS = 130
"""Most days shown in one picture; a year becomes every third day."""

_CUMULATIVE = tuple(q.name for q in QUANTITIES if q.kind == "cumulative")


def side_totals(daily: pl.DataFrame) -> pl.DataFrame:
    """One row per member, day and side: counts summed over forces, shares and grievance weighted by strength.

    Args:
        daily: the run's daily frame, one row per member, day, side and force.
    """
    have = set(daily.columns)
    weight = pl.col("strength")
    means = [c for c in MEANS if c in have]
    return (
        daily.group_by("member", "day", "side")
        .agg(
            *(pl.col(c).sum() for c in SUMS if c in have),
            *((pl.col(c).fill_nan(0.0).fill_null(0.0) * weight).sum().alias(c) for c in means),
            *(pl.col(c).max() for c in SIDE_WIDE if c in have),
        )
        .with_columns(pl.when(weight > 0).then(pl.col(c) / weight).otherwise(None).alias(c) for c in means)
        .sort("side", "member", "day")
    )


def carried(totals: pl.DataFrame) -> pl.DataFrame:
    """Every member on every day: after a member's war has ended its cumulative counts stay as they were."""
    keys = totals.select("member").unique().join(totals.select("day").unique(), how="cross")
    keys = keys.join(totals.select("side").unique(), how="cross")
    wide = keys.join(totals, on=["member", "day", "side"], how="left").sort("side", "member", "day")
    kept = [c for c in _CUMULATIVE if c in totals.columns]
    return wide.with_columns(pl.col(c).forward_fill().over("side", "member") for c in kept)


def bands(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Quantiles over members for each day: columns day, low, q25, median, q75, high.

    Args:
        frame: rows of one side, one per member and day.
        column: what to take quantiles of; missing values are left out.
    """
    value = pl.col(column).fill_nan(None)
    return (
        frame.filter(value.is_not_null())
        .group_by("day")
        .agg(value.quantile(level, "linear").alias(name) for name, level in LEVELS.items())
        .sort("day")
    )


def thin(frame: pl.DataFrame, points: int = POINTS) -> pl.DataFrame:
    """At most about `points` evenly spaced rows, with the first and the last."""
    step = max(1, -(-frame.height // points))
    picked = sorted({*range(0, frame.height, step), frame.height - 1}) if frame.height else []
    return frame[picked]


def dates(start: date, days: Sequence[int] | pl.Series) -> list[date]:
    """Calendar dates of day numbers; day 0 is the case's first day.

    >>> dates(date(2022, 2, 24), [0, 5])
    [datetime.date(2022, 2, 24), datetime.date(2022, 3, 1)]
    """
    return [start + timedelta(days=int(day)) for day in days]
