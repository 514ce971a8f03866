"""The level of safe states: what is forecast for those below one per cent a year should sum to what happens there.

Linear models and pools of them spread probability thinly over states in which nothing ever happens. Log-odds below the
threshold are therefore stretched away from it, by the factor that would have made the forecasts of the last ten years
for such states sum to what came, shrunk by a prior worth `PRIOR_EVENTS`. Order is kept, and nothing above the
threshold changes.
"""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.stack import log_odds

SAFE = 0.01
"""Twelve-month probability below which a state counts as safe; shorter horizons in proportion of hazard."""
PRIOR_EVENTS = 1.0
_LEAST, _MOST = 0.5, 12.0


def threshold(horizon: float) -> float:
    """The probability within `horizon` months that is `SAFE` within twelve.

    >>> round(threshold(12), 6), round(threshold(1), 6)
    (0.01, 0.000837)
    """
    return float(-np.expm1(np.log1p(-SAFE) * horizon / 12))


def learn_stretch(p: Floats, y: Floats, horizon: float, overlap: int) -> float:
    """The stretch of log-odds below the threshold, between 0.5 and 12; 1 leaves them alone.

    Args:
        p: past forecasts of any states, shape (rows,). y: what came of them. horizon: in months. overlap: how many
            windows count the same event.
    """
    safe = p < threshold(horizon)
    if not safe.any():
        return 1.0
    expected, seen = float(p[safe].sum()) / overlap, float(y[safe].sum()) / overlap
    wanted = expected * (seen + PRIOR_EVENTS) / (expected + PRIOR_EVENTS)
    low, high = _LEAST, _MOST
    for _ in range(40):
        middle = (low + high) / 2
        total = float(stretch(p[safe], middle, horizon).sum()) / overlap
        low, high = (middle, high) if total > wanted else (low, middle)
    return (low + high) / 2


def stretch(p: Floats, factor: float, horizon: float) -> Floats:
    """Forecasts with log-odds below the threshold stretched away from it by `factor`.

    >>> [float(v) for v in stretch(np.array([0.05, 0.001]), 2.0, 12).round(6)]
    [0.05, 9.9e-05]
    """
    edge = float(log_odds(np.array([threshold(horizon)]))[0])
    z = log_odds(p)
    return np.asarray(1 / (1 + np.exp(-np.where(z < edge, edge + factor * (z - edge), z))))
