"""Defection of security forces in protest and resistance campaigns, one campaign-year ahead (NAVCO 2.1).

The table holds neither country nor calendar year, so there is no rolling origin: whole campaigns are left out in
turn (ten folds), and each year's defection is forecast from the campaign's state the year before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.evidence.folder import read_table
from allegiance.forecast.horizons import Floats
from allegiance.forecast.rolling import one_thread_each
from allegiance.forecast.scores import METRICS, Rows, compare, score_all

TABLE = "navco-campaigns/navco21_campaign_years"
FEATURES = (
    "years_active", "prim_meth", "camp_size", "camp_support", "regime_support", "repression", "indiscrim",
    "in_media", "pi_armed_wing", "pi_police", "gdppc", "cold_war",
)  # fmt: skip
REFERENCE = "base rate"
FOLDS = 10


def campaign_years(data: Path) -> pl.DataFrame:
    """`id, y` (defection this year), the state of the campaign the year before, `before` (defection then) and
    `ever` (in any earlier year).

    Raises:
        AllegianceError: the table is missing or from another release.
    """
    raw = read_table(data, TABLE, ["id", "sec_defect", *FEATURES])
    raw = raw.with_columns(pl.all().cast(pl.Float64, strict=False)).unique(["id", "years_active"], keep="first")
    raw = raw.sort("id", "years_active").with_columns(
        ever=pl.col("sec_defect").fill_null(0).cum_max().over("id", order_by="years_active"),
        gdppc=pl.col("gdppc").log(), before=pl.col("sec_defect"),
    )  # fmt: skip
    following = raw.select("id", years_active=pl.col("years_active") - 1, y="sec_defect")
    return raw.join(following, on=["id", "years_active"]).filter(pl.col("y").is_not_null()).drop("sec_defect")


def forecast_defection(rows: pl.DataFrame) -> dict[str, Floats]:
    """Forecasts of each model for each row, made without the row's campaign.

    Raises:
        AllegianceError: fewer campaigns than folds.
    """
    if rows["id"].n_unique() < FOLDS:
        raise AllegianceError(f"{rows['id'].n_unique()} campaigns are too few to leave some out", "use the whole table")
    selection: Any = require("sklearn.model_selection", "forecast")
    y, group = rows["y"].to_numpy(), rows["id"].to_numpy()
    columns = {"history logit": ["before", "ever", "years_active"], "ridge logit": [*FEATURES, "before", "ever"]}
    names = [REFERENCE, *columns, "boosting"]
    result = {name: np.empty(len(y)) for name in names}
    for train, test in selection.GroupKFold(FOLDS).split(y, y, group):
        result[REFERENCE][test] = y[train].mean()
        for name in names[1:]:
            x = rows.select(columns.get(name, columns["ridge logit"])).to_numpy()
            with one_thread_each():
                model = _model(name).fit(x[train], y[train])
                result[name][test] = model.predict_proba(x[test])[:, 1]
    return result


def _model(name: str) -> Any:
    if name == "boosting":
        ensemble: Any = require("sklearn.ensemble", "forecast")
        return ensemble.HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.05, max_depth=2, l2_regularization=10.0, early_stopping=False, random_state=0
        )
    pipeline: Any = require("sklearn.pipeline", "forecast")
    impute: Any = require("sklearn.impute", "forecast")
    scale: Any = require("sklearn.preprocessing", "forecast")
    linear: Any = require("sklearn.linear_model", "forecast")
    return pipeline.make_pipeline(impute.SimpleImputer(), scale.StandardScaler(), linear.LogisticRegression(C=0.1))


def score_defection(data: Path) -> pl.DataFrame:
    """Scores of every model with intervals from a bootstrap of whole campaigns, one row per model."""
    rows = campaign_years(data)
    forecasts = forecast_defection(rows)
    y, unit = rows["y"].to_numpy(), rows["id"].to_numpy()
    scored = score_all(Rows(y, unit, np.zeros(len(y), dtype=np.int64)), forecasts, REFERENCE)
    table = []
    for name, one in scored.items():
        row: dict[str, Any] = {"outcome": "defection", "model": name, "rows": len(y), "events": int(y.sum())}
        for metric in METRICS:
            low, high = one.interval(metric)
            row |= {metric: one.value[metric], f"{metric}_low": low, f"{metric}_high": high}
        verdict = "" if name == REFERENCE else compare(one, scored[REFERENCE], "log")["verdict"]
        table.append(row | {"log_against_climatology": verdict})
    return pl.DataFrame(table)
