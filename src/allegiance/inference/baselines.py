"""What a forecast of coded outcomes has to beat: base rates, and a small ordinal logit on the coded conditions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allegiance.base.extras import require
from allegiance.world.columns import Array

RIDGE = 5.0
"""Penalty of the logit: six conditions on some thirty cases need a strong one (set before looking)."""


def base_rate(codes: Sequence[int], levels: int) -> Array:
    """Shares of each level among other cases, with half a pseudo-case per level."""
    counts = np.bincount(np.asarray(codes, int), minlength=levels) + 0.5
    shares: Array = counts / counts.sum()
    return shares


def ordinal_logit(conditions: Array, codes: Sequence[int], new: Array, levels: int) -> Array:
    """Level probabilities for the conditions `new` from a ridge ordinal logit fitted to other cases.

    Args:
        conditions: (cases, conditions), each 0-1. codes: their levels. new: (conditions,).

    Source: all-thresholds ordinal logit, Pedregosa, Bach & Gramfort (2017), JMLR 18(55), package mord.
    """
    mord = require("mord", "fit")
    seen = np.unique(codes)
    out = np.full(levels, 0.5)
    if len(seen) < 2:
        return base_rate(codes, levels)
    rank = {level: k for k, level in enumerate(seen)}
    model = mord.LogisticAT(alpha=RIDGE)
    model.fit(conditions - conditions.mean(axis=0), np.array([rank[c] for c in codes]))
    chances = model.predict_proba((new - conditions.mean(axis=0)).reshape(1, -1))[0]
    out[seen] += len(codes) * chances
    shares: Array = out / out.sum()
    return shares


def share_regression(conditions: Array, log_shares: Array, new: Array, points: int = 99) -> Array:
    """Forecast of a log share from a Bayesian ridge regression on the coded conditions of other cases.

    Returns:
        `points` quantiles of the predictive normal (shape (points,)).

    Source: MacKay (1992), doi:10.1162/neco.1992.4.3.415, by scikit-learn.
    """
    model = require("sklearn.linear_model", "fit").BayesianRidge()
    model.fit(conditions, log_shares)
    mean, spread = model.predict(new.reshape(1, -1), return_std=True)
    normal = require("scipy.stats", "fit").norm
    found: Array = normal.ppf((np.arange(points) + 0.5) / points, float(mean[0]), float(spread[0]))
    return found
