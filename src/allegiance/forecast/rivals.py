"""What a simulation has to beat on the same rows and inputs, and what it adds: one home for every scored set.

Each rival is fitted to the training rows alone. The simulation itself is never fitted: its own probability is scored as
it is, and through one line on the log-odds that is learnt on the training rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.forecast.halves import base_rate, off_the_ends
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.stack import log_odds
from allegiance.forecast.rolling import one_thread_each
from allegiance.forecast.scores import Rows, Scored, compare, score_all

REFERENCE = "base rate"
RAW, SIMULATION = "simulation, as it is", "simulation"
SIX, RIDGE, BOOSTING = "six conditions", "ridge logit", "boosting"
RIDGE_WITH, STACK, STACK_WITH = "ridge logit with simulation", "stack", "stack with simulation"
MODELS = (REFERENCE, SIX, RIDGE, BOOSTING, RAW, SIMULATION, RIDGE_WITH, STACK, STACK_WITH)
"""What is scored. The stack is a logit on the log-odds of ridge logit and boosting, forecast for training rows by
folds of countries; with the simulation it has the simulation's log-odds as a third input."""
PAIRS = (
    (RIDGE, REFERENCE), (SIMULATION, REFERENCE), (SIMULATION, SIX), (SIMULATION, RIDGE), (SIMULATION, BOOSTING),
    (RIDGE_WITH, RIDGE), (STACK_WITH, STACK),
)  # fmt: skip
"""Compared, ours against theirs, by the difference of their log scores."""
SHOWN = ("log", "brier", "auc", "expected_observed")
C_RIDGE, C_FEW = 0.05, 1.0
"""Variance of the normal prior of a coefficient: of many standardised inputs, of a few log-odds. Set before looking."""
INNER = 5


@dataclass(frozen=True)
class Sample:
    """Rows to be scored, each of shape (rows,) or (rows, columns).

    Attributes:
        y: outcome, 0 or 1. unit: country. inputs: what the draft knew (NaN where nobody counted). six: coded
            conditions. happened: the simulation's share of worlds. members: worlds.
    """

    y: Floats
    unit: Ints
    inputs: Floats
    six: Floats
    happened: Floats
    members: Ints

    @property
    def odds(self) -> Floats:
        """The simulation's log-odds; half a world is added on either side, so that none and all are finite."""
        return log_odds(self.raw)

    @property
    def raw(self) -> Floats:
        """The simulation's own probability, with half a world on either side."""
        probability: Floats = off_the_ends(self.happened, self.members)
        return probability


Split = tuple[Ints, Ints]
"""Numbers of the training rows and of the rows to be forecast."""


def forecast_rows(sample: Sample, splits: Sequence[Split]) -> tuple[Ints, dict[str, Floats]]:
    """Forecasts of every model for the rows of all splits, each from its own training rows.

    Returns:
        the numbers of the rows, and by model the probabilities in their order.
    """
    rows = np.concatenate([test for _, test in splits])
    parts = [_one(sample, train, test) for train, test in splits]
    return rows, {name: np.concatenate([part[name] for part in parts]) for name in MODELS}


def _one(s: Sample, train: Ints, test: Ints) -> dict[str, Floats]:
    y, odds = s.y[train], s.odds[:, None]
    with one_thread_each():
        out = {
            REFERENCE: np.full(len(test), base_rate(y)),
            RAW: s.raw[test],
            SIX: ridge(s.six[train], y, s.six[test], C_FEW),
            SIMULATION: ridge(odds[train], y, odds[test], C_FEW, scaled=False),
            RIDGE: ridge(s.inputs[train], y, s.inputs[test]),
            BOOSTING: _boost(s.inputs[train], y, s.inputs[test]),
        }
        both = np.hstack([s.inputs, odds])
        out[RIDGE_WITH] = ridge(both[train], y, both[test])
        inner = _inner(s, train)
        outer = np.column_stack([log_odds(out[RIDGE]), log_odds(out[BOOSTING])])
        out[STACK] = ridge(inner, y, outer, C_FEW, scaled=False)
        out[STACK_WITH] = ridge(
            np.hstack([inner, odds[train]]), y, np.hstack([outer, odds[test]]), C_FEW, scaled=False
        )
    return out


