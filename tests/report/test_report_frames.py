"""Sums by side, quantiles over members and carrying forward."""

from __future__ import annotations

import polars as pl
import pytest
from made_up import make_case, make_daily

from allegiance.report import frames


def test_sides_are_sums_of_forces_and_shares_are_weighted() -> None:
    daily = pl.DataFrame(
        {
            "member": [0, 0],
            "day": [0, 0],
            "side": ["n", "n"],
            "force": ["a", "b"],
            "strength": [300.0, 100.0],
            "deserted": [3.0, 5.0],
            "share_conscript": [0.5, 0.1],
            "escalation": [2, 2],
        }
    )
    row = frames.side_totals(daily).row(0, named=True)
    assert row["strength"] == 400
    assert row["deserted"] == 8
    assert row["share_conscript"] == pytest.approx(0.4)
    assert row["escalation"] == 2


def test_cumulative_counts_stay_after_a_war_ends() -> None:
    case = make_case()
    daily = make_daily(case, 3, 20).filter((pl.col("member") != 0) | (pl.col("day") < 10))
    carried = frames.carried(frames.side_totals(daily))
    ended = carried.filter((pl.col("member") == 0) & (pl.col("side") == "north"))
    assert ended.height == 20
    assert ended["killed"].null_count() == 0
    assert ended["killed"][19] == ended["killed"][9]
    assert ended["strength"].null_count() == 10


def test_bands_are_ordered_and_ignore_missing() -> None:
    frame = pl.DataFrame({"day": [0] * 5, "x": [1.0, 2.0, 3.0, float("nan"), None]})
    row = frames.bands(frame, "x").row(0, named=True)
    assert row["median"] == 2.0
    assert row["low"] < row["q25"] < row["median"] < row["q75"] < row["high"]


def test_thin_keeps_both_ends() -> None:
    frame = pl.DataFrame({"day": range(1000)})
    thinned = frames.thin(frame)
    assert thinned.height <= frames.POINTS + 2
    assert thinned["day"][0] == 0
    assert thinned["day"][-1] == 999
    assert frames.thin(frame.clear()).height == 0
