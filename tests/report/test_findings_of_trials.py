"""Titles of charts of claims, of sensitivity and of fits."""

from __future__ import annotations

import polars as pl

from allegiance.report.figures.experiments import Bar
from allegiance.report.findings import fits, trials

CURVE = pl.DataFrame({
    "line": ["all"] * 2, "measure": ["mutiny"] * 2, "x": [0.0, 1.0], "value": [0.1, 0.6], "low": [0.05, 0.5],
    "high": [0.2, 0.7],
})  # fmt: skip


def test_model_and_studies_are_placed_on_one_scale() -> None:
    ours = [Bar("model", value, None, None, True) for value in (2.0, 0.5)]
    studies = [Bar("study", value, None, None, False) for value in (3.0, 5.0, 2.2)]
    assert trials.beside_studies("C1", [*ours, *studies], True) == (
        "C1: 2 effects of the model from 0.50 to 2.00, 3 estimates of studies from 2.20 to 5.00"
    )
    assert trials.beside_studies("C1", ours[:1], True) == "C1: 1 effect of the model at 2.00, no comparable study"
    endless = [Bar("model", float("inf"), None, None, True)]
    assert trials.beside_studies("C1", endless, True) == "C1: no effect of the model, no comparable study"


def test_a_curve_runs_only_where_its_ends_are_apart() -> None:
    assert trials.runs("Mutiny", "share", CURVE) == "Mutiny rises with share: 0.10 at 0, 0.60 at 1"
    assert "overlap" in trials.runs("Mutiny", "share", CURVE.with_columns(high=pl.lit(0.9)))
    two = pl.concat([CURVE.with_columns(line=pl.lit(name)) for name in ("first", "second")])
    assert "(first)" in trials.runs("Mutiny", "share", two)
    assert "too few points" in trials.runs("Mutiny", "share", CURVE.with_columns(low=pl.lit(None, pl.Float64)))


def test_what_is_traded_for_what() -> None:
    falling = CURVE.with_columns(measure=pl.lit("loss"), value=1 - pl.col("value"), low=1 - pl.col("high"),
                                 high=1 - pl.col("low"))  # fmt: skip
    both = pl.concat([CURVE, falling])
    assert trials.traded(both, {"mutiny": "mutiny", "loss": "losses"}) == "Mutiny: rises; losses: falls"
    wide = both.with_columns(low=pl.lit(0.0), high=pl.lit(1.0))
    assert trials.traded(wide, {"mutiny": "mutiny", "loss": "losses"}) == "Mutiny, losses: cannot be told"


def test_what_drives_an_outcome_and_what_luck_has() -> None:
    rows = pl.DataFrame({
        "input": ["a", "b", "dummy", "chance"], "kind": ["case", "theory", "dummy", "chance"],
        "ST": [0.2, 0.5, 0.0, 0.3],
    })  # fmt: skip
    assert trials.drives("Desertion", rows, True) == (
        "Desertion: b matters most, 0.50 of the variance; chance has 0.30 of a single war"
    )
    assert "seems to matter" in trials.drives("Desertion", rows, False)
    assert trials.drives("Desertion", rows.with_columns(ST=pl.lit(0.0)), True) == "Desertion: no number moves it"


def test_what_the_data_inform_and_whether_ranks_are_flat() -> None:
    known = (("a", True, -1.2), ("b", True, 0.4), ("c", False, 3.0))
    rows = [{"parameter": name, "informed": informed, "shift": shift} for name, informed, shift in known]
    assert fits.informed(rows) == "2 of 3 parameters informed; a moved furthest, -1.2 prior deviations"
    low, high = fits.uniform_band(100, 10)
    assert low < 10 < high
    assert abs(low + high - 20) < 1e-12
    assert fits.ranks([[10] * 10, [100] + [0] * 9]) == (
        "Ranks: 10 of 20 bins inside the band that holds 98 % of uniform counts"
    )
