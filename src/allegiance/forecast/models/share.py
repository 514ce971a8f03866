"""Parts of an attempt: successes have models of their own, held below the attempt; failures are what is left.

A success is rarer than an attempt but not a fixed share of attempts: in forecasts for 1982–2004 models of successes
had a better log score than attempts times the share of successes (twelve months: 0.0586 and 0.0597).
"""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.frame import RECENCY_YEARS, Frame

PRIOR_EVENTS = 10.0
"""The share is pulled towards one half as if this many more attempts had been seen, half of each kind."""


MOST_SUCCESSES = 0.95
"""A success is at most this likely a share of the attempt."""


def success(attempt: Floats, own: Floats) -> Floats:
    """The chance of a success: its own forecast, held below that of the attempt.

    >>> success(np.array([0.1, 0.1]), np.array([0.04, 0.2]))
    array([0.04 , 0.095])
    """
    return np.asarray(np.minimum(own, MOST_SUCCESSES * attempt))


def failure(attempt: Floats, succeeds: Floats, split: Floats) -> Floats:
    """The chance of a failure: the share of attempts that fail, and no less than success leaves of the attempt.

    >>> failure(np.array([0.1, 0.1]), np.array([0.02, 0.06]), np.array([0.05, 0.05]))
    array([0.08, 0.05])
    """
    return np.asarray(np.clip(split, attempt - succeeds, attempt))


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
