"""A small made-up world whose true rates are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from allegiance.evidence.states import states
from allegiance.forecast.models.climatology import Climatology
from allegiance.forecast.models.hazard import Hazard
from allegiance.forecast.models.logit import Logit
from allegiance.forecast.rolling import REFERENCE

QUICK = (
    Climatology(REFERENCE, "", years=15), Hazard(), Logit("logit", "", penalty=0.01),
    Logit("boosting", "stands in for the trees", penalty=0.1, only_history=True),
)  # fmt: skip
"""Models that take no time; the trees have their own tests."""


def world(
    years: int = 30, first: int = 1950, rate: float = 0.01, turn: tuple[int, float] | None = None, seed: int = 0
) -> pl.DataFrame:
    """A panel by month of 60 states; poor states have four times the rate of rich ones.

    Args:
        rate: mean monthly rate. turn: (year, factor): the rate is multiplied from that year on.
    """
    rng, first = np.random.default_rng(seed), 1950
    codes = states().filter(pl.col("end").is_null() & (pl.col("start") < date(1900, 1, 1)))["gwcode"].to_list()[:60]
    months = years * 12
    n = len(codes)
    wealth = np.repeat(rng.normal(size=n), months)
    t = np.tile(np.arange(months), n)
    level = np.where(t // 12 + first >= turn[0], turn[1], 1.0) if turn else np.ones(n * months)
    hazard = np.clip(rate * level * np.exp(-0.7 * wealth - 0.25), 0, 0.5)
    attempt = (rng.random(n * months) < hazard).astype(np.int8)
    success = attempt * (rng.random(n * months) < 0.5)
    mutiny = (rng.random(n * months) < 0.8 * hazard).astype(np.int8)
    frame = pl.DataFrame({
        "gwcode": np.repeat(codes, months).astype(np.int32), "ccode": np.repeat(codes, months).astype(np.int32),
        "month": [date(first + k // 12, k % 12 + 1, 1) for k in t], "in_system": True,
        "coup_attempt": attempt, "coup_success": success.astype(np.int8),
        "coup_failed": (attempt - success).astype(np.int8), "mutiny": mutiny, "gdp_per_head": wealth,
        "leader_age": rng.normal(55, 8, n * months),
    })  # fmt: skip
    past = pl.col("coup_attempt").cast(pl.Float64).shift(1).rolling_sum(60, min_samples=1).over("gwcode")
    frame = frame.with_columns(coup_attempt_60m=past)
    named = states().select("gwcode", "iso3", "country", "region")
    return frame.join(named, on="gwcode", how="left").sort("gwcode", "month")
