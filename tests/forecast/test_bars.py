"""The bars are what was published: the figures come out again from the public rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from allegiance.evidence.folder import read_table
from allegiance.forecast.bars import FORECASTER2, PUBLISHED, plain_ridge
from allegiance.forecast.defection import campaign_years, forecast_defection, score_defection
from allegiance.forecast.models.climatology import Climatology
from allegiance.forecast.models.frame import make_frame
from allegiance.forecast.panel import build_panel
from allegiance.forecast.rolling import roll
from allegiance.forecast.scores import Rows, score_all


def test_the_random_forest_scores_as_published(data_dir):
    rows = read_table(data_dir, FORECASTER2).filter((pl.col("outcome") == "attempt") & pl.col("observed").is_not_null())
    y, p = rows["observed"].to_numpy(), rows["p"].to_numpy()
    assert (len(y), y.sum()) == (1518, 18)
    forest = score_all(Rows(y, rows["gwcode"].to_numpy(), rows["for_year"].to_numpy()), {"rf": p}, "rf")["rf"]
    known = PUBLISHED["forecaster2 2011–2019", "coup_attempt"]["random forest (Beger)"]
    assert forest.value["auc"] == pytest.approx(known["auc"], abs=5e-4)
    assert forest.value["ap"] == pytest.approx(known["ap"], abs=5e-4)
    assert forest.value["brier"] == pytest.approx(known["brier"], abs=5e-6)
    assert forest.value["log"] == pytest.approx(known["log"], abs=5e-5)


def test_the_base_rate_by_year_scores_as_published(data_dir):
    frame = make_frame(build_panel(data_dir, "year"), per_year=1)
    only = (Climatology("climatology-15y", "", years=15),)
    p = roll(frame, "coup_attempt", (1,), 2011, 2019, only).p[1, "climatology-15y"]
    mine = pl.DataFrame({"gwcode": frame.gwcode, "for_year": frame.t, "mine": p})
    rows = read_table(data_dir, FORECASTER2).filter((pl.col("outcome") == "attempt") & pl.col("observed").is_not_null())
    rows = rows.join(mine, on=["gwcode", "for_year"], how="left")
    y, mine_p = rows["observed"].to_numpy(), rows["mine"].to_numpy()
    assert ((y - mine_p) ** 2).mean() == pytest.approx(0.01171, abs=5e-6)
    logs = -(y * np.log(mine_p) + (1 - y) * np.log1p(-mine_p)).mean()
    assert logs == pytest.approx(0.0641, abs=1e-4)


def test_the_monthly_bar_has_its_rows_and_events(data_dir):
    frame = make_frame(build_panel(data_dir, "month"))
    y = frame.target("coup_attempt", 1)
    test = (frame.t >= 2005 * 12) & (frame.t < 2020 * 12) & ~np.isnan(y)
    assert (test.sum(), y[test].sum()) == (34_980, 32)
    before = (frame.t >= 1990 * 12) & (frame.t < 2005 * 12) & ~np.isnan(y)
    rate = y[before].mean()
    assert ((y[test] - rate) ** 2).mean() == pytest.approx(0.000916, abs=1e-6)
    assert -np.log(np.where(y[test] > 0, rate, 1 - rate)).mean() == pytest.approx(0.00791, abs=1e-5)
    ridge = plain_ridge(frame, y)[test]
    assert 1.2 < ridge.sum() / 32 < 1.8  # fitted once, it goes on expecting the old rate


def test_defection_is_forecast_without_the_campaign_itself(data_dir):
    rows = campaign_years(data_dir)
    assert rows["y"].is_in([0.0, 1.0]).all()
    table = score_defection(data_dir)
    assert set(table["model"]) == {"base rate", "history logit", "ridge logit", "boosting"}
    history = table.filter(pl.col("model") == "history logit").row(0, named=True)
    assert history["log_against_climatology"] == "better"
    assert 0.9 < history["expected_observed"] < 1.1
    few = rows.filter(pl.col("id").is_in(rows["id"].unique(maintain_order=True).head(60).to_list()))
    mine = few["id"] == few["id"][0]
    hidden = few.with_columns(y=pl.when(mine).then(1 - pl.col("y")).otherwise(pl.col("y")))
    before, after = forecast_defection(few), forecast_defection(hidden)
    for name, p in before.items():
        np.testing.assert_allclose(after[name][mine.to_numpy()], p[mine.to_numpy()])
        assert not np.allclose(after[name], p)
