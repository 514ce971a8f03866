"""The test by month: what is reported, how the model's numbers become comparable, and scores whose answer is known."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.inference.ukraine import (
    RIVALS,
    as_series,
    block_interval,
    episodes,
    error_of,
    month_of,
    rivals,
    score,
    weigh,
)
from allegiance.inference.ukraine_data import AWOL, COURTS, DAYS, FIT, MERGED, MONTHS, SERIES, Point, named, reported

MEMBERS = 12
NAMED = ("mobilised", "prisoners", "volunteers", "contract", "mercenaries")


def test_months_and_days_agree() -> None:
    month = month_of(np.arange(DAYS))
    assert (MONTHS[0].month, MONTHS[-1].month, len(MONTHS)) == (2, 12, 23)
    assert (month == 0).sum() == 5
    assert (month == FIT).sum() == 31
    assert MONTHS[FIT].year == 2023
    assert month[-1] == 22


def test_reported_periods_are_disjoint_and_sums_are_kept(data_dir: Path) -> None:
    points = reported(data_dir)
    for s in SERIES:
        months = [m for p in points if p.series == s.name for m in p.months]
        assert len(months) == len(set(months)), s.name
        assert any(p.test for p in points if p.series == s.name), s.name
    absent = [p for p in points if p.series == "absence-ukraine" and p.test]
    assert sum(p.value * len(p.months) for p in absent) == pytest.approx(17658)
    courts = [p for p in points if p.series == "courts-russia" and p.test]
    assert sum(p.value * len(p.months) for p in courts) == pytest.approx(5517)


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="ukraine_monthly"):
        reported(tmp_path)


@pytest.fixture
def tables(data_dir: Path, tmp_path: Path) -> Path:
    """A copy of the tables that may be spoilt."""
    for name in (MERGED, AWOL, COURTS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(data_dir / f"{name}.csv", tmp_path / f"{name}.csv")
    return tmp_path


def spoil(path: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    change(pl.read_csv(path, infer_schema_length=None)).write_csv(path)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (MERGED, lambda t: t.drop("economist_deaths"), "lacks column economist_deaths"),
        (MERGED, lambda t: t.with_columns(economist_deaths=-pl.col("economist_deaths")), "2022-02.*is not a number"),
        (MERGED, lambda t: t.with_columns(share_deaths_inmates=pl.lit(7.0)), "is not a share"),
        (MERGED, lambda t: t.with_columns(civilians_killed=pl.lit("many")), "'many' is not a number"),
        (MERGED, lambda t: pl.concat([t, t]), "rows share a key"),
        (MERGED, lambda t: t.filter(pl.col("month") < "2023-01"), "no value of .* in 2023"),
        (AWOL, lambda t: t.filter(pl.col("period") != "2023"), "no awol_art407 for 2023"),
        (AWOL, lambda t: t.with_columns(value=pl.lit(5.0)), "left after the single months"),
        (COURTS, lambda t: t.filter(pl.col("series") == "none"), "holds a header and no rows"),
    ],
)
def test_spoilt_tables_are_named_with_place_and_value(
    tables: Path, name: str, change: Callable[[pl.DataFrame], pl.DataFrame], said: str
) -> None:
    reported(tables)
    spoil(tables / f"{name}.csv", change)
    with pytest.raises(AllegianceError, match=said):
        reported(tables)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x01"])
def test_an_empty_or_binary_table_is_refused(tables: Path, content: bytes) -> None:
    (tables / f"{MERGED}.csv").write_bytes(content)
    with pytest.raises(AllegianceError, match="ukraine_monthly"):
        reported(tables)


def latent(killed: float = 30.0, deserted: float = 20.0) -> dict[str, Any]:
    flat = np.ones((MEMBERS, DAYS))
    columns = {"killed": killed, "new_desertion": deserted, "new_defection": 1.0, "new_refusal": 1.0}
    daily = {(side, c): flat * v for side in ("russia", "ukraine") for c, v in columns.items()}
    daily |= {("russia", "civilians_killed"): flat * 10, ("russia", "area"): flat * 120000}
    kinds = ("mobilised", "prisoner", "volunteer", "contract", "mercenary")
    return {"daily": daily, "composition": {k: np.ones((MEMBERS, len(MONTHS))) for k in kinds}}


def test_reporting_is_fitted_to_2022_and_never_beyond_its_range() -> None:
    told = [Point("courts-russia", tuple(range(FIT)), 1.0)]
    low = as_series(latent(), told)["courts-russia"]
    told = [Point("courts-russia", tuple(range(FIT)), 1e6)]
    high = as_series(latent(), told)["courts-russia"]
    assert high.mean() / low.mean() == pytest.approx(4.0)  # a range of 0.1 to 0.4
    assert low[0, 0] < low[0, 10]  # court cases trail the offence
    shares = sum(as_series(latent(), told)[n] for n in NAMED)
    np.testing.assert_allclose(shares, 1.0)


def test_draws_that_agree_with_2022_weigh_more_and_2023_is_not_looked_at() -> None:
    points = [Point("area", (k,), 120000.0) for k in range(len(MONTHS))]
    monthly = {s.name: np.ones((MEMBERS, len(MONTHS))) for s in SERIES}
    monthly["area"] = np.full((MEMBERS, len(MONTHS)), 120000.0)
    monthly["area"][:6, :FIT] = 20000.0
    weights, effective, _ = weigh(monthly, points)
    assert weights.sum() == pytest.approx(1)
    assert weights[:6].sum() < 0.3 < weights[6:].sum()
    assert effective <= MEMBERS / 2
    monthly["area"][:, FIT:] = 1.0
    np.testing.assert_array_equal(weigh(monthly, points)[0], weights)


def test_a_model_that_knows_2023_beats_both_rivals_and_one_that_does_not_is_beaten() -> None:
    values = np.concatenate([np.linspace(100, 200, FIT), np.full(12, 1500.0)])
    points = [Point("dead-russia", (k,), v) for k, v in enumerate(values)]
    knows = {s.name: np.tile(values, (MEMBERS, 1)) for s in SERIES}
    weights = np.full(MEMBERS, 1 / MEMBERS)
    row = score(knows, weights, points).row(0, named=True)
    assert row["series"] == "dead-russia"
    assert row["model"] == pytest.approx(0, abs=1e-9)
    assert [row[f"{r}_verdict"] for r in RIVALS] == ["beaten", "beaten"]
    wrong = {s.name: np.full((MEMBERS, len(MONTHS)), 2.0) for s in SERIES}
    row = score(wrong, weights, points).row(0, named=True)
    assert [row[f"{r}_verdict"] for r in RIVALS] == ["not beaten", "not beaten"]


def test_rivals_go_on_from_2022() -> None:
    points = [Point("dead-russia", (k,), float(np.exp(5 + 0.1 * k + 0.02 * (-1) ** k))) for k in range(FIT)]
    found = rivals(named("dead-russia"), points, 0)
    last = len(MONTHS) - 1
    assert np.median(found["persistence"][:, last]) == pytest.approx(5 + 0.1 * (FIT - 1), abs=0.3)
    assert np.median(found["trend"][:, last]) == pytest.approx(5 + 0.1 * last, abs=0.1)
    assert found["persistence"][:, last].std() > found["persistence"][:, FIT].std()
    assert rivals(named("dead-russia"), points[:3], 0) == {}


def test_blocks_widen_the_interval_of_what_hangs_together() -> None:
    gap = np.repeat([1.0, -1.0, 1.0, -1.0], 3)
    low, high = block_interval(gap, 0)
    assert low < -0.4
    assert high > 0.4


def test_episodes_are_chances() -> None:
    monthly = {s.name: np.ones((MEMBERS, len(MONTHS))) for s in SERIES}
    monthly["absence-ukraine"] = np.tile(np.arange(len(MONTHS), dtype=float), (MEMBERS, 1))
    table = episodes(monthly, np.zeros((MEMBERS, DAYS)), np.full(MEMBERS, 1 / MEMBERS))
    chance = dict(table.iter_rows())
    assert chance["Ukrainian absence grows from late 2022 to late 2023"] == pytest.approx(1)
    assert chance["some mutiny in Wagner in March-June 2023"] == 0


def test_the_error_of_reports_is_fitted_to_2022_and_widens_the_forecast() -> None:
    """Members miss every month of 2022 by a factor of two: the forecast of 2023 covers as much."""
    values = np.where(np.arange(len(MONTHS)) % 2 == 0, 200.0, 50.0)
    points = [Point("dead-russia", (k,), v) for k, v in enumerate(values)]
    monthly = {s.name: np.full((MEMBERS, len(MONTHS)), 100.0) for s in SERIES}
    weights = np.full(MEMBERS, 1 / MEMBERS)
    row = score(monthly, weights, points).row(0, named=True)
    assert row["error"] == pytest.approx(np.log(2))
    assert row["covered_90"] == 1
    assert row["model"] < row["bare"]
    later = [Point("dead-russia", (k,), v) for k, v in enumerate(values[:FIT])]
    assert error_of(SERIES[0], monthly["dead-russia"], weights, later) == row["error"]
