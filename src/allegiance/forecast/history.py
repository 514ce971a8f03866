"""What is remembered of past coups and mutinies at the start of a month."""

from __future__ import annotations

import polars as pl

from allegiance.forecast.asof import FRESH_MONTHS, Known
from allegiance.forecast.features import HISTORY_OUTCOMES, HISTORY_WINDOWS


def history(outcomes: pl.DataFrame) -> list[Known]:
    """History features per outcome, as tables `unit, known, ...` for `join_known`.

    Args:
        outcomes: `unit, region, t` and one 0/1/null column per outcome, one row per unit and month.

    Counts run over the months whose outcome is known; an unknown month counts as zero (the months inside a cluster
    of mutinies). Nothing is said after the last month in which any state's outcome is known: older values are
    carried forward for a year and no longer, since a count of the last twelve months says nothing of later ones.
    """
    return [(_one(outcomes, name), FRESH_MONTHS["month"]) for name in HISTORY_OUTCOMES]


def _one(outcomes: pl.DataFrame, name: str) -> pl.DataFrame:
    last = outcomes.filter(pl.col(name).is_not_null())["t"].max()
    seen = outcomes.filter(pl.col("t") <= -1 if last is None else pl.col("t") <= last)
    grid = _complete(seen.select("unit", "region", "t", pl.col(name).fill_null(0)), name)
    counts = [
        pl.col(name).rolling_sum(window, min_samples=1).over("unit", order_by="t").alias(f"{name}_{window}m")
        for window in HISTORY_WINDOWS
    ]
    latest = pl.when(pl.col(name) > 0).then(pl.col("t")).forward_fill().over("unit", order_by="t")
    started = pl.col("t").min().over("unit") - 1
    own = grid.with_columns(*counts, (pl.col("t") - latest.fill_null(started)).alias(f"{name}_since"))
    world = _wide(grid, name, [], f"{name}_world_12m")
    region = _wide(grid, name, ["region"], f"{name}_region_12m")
    own = own.join(world, on="t", how="left").join(region, on=["region", "t"], how="left")
    floats = [c for c in own.columns if c.startswith(f"{name}_")]
    return own.select("unit", pl.col(floats).cast(pl.Float64), known=(pl.col("t") + 1).cast(pl.Int32))


def _complete(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Fill gaps in a state's months (Syria within the United Arab Republic) with months without events."""
    span = frame.group_by("unit").agg(
        t=pl.int_ranges(pl.col("t").min(), pl.col("t").max() + 1, dtype=pl.Int32).first(),
        region=pl.col("region").last(),
    )
    return (
        span.explode("t")
        .join(frame.select("unit", "t", name), on=["unit", "t"], how="left")
        .with_columns(pl.col(name).fill_null(0))
        .sort("unit", "t")
    )


def _wide(grid: pl.DataFrame, name: str, by: list[str], to: str) -> pl.DataFrame:
    """Events of the last twelve months over all states, or over those of each region."""
    total = grid.group_by([*by, "t"]).agg(pl.col(name).sum()).sort([*by, "t"])
    rolled = pl.col(name).rolling_sum(12, min_samples=1)
    return total.select(*by, "t", (rolled.over(by, order_by="t") if by else rolled).alias(to))
