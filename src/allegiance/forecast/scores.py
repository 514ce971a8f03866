"""Proper scores and ranking scores of rare-event forecasts, with intervals from a block bootstrap by country.

Countries, not rows, are drawn with replacement (their months are not independent), and all forecasts of one table
are scored on the same draws, so that differences are paired. Scores of the draws are computed from sums by country,
which is exact and fast. Point values come from scikit-learn.

Sources: Brier score and skill: G. W. Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; why proper
scores: T. Gneiting, A. E. Raftery (2007), doi:10.1198/016214506000001437; block bootstrap by cluster:
A. C. Cameron, J. B. Gelbach, D. L. Miller (2008), doi:10.1162/rest.90.3.414.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.forecast.horizons import Floats, Ints

DRAWS = 500
LEVEL = 0.95
METRICS = ("auc", "ap", "brier", "log", "brier_skill", "log_skill", "expected_observed", "top_decile_recall")
BETTER_LOW = {"brier", "log"}
UNDECIDED = "cannot be distinguished"


@dataclass(frozen=True)
class Rows:
    """What is scored: outcomes `y` (0 or 1), whose (`unit`) and when (`t`), each of shape (rows,)."""

    y: Floats
    unit: Ints
    t: Ints


@dataclass(frozen=True)
class Scored:
    """Scores of one forecast: `value` by metric and `draws` by metric, shape (draws,)."""

    value: dict[str, float]
    draws: dict[str, Floats]

    def interval(self, metric: str) -> tuple[float, float]:
        """The central 95 % of the bootstrap."""
        low, high = np.nanpercentile(self.draws[metric], [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
        return float(low), float(high)


def score_all(rows: Rows, forecasts: Mapping[str, Floats], reference: str, seed: int = 0) -> dict[str, Scored]:
    """Scores of every forecast on the same rows and the same draws; skill is against `reference`.

    Raises:
        AllegianceError: there is no event or no non-event in the rows, or a forecast is missing or not in [0, 1].
    """
    events = int(rows.y.sum())
    if events == 0 or events == len(rows.y):
        raise AllegianceError(
            f"{events} events in {len(rows.y)} rows: nothing can be ranked or compared",
            "choose a longer window, or another outcome",
        )
    for name, p in forecasts.items():
        if not ((p >= 0) & (p <= 1)).all():
            raise AllegianceError(f"the forecasts of {name} are not all probabilities", "forecast every scored row")
    _, unit = np.unique(rows.unit, return_inverse=True)
    size = int(unit.max()) + 1
    draws = np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), DRAWS).astype(float)
    weights = np.vstack([np.ones(size), draws])  # the first row is the sample itself
    columns = {name: _columns(rows, unit, p, weights) for name, p in forecasts.items()}
    base = columns[reference]
    result = {}
    for name, column in columns.items():
        column["brier_skill"] = 1 - column["brier"] / base["brier"]
        column["log_skill"] = 1 - column["log"] / base["log"]
        result[name] = Scored(
            _exact(rows, forecasts[name], {m: float(v[0]) for m, v in column.items()}),
            {m: v[1:] for m, v in column.items()},
        )
    return result


def _exact(rows: Rows, p: Floats, value: dict[str, float]) -> dict[str, float]:
    """Point values of the standard scores, taken from scikit-learn."""
    metrics: Any = require("sklearn.metrics", "forecast")
    value["auc"] = float(metrics.roc_auc_score(rows.y, p))
    value["ap"] = float(metrics.average_precision_score(rows.y, p))
    value["brier"] = float(metrics.brier_score_loss(rows.y, p))
    value["log"] = float(metrics.log_loss(rows.y, np.clip(p, 1e-12, 1 - 1e-12), labels=[0, 1]))
    return value


def _columns(rows: Rows, unit: Ints, p: Floats, weights: Floats) -> dict[str, Floats]:
    """Every metric under every row of country weights, shape (draws + 1,).

    A draw of countries without an event says nothing of ranks or of expected over observed: these are nan there, and
    intervals are of the other draws.
    """
    y, size = rows.y, weights.shape[1]
    safe = np.clip(p, 1e-12, 1 - 1e-12)
    count = weights @ np.bincount(unit, minlength=size)
    brier = weights @ np.bincount(unit, (p - y) ** 2, size)
    logs = weights @ np.bincount(unit, -(y * np.log(safe) + (1 - y) * np.log1p(-safe)), size)
    expected, events = weights @ np.bincount(unit, p, size), weights @ np.bincount(unit, y, size)
    some = np.where(events > 0, events, np.nan)
    hit = np.flatnonzero(y > 0)
    w = weights[:, unit[hit]]
    below, ties = _compare(p, unit, y == 0, p[hit], size)
    above_true, _ = _compare(p, unit, y > 0, p[hit], size)
    quiet = weights @ np.bincount(unit, 1 - y, size)
    auc = (w * (weights @ (below + 0.5 * ties).T)).sum(1) / (some * np.maximum(quiet, 1e-9))
    at_least = events[:, None] - weights @ above_true.T
    false = quiet[:, None] - weights @ below.T
    ap = (w * at_least / np.maximum(at_least + false, 1e-9)).sum(1) / some
    recall = (w * top_decile(p, rows.t)[hit]).sum(1) / some
    return {
        "auc": auc, "ap": ap, "brier": brier / count, "log": logs / count,
        "expected_observed": expected / some, "top_decile_recall": recall,
    }  # fmt: skip


def _compare(p: Floats, unit: Ints, chosen: Any, at: Floats, size: int) -> tuple[Floats, Floats]:
    """For each value of `at` and each unit: how many chosen rows lie strictly below it, and how many equal it."""
    below, ties = np.zeros((2, len(at), size))
    order = np.lexsort((p[chosen], unit[chosen]))
    values, owner = p[chosen][order], unit[chosen][order]
    edges = np.searchsorted(owner, np.arange(size + 1))
    for k in range(size):
        own = values[edges[k] : edges[k + 1]]
        below[:, k] = np.searchsorted(own, at, side="left")
        ties[:, k] = np.searchsorted(own, at, side="right") - below[:, k]
    return below, ties


def top_decile(p: Floats, t: Ints) -> Floats:
    """1 for rows among the highest tenth of their period's forecasts, 0 for others; ties share what is left.

    >>> top_decile(np.arange(20) / 20, np.zeros(20, dtype=int)).sum()
    np.float64(2.0)
    """
    order = np.lexsort((-p, t))
    ranked_t, ranked_p = t[order], p[order]
    start = np.searchsorted(ranked_t, ranked_t, side="left")
    tie_start = np.flatnonzero(np.r_[True, (ranked_t[1:] != ranked_t[:-1]) | (ranked_p[1:] != ranked_p[:-1])])
    group = np.repeat(tie_start, np.diff(np.r_[tie_start, len(p)]))
    ties = np.repeat(np.diff(np.r_[tie_start, len(p)]), np.diff(np.r_[tie_start, len(p)]))
    states = np.searchsorted(ranked_t, ranked_t, side="right") - start
    places = np.ceil(states / 10)
    result = np.empty(len(p))
    result[order] = np.clip((places - (group - start)) / ties, 0.0, 1.0)
    return result


def compare(ours: Scored, theirs: Scored, metric: str) -> dict[str, Any]:
    """Paired difference ours − theirs of `metric`, its 95 % interval, and a verdict in words."""
    difference = ours.value[metric] - theirs.value[metric]
    low, high = np.nanpercentile(ours.draws[metric] - theirs.draws[metric], [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    sign = -1.0 if metric in BETTER_LOW else 1.0
    worst, best = sorted((sign * float(low), sign * float(high)))
    verdict = "better" if worst > 0 else "worse" if best < 0 else UNDECIDED
    return {"difference": difference, "low": float(low), "high": float(high), "verdict": verdict}


def reliability(y: Floats, p: Floats, groups: int = 8) -> list[dict[str, float]]:
    """Forecast against frequency in groups that each expect the same number of events, with 95 % intervals.

    The interval of a frequency is Wilson's (statsmodels); it takes rows as independent and so is too narrow for
    horizons longer than one period.
    """
    intervals: Any = require("statsmodels.stats.proportion", "forecast")
    order = np.argsort(p, kind="stable")
    edges = np.searchsorted(np.cumsum(p[order]) / p.sum(), np.arange(1, groups) / groups)
    result = []
    for rows in np.split(order, np.unique(edges)):
        if len(rows):
            low, high = intervals.proportion_confint(y[rows].sum(), len(rows), method="wilson")
            result.append(
                {"forecast": float(p[rows].mean()), "observed": float(y[rows].mean()), "low": float(low),
                 "high": float(high), "rows": float(len(rows)), "events": float(y[rows].sum())}
            )  # fmt: skip
    return result
