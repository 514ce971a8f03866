"""Do the 90 % intervals of the forecast probabilities mean something? Counts by risk group against predicted ranges.

    python benchmarks/forecast_intervals.py --data DIR [--outcome coup_attempt] [--first 1985] [--last 2018]

Nobody sees a probability, so no single interval can be checked. What can be checked are counts: each January the
states are put into groups by forecast; each group's events over five years must fall into a 90 % predictive range nine
times in ten. Two ranges are compared: one that takes each forecast as exact (chance of the outcome alone), and one
that draws each probability from its interval first, errors of one year moving together (the worst case for a count).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.forecast.issue import _combined
from allegiance.forecast.models.frame import make_frame
from allegiance.forecast.models.stack import log_odds
from allegiance.forecast.prepare import month_panel
from allegiance.forecast.rolling import MEMBERS, MODELS, one_thread_each, roll

HORIZON, GROUPS, BLOCK, DRAWS = 12, 5, 5, 4000


def januaries(data: Path, outcome: str, first: int, last: int) -> pl.DataFrame:
    """Year, state, probability, deviation of its log-odds and what came of it, each made as a forecast is issued."""
    frame = make_frame(month_panel(data)[0])
    models = [m for m in MODELS if m.name in MEMBERS]
    made = roll(frame, outcome, (HORIZON,), (first - 10) * 12, first * 12 - 1, models)
    memory: dict[str, object] = {}
    parts = []
    for year in range(first, last + 1):
        made = roll(frame, outcome, (HORIZON,), year * 12, year * 12 + 11, models, before=made, memory=memory)
        rows = np.flatnonzero(frame.t == year * 12)
        now = type("Now", (), {"t": np.array([year * 12])})
        p, spread = _combined(now, made, HORIZON, rows)
        y = frame.target(outcome, HORIZON)[rows]
        parts.append(pl.DataFrame({"year": year, "p": p, "spread": spread, "y": y}))
    return pl.concat(parts).filter(pl.col("y").is_not_nan())


def coverage(table: pl.DataFrame, first: int) -> pl.DataFrame:
    """One row per block of years and risk group: expected and observed events and both 90 % ranges."""
    rng = np.random.default_rng(0)
    # groups that expect about the same number of events, as in the reliability picture
    table = table.sort("year", "p").with_columns(
        group=(pl.col("p").cum_sum() / pl.col("p").sum() * GROUPS).over("year").floor().clip(0, GROUPS - 1),
        block=(pl.col("year") - first) // BLOCK,
    )  # fmt: skip
    found = []
    for (block, group), rows in table.group_by(["block", "group"], maintain_order=True):
        p, spread, y = (rows[c].to_numpy() for c in ("p", "spread", "y"))
        _, year = np.unique(rows["year"].to_numpy(), return_inverse=True)
        common = rng.normal(size=(DRAWS, int(year.max()) + 1))[:, year]
        wide = 1 / (1 + np.exp(-(log_odds(p) + spread * common)))
        exact, drawn = (rng.random((DRAWS, len(p))) < p).sum(1), (rng.random((DRAWS, len(p))) < wide).sum(1)
        (a, b), (c, d) = np.percentile(exact, [5, 95]), np.percentile(drawn, [5, 95])
        seen = y.sum()
        found.append({
            "years": f"{first + block * BLOCK}–{rows['year'].max()}", "group": int(group) + 1, "expected": p.sum(),
            "observed": seen, "exact": f"{a:.0f}–{b:.0f}", "in_exact": bool(a <= seen <= b),
            "drawn": f"{c:.0f}–{d:.0f}", "in_drawn": bool(c <= seen <= d),
        })  # fmt: skip
    return pl.DataFrame(found)


def main() -> None:
    """Print the table and the two shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--outcome", default="coup_attempt")
    parser.add_argument("--first", type=int, default=1985)
    parser.add_argument("--last", type=int, default=2018)
    told = parser.parse_args()
    with one_thread_each():
        table = januaries(told.data, told.outcome, told.first, told.last)
    result = coverage(table, told.first)
    with pl.Config(tbl_rows=-1, tbl_cols=-1):
        print(result)
    exact, drawn = result["in_exact"].mean(), result["in_drawn"].mean()
    print(f"{told.outcome}: {result.height} groups, inside the 90 % range of exact forecasts {exact:.0%}, ", end="")
    print(f"with the intervals {drawn:.0%}; median deviation of a log-odds {table['spread'].median():.2f}")


if __name__ == "__main__":
    main()
