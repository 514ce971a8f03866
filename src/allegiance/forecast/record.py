"""The record of a state: what the ledger forecast for it, and what came."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from allegiance.forecast.horizons import targets
from allegiance.forecast.ledger import Entry, read
from allegiance.forecast.prepare import month_panel

SCHEMA = {"as_of": pl.Date, "outcome": pl.String, "horizon": pl.Int64, "issued": pl.String, "probability": pl.Float64,
          "low": pl.Float64, "high": pl.Float64, "climatology": pl.Float64, "happened": pl.Int8}  # fmt: skip


def record(book: Path, gwcode: int, data: Path) -> pl.DataFrame:
    """All forecasts of a ledger for one state, oldest first, with the columns of `SCHEMA`.

    `happened` is 1 or 0, null while the window is not over or not coded.

    Raises:
        AllegianceError: the ledger was tampered with, or a table of the data folder is missing.
    """
    if not book.is_dir():
        return pl.DataFrame(schema=SCHEMA)
    panel, _ = month_panel(data)
    own = panel.filter(pl.col("gwcode") == gwcode)
    last = {o: panel.filter(pl.col(o).is_not_null())["month"].max() for o in ("coup_attempt", "mutiny")}
    rows = []
    for entry in read(book):
        said = entry.table.filter(pl.col("gwcode") == gwcode)
        if said.is_empty():
            continue
        row = said.row(0, named=True)
        outcome, horizon = entry.key
        end = last["mutiny" if outcome == "mutiny" else "coup_attempt"]
        rows.append({
            "as_of": entry.as_of, "outcome": outcome, "horizon": horizon, "issued": str(entry.content["issued"]),
            **{c: row[c] for c in ("probability", "low", "high", "climatology")},
            "happened": _came(entry, own, outcome, horizon, end),
        })  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _came(entry: Entry, own: pl.DataFrame, outcome: str, horizon: int, end: object) -> int | None:
    """Whether it happened in the window; null if the window reaches past `end`, the last month anybody has coded."""
    month = own["month"]
    t = (month.dt.year().cast(pl.Int64) * 12 + month.dt.month().cast(pl.Int64) - 1).to_numpy()
    first = entry.as_of.year * 12 + entry.as_of.month
    if end is None or first + horizon - 1 > end.year * 12 + end.month - 1 or not (t == first).any():  # type: ignore[attr-defined]
        return None
    y = own[outcome].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    value = targets(np.zeros(len(t), dtype=np.int64), t, y, horizon)[t == first][0]
    return None if np.isnan(value) else int(value)
