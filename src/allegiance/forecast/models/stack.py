"""The combination: log-odds of the members, weighted by how well each forecast what has since happened."""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats

SHRINK = 10.0
"""Strength of the pull towards equal weights, in units of log score."""


def log_odds(p: Floats) -> Floats:
    """Log-odds, with probabilities kept off 0 and 1."""
    p = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p) - np.log1p(-p))


def learn_weights(p: Floats, y: Floats, overlap: int) -> Floats:
    """Weights of the members' log-odds, shape (members,), not negative, adding to 1, shrunk towards equal ones.

    Source: D. H. Wolpert (1992), "Stacked generalization", Neural Networks 5(2), doi:10.1016/S0893-6080(05)80023-1;
    pooling on the log-odds scale: R. Ranjan, T. Gneiting (2010), doi:10.1111/j.1467-9868.2009.00726.x discuss
    why pools need recalibration, which the drift correction of the members and of the pool gives.

    Args:
        p: earlier forecasts of the members, shape (rows, members). y: what came of them. overlap: how many windows
            count the same event.
    """
    from scipy.optimize import minimize

    members = p.shape[1]
    equal = np.full(members, 1 / members)
    if len(y) == 0 or y.sum() < 1:
        return equal
    z = log_odds(p)

    def loss(a: Floats) -> tuple[float, Floats]:
        w = np.exp(a - a.max())
        w /= w.sum()
        s = z @ w
        value = float((np.logaddexp(0, s) - y * s).sum()) / overlap + SHRINK * float(((w - equal) ** 2).sum())
        slope = z.T @ (1 / (1 + np.exp(-s)) - y) / overlap + 2 * SHRINK * (w - equal)
        return value, w * (slope - w @ slope)

    best = minimize(loss, np.zeros(members), jac=True, method="L-BFGS-B").x
    w = np.exp(best - best.max())
    return np.asarray(w / w.sum(), dtype=np.float64)


def combine(p: Floats, weights: Floats) -> Floats:
    """The combined probability, shape (rows,)."""
    return np.asarray(1 / (1 + np.exp(-(log_odds(p) @ weights))))
