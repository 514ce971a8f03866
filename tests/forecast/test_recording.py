"""Recorded onsets by decade and press freedom."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made import world

from allegiance.evidence.press import PRESS, press_before
from allegiance.forecast.recording import recorded


def test_counts_by_decade_and_press(tmp_path: Path) -> None:
    panel = world(years=20)
    plain = recorded(panel, tmp_path)
    assert plain["press"].unique().to_list() == ["all"]
    assert plain["onsets"].sum() == panel["mutiny"].sum()
    codes = panel["gwcode"].unique().sort()
    index = pl.DataFrame(
        [(c, y, k / len(codes)) for k, c in enumerate(codes) for y in range(1950, 1970)],
        schema=["gwcode", "year", "v2x_freexp_altinf"],
        orient="row",
    )
    path = tmp_path / f"{PRESS}.csv"
    path.parent.mkdir(parents=True)
    index.write_csv(path)
    split = recorded(panel, tmp_path).filter(pl.col("press") != "all")
    assert split["onsets"].sum() == panel["mutiny"].sum()
    assert set(split["press"]) == {"unfree", "middling", "free"}
    row = split.row(0, named=True)
    assert row["low"] < row["rate"] < row["high"]
    assert row["rate"] == pytest.approx(1000 * row["onsets"] / row["months"])
    first = int(codes[0])
    last = int(codes[-1])
    known = press_before(tmp_path, [(first, 1960), (last, 1960), (first, 1950), (-1, 1960)])
    assert known == [0.0, pytest.approx((len(codes) - 1) / len(codes)), None, None]
