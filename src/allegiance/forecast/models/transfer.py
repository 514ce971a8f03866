"""Transfer: does a model of coups, left as it is, already say where mutinies begin? Only slope and level are fitted."""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.boosting import platt
from allegiance.forecast.models.frame import Frame
from allegiance.forecast.models.stack import log_odds

HALF_LIFE_YEARS = 5.0
"""Half-life of a past forecast's weight, since the two rates move apart over the decades."""


def transfer(frame: Frame, p: Floats, outcome: str, horizon: int) -> Floats:
    """Forecasts of `outcome` from forecasts `p` of another, the line between their log-odds refitted every year.

    Each line is learned from windows that closed before its year; rows before there are any stay nan.
    """
    target, step = frame.target(outcome, horizon), frame.per_year
    result = np.full(len(p), np.nan)
    known = ~np.isnan(p)
    year = frame.t // step
    for january in np.unique(year[known]) * step:
        past = known & (frame.t + horizon <= january) & ~np.isnan(target)
        if target[past].sum() < 1:
            continue
        age = (january - frame.t[past]) / step
        weight = 0.5 ** (age / HALF_LIFE_YEARS) / horizon
        slope, level = platt(log_odds(p[past]), target[past], weight)
        here = known & (year == january // step)
        result[here] = 1 / (1 + np.exp(-(level + slope * log_odds(p[here]))))
    return result
