"""The bars: published or plain forecasts of the same rows, and whether ours are better, worse or undecided.

Every bar is scored on exactly the rows it was published for. Where the rival's forecasts are at hand or can be
made again, differences are paired on the same bootstrap draws; where only its figure is known, the figure is held
against the interval of our own score, which separates less.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.evidence.folder import read_table
from allegiance.forecast.asof import month_number, to_system
from allegiance.forecast.features import PANEL
from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.frame import Frame, standardise
from allegiance.forecast.models.tail import threshold
from allegiance.forecast.rolling import FINAL, RECENCY, REFERENCE, RIDGE, STACK, Forecasts
from allegiance.forecast.scores import BETTER_LOW, UNDECIDED, Rows, Scored, compare, score_all

FORECASTER2 = "forecaster2/forecasts_2011_2020"
_THEIR_NAMES = {"coup_attempt": "attempt", "coup_success": "coup", "coup_failed": "failed"}
OURS = FINAL
YEARLY = f"{FINAL} by year"
METRICS = ("auc", "ap", "brier", "log", "expected_observed")

PUBLISHED: dict[tuple[str, str], dict[str, dict[str, float]]] = {
    ("forecaster2 2011–2019", "coup_attempt"): {
        "random forest (Beger)": {"auc": 0.794, "ap": 0.057, "brier": 0.01195, "log": 0.0610},
        "plain logit": {"auc": 0.757, "ap": 0.101, "brier": 0.01148, "log": 0.0586},
        "15-year base rate": {"brier": 0.01171, "log": 0.0641},
    },
    ("forecaster2 2011–2019", "coup_success"): {
        "best published": {"auc": 0.788, "brier": 0.00643, "log": 0.0358},
    },
    ("country-months 2005–2019", "coup_attempt"): {
        "plain ridge logit fitted before 2005": {
            "auc": 0.845, "ap": 0.0069, "brier": 0.000914, "log": 0.00657, "expected_observed": 1.36,
        },
        "15-year base rate": {"brier": 0.000916, "log": 0.00791},
    },
}  # fmt: skip
"""Figures to beat, as measured on public files, by (rows, outcome) and rival."""


@dataclass(frozen=True)
class BarRows:
    """The rows of one bar with every forecast of them, scored on the same draws."""

    name: str
    outcome: str
    rows: Rows
    scored: dict[str, Scored]


Rolled = tuple[Frame, dict[str, Forecasts]]
"""A panel and its rolling forecasts by outcome."""


def bars(monthly: Rolled, yearly: Rolled, data: Path) -> pl.DataFrame:
    """One row per bar, rival and metric.

    Columns: `rows_name, outcome, rows, events, rival, metric, to_beat` (published, may be null), `rival_here` (made
    again here, may be null), `ours, ours_low, ours_high, difference, low, high` (ours − rival, paired 95 % interval
    where the rival was made again) and `verdict`.

    Raises:
        AllegianceError: the table of published forecasts is missing.
    """
    frame, forecasts = monthly
    tables = [_forecaster2(monthly, yearly, name, data) for name in _THEIR_NAMES if name in forecasts]
    tables.append(_country_months(frame, forecasts["coup_attempt"], data))
    tables += rolling_bars(frame, forecasts)
    return pl.DataFrame([row for table in tables for row in _compared(table)], infer_schema_length=None)


ROLLING: tuple[tuple[str, int, int, int, tuple[str, ...]], ...] = (
    # outcome, months ahead, first and last year, rivals
    ("coup_attempt", 12, 1980, 2019, (STACK, RIDGE, RECENCY, REFERENCE)),
    ("coup_attempt", 12, 2005, 2019, (STACK, RIDGE, RECENCY, REFERENCE)),
    ("coup_attempt", 1, 1980, 2019, (STACK, RIDGE, RECENCY, REFERENCE)),
    ("mutiny", 1, 1985, 2018, (RECENCY, "coup transfer", "climatology", REFERENCE)),
    ("mutiny", 6, 1985, 2018, (RECENCY, "coup transfer", "climatology", REFERENCE)),
    ("mutiny", 12, 1985, 2018, (RECENCY, "coup transfer", "climatology", REFERENCE)),
)
"""Rivals on rolling origins: what is issued against the plainer forecasts of the same rows."""


def rolling_bars(frame: Frame, forecasts: dict[str, Forecasts]) -> list[BarRows]:
    """The bars of `ROLLING` for the outcomes and horizons at hand."""
    tables = []
    for name, h, first, last, rivals in ROLLING:
        if name not in forecasts or h not in forecasts[name].horizons:
            continue
        target, p = frame.target(name, h), forecasts[name].p
        said = [OURS, *(r for r in rivals if (h, r) in p)]
        rows = (frame.t >= first * 12) & (frame.t + h <= (last + 1) * 12) & ~np.isnan(target)
        rows &= ~np.any([np.isnan(p[h, m]) for m in said], axis=0)
        label = f"{h} month{'s' * (h > 1)} ahead {first}–{last}"
        there = Rows(target[rows], frame.unit[rows], frame.t[rows])
        tables.append(BarRows(label, name, there, score_all(there, {m: p[h, m][rows] for m in said}, REFERENCE)))
    return tables


def safe_states(
    frame: Frame, forecasts: Forecasts, h: int, years: tuple[int, int], model: str = FINAL
) -> dict[str, float]:
    """States forecast below one per cent a year: `rows`, `expected` and `observed` events (windows divided by `h`),
    and the range `low` to `high` of the events that chance allows at the true level (95 %, Poisson, exact).
    """
    chi2: Any = require("scipy.stats", "forecast").chi2
    target, p = frame.target(forecasts.outcome, h), forecasts.p[h, model]
    rows = (frame.t >= years[0] * 12) & (frame.t + h <= (years[1] + 1) * 12) & ~np.isnan(target) & (p < threshold(h))
    seen = float(target[rows].sum()) / h
    low = float(chi2.ppf(0.025, 2 * seen) / 2) if seen > 0 else 0.0
    high = float(chi2.ppf(0.975, 2 * (seen + 1)) / 2)
    return {"rows": float(rows.sum()), "expected": float(p[rows].sum()) / h, "observed": seen, "low": low, "high": high}


def _forecaster2(monthly: Rolled, yearly: Rolled, name: str, data: Path) -> BarRows:
    """Their rows; ours is the 12-month forecast of each first of January."""
    frame, yearly_frame = monthly[0], yearly[0]
    theirs = read_table(data, FORECASTER2, ["gwcode", "for_year", "outcome", "observed", "p"])
    theirs = theirs.filter((pl.col("outcome") == _THEIR_NAMES[name]) & pl.col("observed").is_not_null())
    january = frame.t % 12 == 0
    year = pl.DataFrame({
        "gwcode": yearly_frame.gwcode, "for_year": yearly_frame.t, YEARLY: yearly[1][name].p[1, OURS],
        "15-year base rate": yearly[1][name].p[1, REFERENCE],
    })  # fmt: skip
    month = pl.DataFrame({
        "gwcode": frame.gwcode[january], "for_year": frame.t[january] // 12,
        OURS: monthly[1][name].p[12, OURS][january],
    })  # fmt: skip
    joined = theirs.join(year, on=["gwcode", "for_year"], how="left").join(month, on=["gwcode", "for_year"], how="left")
    # two or three of their rows have no January row by month (a state that began in the year): the yearly model's
    joined = joined.with_columns(pl.col(OURS).fill_nan(None).fill_null(pl.col(YEARLY)))
    rows = Rows(joined["observed"].to_numpy(), joined["gwcode"].to_numpy(), joined["for_year"].to_numpy())
    forecasts = {c: joined[c].to_numpy() for c in (OURS, YEARLY, "15-year base rate")}
    rival = "random forest (Beger)" if name == "coup_attempt" else "random forest (Beger, same file)"
    forecasts[rival] = joined["p"].to_numpy()
    label = "forecaster2 2011–2019"
    return BarRows(label, name, rows, score_all(rows, forecasts, "15-year base rate"))


def _country_months(frame: Frame, forecasts: Forecasts, data: Path) -> BarRows:
    """All country-months of 2005–2019, one month ahead, with the plain rivals made again."""
    y = frame.target("coup_attempt", 1)
    test = (frame.t >= 2005 * 12) & (frame.t < 2020 * 12) & ~np.isnan(y)
    rows = Rows(y[test], frame.unit[test], frame.t[test])
    window = (frame.t >= 1990 * 12) & (frame.t < 2005 * 12) & ~np.isnan(y)
    keys = pl.DataFrame({"gwcode": frame.gwcode[test], "t": frame.t[test]})
    published = keys.join(published_ridge(data), on=["gwcode", "t"], how="left", maintain_order="left", validate="1:1")
    rivals = {
        OURS: forecasts.p[1, OURS][test],
        "plain ridge logit fitted before 2005": published["p"].to_numpy(),
        "the same with release lags": plain_ridge(frame, y)[test],
        "15-year base rate": np.full(int(test.sum()), y[window].mean()),
    }
    return BarRows("country-months 2005–2019", "coup_attempt", rows, score_all(rows, rivals, "15-year base rate"))


NOT_IN_BAR = ("country", "ccode", "gwcode", "year", "month", "coup_attempt", "coup_successful", "mutiny6", "mutiny12")
LONG_TAILED = ("pce", "Leader_duration", "brd", "milper", "Inflation")


def published_ridge(data: Path) -> pl.DataFrame:
    """The bar as it was published: `gwcode, t, p` from the source's columns a month late, whenever they came out.

    Ridge logit (scikit-learn's default strength) fitted once to the months before 2005, counts on a log scale.
    It knows what nobody knew then (a year's democracy score in the January of the next) and is no honest forecast.
    """
    raw = to_system(read_table(data, PANEL), PANEL).with_columns(t=month_number(pl.col("year"), pl.col("month")))
    names = [c for c in raw.columns if c not in (*NOT_IN_BAR, "t")]
    values = [pl.col(c).cast(pl.Float64) for c in names]
    late = raw.select("gwcode", *[
        v.sign() * v.abs().log1p() if c.startswith(LONG_TAILED) else v for c, v in zip(names, values, strict=True)
    ], t=pl.col("t") + 1)  # fmt: skip
    rows = raw.select("gwcode", "t", "coup_attempt").join(late, on=["gwcode", "t"], how="left", maintain_order="left")
    before = (rows["t"] < 2005 * 12).to_numpy()
    x = rows.select(names).fill_null(float("nan")).to_numpy()
    spread = np.nanstd(x[before], 0)
    z = np.nan_to_num((x - np.nanmean(x[before], 0)) / np.where(spread > 0, spread, 1.0))
    linear: Any = require("sklearn.linear_model", "forecast")
    model = linear.LogisticRegression(C=1.0, solver="newton-cholesky")
    model.fit(z[before], rows["coup_attempt"].to_numpy()[before])
    return rows.select(pl.col("gwcode", "t").cast(pl.Int64)).with_columns(p=pl.Series(model.predict_proba(z)[:, 1]))


def plain_ridge(frame: Frame, y: Floats) -> Floats:
    """A ridge logit (scikit-learn's default strength) fitted once to all months before 2005: the bar on this panel."""
    linear: Any = require("sklearn.linear_model", "forecast")
    z = standardise(frame, 2005 * 12)
    train = (frame.t < 2005 * 12) & ~np.isnan(y)
    model = linear.LogisticRegression(C=1.0, solver="newton-cholesky").fit(z[train], y[train])
    return np.asarray(model.predict_proba(z)[:, 1])


def _compared(table: BarRows) -> list[dict[str, Any]]:
    published = PUBLISHED.get((table.name, table.outcome), {})
    rivals = [*published, *[r for r in table.scored if r != OURS and r not in published]]
    return [
        _bar(table, rival, metric, published.get(rival, {}).get(metric))
        for rival in rivals
        for metric in METRICS
        if rival in table.scored or metric in published.get(rival, {})
    ]


def _bar(table: BarRows, rival: str, metric: str, to_beat: float | None) -> dict[str, Any]:
    ours = table.scored[OURS]
    low, high = ours.interval(metric)
    row: dict[str, Any] = {
        "rows_name": table.name, "outcome": table.outcome, "rows": len(table.rows.y),
        "events": int(table.rows.y.sum()), "rival": rival, "metric": metric, "to_beat": to_beat, "rival_here": None,
        "ours": ours.value[metric], "ours_low": low, "ours_high": high,
        "difference": None, "low": None, "high": None,
    }  # fmt: skip
    if metric == "expected_observed":
        here = table.scored[rival].value[metric] if rival in table.scored else None
        inside = "inside 0.8–1.25" if 0.8 <= ours.value[metric] <= 1.25 else "outside 0.8–1.25"
        return row | {"rival_here": here, "verdict": inside}
    if rival in table.scored:
        paired = compare(ours, table.scored[rival], metric)
        return row | {"rival_here": table.scored[rival].value[metric]} | paired
    assert to_beat is not None
    sign = -1.0 if metric in BETTER_LOW else 1.0
    worst, best = sorted((sign * (low - to_beat), sign * (high - to_beat)))
    verdict = "better" if worst > 0 else "worse" if best < 0 else UNDECIDED
    return row | {"difference": ours.value[metric] - to_beat, "verdict": f"{verdict} (not paired)"}