def _inner(s: Sample, train: Ints) -> Floats:
    """Log-odds of ridge logit and boosting for the training rows, each forecast without its own country."""
    selection: Any = require("sklearn.model_selection", "forecast")
    x, y, found = s.inputs[train], s.y[train], np.empty((len(train), 2))
    folds = selection.GroupKFold(min(INNER, len(np.unique(s.unit[train]))))
    for fit, out in folds.split(x, y, s.unit[train]):
        found[out, 0] = log_odds(ridge(x[fit], y[fit], x[out]))
        found[out, 1] = log_odds(_boost(x[fit], y[fit], x[out]))
    return found


def _seen(x: Floats, new: Floats) -> tuple[Floats, Floats]:
    """Both without the columns of which the training rows know no value."""
    known = ~np.isnan(x).all(axis=0)
    return x[:, known], new[:, known]


def ridge(x: Floats, y: Floats, new: Floats, c: float = C_RIDGE, scaled: bool = True) -> Floats:
    """Probabilities from a ridge logit; a missing input is the middle of the training rows and says that it is one."""
    if y.min() == y.max():
        return np.full(len(new), base_rate(y))
    x, new = _seen(x, new)
    pipeline: Any = require("sklearn.pipeline", "forecast")
    impute: Any = require("sklearn.impute", "forecast")
    scale: Any = require("sklearn.preprocessing", "forecast")
    linear: Any = require("sklearn.linear_model", "forecast")
    steps = [impute.SimpleImputer(strategy="median", add_indicator=True)]
    steps += [scale.StandardScaler()] if scaled else []
    model = pipeline.make_pipeline(*steps, linear.LogisticRegression(C=c, max_iter=1000))
    model.fit(x, y)
    return np.asarray(model.predict_proba(new)[:, 1])


def _boost(x: Floats, y: Floats, new: Floats) -> Floats:
    """Probabilities from boosted trees of depth two."""
    if y.min() == y.max():
        return np.full(len(new), base_rate(y))
    x, new = _seen(x, new)
    ensemble: Any = require("sklearn.ensemble", "forecast")
    model = ensemble.HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.05, max_depth=2, l2_regularization=10.0, early_stopping=False, random_state=0
    )
    model.fit(x, y)
    return np.asarray(model.predict_proba(new)[:, 1])


def judge(
    sample: Sample, splits: Sequence[Split], about: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], pl.DataFrame]:
    """Scores of every model, the comparisons of PAIRS, and the forecasts themselves.

    Args:
        about: columns put before the others, such as the outcome.

    Returns:
        rows of scores (model, rows, events, the metrics of SHOWN with 95 % intervals of a bootstrap of countries);
        rows of comparisons (ours, theirs, difference of the log scores, low, high, verdict); a table of row number, y
        and the forecasts.

    Raises:
        AllegianceError: no events among the scored rows, or nothing but events.
    """
    rows, forecasts = forecast_rows(sample, splits)
    y, unit = sample.y[rows], sample.unit[rows]
    scored = score_all(Rows(y, unit, np.zeros(len(y), dtype=np.int64)), forecasts, REFERENCE)
    head = {**about, "rows": len(y), "events": int(y.sum()), "countries": len(np.unique(unit))}
    scores = [head | {"model": name} | figures(scored[name]) for name in MODELS]
    compared = [
        head | {"ours": ours, "theirs": theirs} | compare(scored[ours], scored[theirs], "log") for ours, theirs in PAIRS
    ]
    return scores, compared, pl.DataFrame({"row": rows, "y": y.astype(np.int8), **forecasts})


def figures(one: Scored) -> dict[str, float]:
    """The metrics of SHOWN with their 95 % intervals."""
    found: dict[str, float] = {}
    for metric in SHOWN:
        low, high = one.interval(metric)
        found |= {metric: one.value[metric], f"{metric}_low": low, f"{metric}_high": high}
    return found
