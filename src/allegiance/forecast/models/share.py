"""Parts of an outcome: a success is an attempt that succeeds, so its forecast is that of the attempt times a share."""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.frame import RECENCY_YEARS, Frame

PRIOR_EVENTS = 10.0
"""The share is pulled towards one half as if this many more attempts had been seen, half of each kind."""


def share(frame: Frame, part: str, whole: str, horizon: int, origin: int) -> float:
    """Share of the windows with a `whole` that hold a `part`, among windows closed before `origin`; in (0, 1)."""
    y, n = frame.target(part, horizon), frame.target(whole, horizon)
    rows = (frame.t + horizon <= origin) & (n > 0) & ~np.isnan(y)
    weight = 0.5 ** ((origin - frame.t[rows]) / frame.per_year / RECENCY_YEARS) / horizon
    return float((weight @ y[rows] + PRIOR_EVENTS / 2) / (weight.sum() + PRIOR_EVENTS))


def split(frame: Frame, part: str, whole: str, horizon: int, p: Floats) -> Floats:
    """Forecasts of `part` from forecasts `p` of `whole`, the share known at each row's last January."""
    step = frame.per_year
    result = np.full(len(p), np.nan)
    rows = ~np.isnan(p)
    january = frame.t - frame.t % step
    for origin in np.unique(january[rows]):
        here = rows & (january == origin)
        result[here] = p[here] * share(frame, part, whole, horizon, int(origin))
    return result
