"""Drift correction: the level of every model follows the count of events, because rates turn.

The cumulative hazard of a forecast is multiplied by ``(O + k) / (E + k)``: events seen and events expected in the
recent past, fading with a half-life of one year, against a prior worth `k` events that the model is right. This is
the discounted Gamma–Poisson filter of Harvey & Fernandes (1989, doi:10.1080/07350015.1989.10509750). On forecasts
for 1960–1979 any half-life from one to ten years scored alike; one year is taken because it is the shortest, so that
three quarters of a turn are followed within two years (docs/forecasting.md).
"""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats, Ints

HALF_LIFE_YEARS = 1.0
PRIOR_EVENTS = 3.0
MEMORY_YEARS = 12


def factors(
    closes: Ints, expected: Floats, happened: Floats, starts: Ints, per_year: int, overlap: int
) -> tuple[Floats, Floats]:
    """Factor for the hazard of forecasts that start in each period of `starts`, and the events it rests on.

    Args:
        closes: period in which each past window closed, shape (rows,). expected, happened: its probability and
            outcome, shape (rows,). starts: first periods of the forecasts, ascending. overlap: how many windows
            count the same event.
    """
    low = int(closes.min())
    e = np.bincount(closes - low, expected) / overlap
    o = np.bincount(closes - low, happened) / overlap
    period = low + np.arange(len(e))
    fade = 0.5 ** ((starts[:, None] - 1 - period[None, :]) / (HALF_LIFE_YEARS * per_year))
    fade[period[None, :] >= starts[:, None]] = 0.0
    seen = fade @ o
    return np.asarray((seen + PRIOR_EVENTS) / (fade @ e + PRIOR_EVENTS)), seen + PRIOR_EVENTS


def scale_hazard(p: Floats, factor: Floats) -> Floats:
    """The probability when the cumulative hazard is multiplied by `factor`.

    >>> scale_hazard(np.array([0.5]), np.array([2.0]))
    array([0.75])
    """
    return np.asarray(-np.expm1(factor * np.log1p(-np.clip(p, 0.0, 1 - 1e-12))))
