"""Simulated armies beside a forecast: what is learned, from what, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256, write_json
from allegiance.base.tables import write_table
from allegiance.forecast.issue import Issue, make_forecast, parse_month
from allegiance.inference.world import TABLE
from allegiance.report.forecast_page import forecast_page

Forecast = Callable[..., Issue]


@pytest.fixture
def made(quick: None) -> Forecast:
    return lambda folders=(), as_of="1967-12", outcome="coup_attempt", horizon=12: make_forecast(
        Path("unused"), outcome, horizon, parse_month(as_of), simulation=folders
    )


def played(folder: Path, table: pl.DataFrame, kind: str = "world") -> Path:
    """A finished folder of `allegiance world`."""
    folder.mkdir(parents=True)
    whole = table.with_columns(why_not=pl.lit(None, pl.String), mutiny=pl.col("coup_attempt"))
    write_table(folder / TABLE, whole)
    write_json(folder / "manifest.json", {"kind": kind, "identity": {}, "outputs": {TABLE: sha256(folder / TABLE)}})
    return folder


def years(panel: pl.DataFrame, first: int = 1958, last: int = 1969) -> pl.DataFrame:
    """State-years with whether an attempt came."""
    year = pl.col("month").dt.year().cast(pl.Int32)
    rows = panel.with_columns(year=year).filter(pl.col("year").is_between(first, last))
    return rows.group_by("gwcode", "year").agg(came=pl.col("coup_attempt").max()).sort("year", "gwcode")


def chances(rows: pl.DataFrame, good: float, seed: int = 0) -> pl.DataFrame:
    """Chances that know the outcome this well (0: not at all)."""
    rng = np.random.default_rng(seed)
    came = rows["came"].fill_null(0).to_numpy().astype(float)
    odds = 4 * good * (came - 0.5) + rng.normal(0, 1, rows.height)
    return rows.select("gwcode", "year").with_columns(coup_attempt=pl.Series(1 / (1 + np.exp(-odds))))


def test_armies_that_know_better_are_used_and_shown_beside_what_is_issued(
    made: Forecast, small_panel: pl.DataFrame, tmp_path: Path
) -> None:
    bare = made()
    issue = made([played(tmp_path / "good", chances(years(small_panel), 1.0))])
    assert "better" in issue.simulated
    assert issue.table["probability"].to_list() == bare.table["probability"].to_list()  # what is issued stays
    z = {c: np.log(p / (1 - p)) for c in ("probability", "simulation", "with_simulation")
         for p in [issue.table[c].to_numpy()]}  # fmt: skip
    assert np.corrcoef(z["with_simulation"] - z["probability"], z["simulation"])[0, 1] > 0.9
    text = str(forecast_page(issue).sections)
    assert "With simulated armies" in text


def test_noise_is_no_gain_and_no_later_year_is_seen(made: Forecast, small_panel: pl.DataFrame, tmp_path: Path) -> None:
    noise = chances(years(small_panel), 0.0)
    issue = made([played(tmp_path / "noise", noise)])
    assert "better" not in issue.simulated
    later = pl.col("year") > 1968
    changed = noise.with_columns(coup_attempt=pl.when(later).then(0.5).otherwise("coup_attempt"))
    again = made([played(tmp_path / "later", changed)])
    assert again.table.equals(issue.table)
    assert again.simulated == issue.simulated


def test_a_state_that_was_not_played_is_told(made: Forecast, small_panel: pl.DataFrame, tmp_path: Path) -> None:
    table = chances(years(small_panel), 0.5)
    code = int(table["gwcode"][0])
    some = table.filter(~((pl.col("gwcode") == code) & (pl.col("year") == 1968)))
    row = made([played(tmp_path / "some", some)]).table.filter(pl.col("gwcode") == code)
    assert row["with_simulation"].to_list() == [None]
    assert row["probability"][0] > 0


def test_years_may_lie_in_several_folders(made: Forecast, small_panel: pl.DataFrame, tmp_path: Path) -> None:
    table = chances(years(small_panel), 0.5)
    whole = played(tmp_path / "whole", table)
    parts = [played(tmp_path / "a", table.filter(pl.col("year") < 1968)),
             played(tmp_path / "b", table.filter(pl.col("year") >= 1968))]  # fmt: skip
    assert made(parts).table.equals(made([whole]).table)
    with pytest.raises(AllegianceError, match="two of the folders"):
        made([whole, parts[0]])


def test_what_cannot_be_used_is_refused_with_a_cure(made: Forecast, small_panel: pl.DataFrame, tmp_path: Path) -> None:
    table = chances(years(small_panel), 0.5)
    good = played(tmp_path / "good", table)
    with pytest.raises(AllegianceError, match="no army is played for coup_success"):
        made([good], outcome="coup_success")
    with pytest.raises(AllegianceError, match="played for a year") as caught:
        made([good], horizon=3)
    assert "--horizon 12" in str(caught.value.cure)
    with pytest.raises(AllegianceError, match="no army of 1968"):
        made([played(tmp_path / "old", table.filter(pl.col("year") < 1968))])
    with pytest.raises(AllegianceError, match="too few to learn from") as caught:
        made([played(tmp_path / "now", table.filter(pl.col("year") == 1968))])
    assert "allegiance world --years 1958-1968" in str(caught.value.cure)
    with pytest.raises(AllegianceError, match="holds no played years"):
        made([tmp_path / "nowhere"])
    with pytest.raises(AllegianceError, match="no world"):
        made([played(tmp_path / "other", table, kind="campaigns")])
    (good / TABLE).write_bytes(b"cut")
    with pytest.raises(AllegianceError, match="damaged"):
        made([good])
