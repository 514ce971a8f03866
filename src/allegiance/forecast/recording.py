"""How unevenly mutinies are recorded: onsets by decade and by freedom of the press.

A mutiny that no newspaper printed is in no list. If fewer are recorded where the press is unfree, a low rate there says
less about soldiers than about editors; the table shows how large that difference can be. It cannot be told apart from a
true difference, so nothing is corrected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.extras import require
from allegiance.evidence.press import INDEX, press_index

THIRDS = ("unfree", "middling", "free")


def recorded(panel: pl.DataFrame, data: Path, outcome: str = "mutiny") -> pl.DataFrame:
    """Onsets by decade and third of press freedom (thirds of each year's states; V-Dem's index of free expression).

    Columns: `decade, press, months, onsets, rate, low, high`; the rate is per thousand state-months with a 95 %
    interval (exact Poisson). `press` is "all" for the whole decade, and the only one where the index is not at hand.
    """
    known = panel.filter(pl.col(outcome).is_not_null()).select(
        pl.col("gwcode").cast(pl.Int64), outcome, year=pl.col("month").dt.year().cast(pl.Int64)
    ).with_columns(decade=pl.col("year") // 10 * 10)  # fmt: skip
    parts = [known.with_columns(press=pl.lit("all"))]
    if (index := press_index(data)) is not None:
        rank = (pl.col(INDEX).rank("ordinal") - 1) / pl.len()
        third = (rank.over("year") * 3).floor().cast(pl.Int64).replace_strict(dict(enumerate(THIRDS)))
        keys = index.select(pl.col("gwcode").cast(pl.Int64), pl.col("year").cast(pl.Int64), press=third)
        parts.append(known.join(keys, on=["gwcode", "year"]).select(parts[0].columns))
    counts = pl.concat(parts).group_by("decade", "press").agg(months=pl.len(), onsets=pl.col(outcome).sum())
    chi2: Any = require("scipy.stats", "forecast").chi2
    rows = []
    for row in counts.sort("decade", "press").to_dicts():
        n, per = int(row["onsets"]), 1000 / row["months"]
        low = float(chi2.ppf(0.025, 2 * n) / 2) if n else 0.0
        rows.append(row | {"rate": n * per, "low": low * per, "high": float(chi2.ppf(0.975, 2 * n + 2) / 2) * per})
    return pl.DataFrame(rows)
