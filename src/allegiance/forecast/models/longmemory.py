"""A state's own record against what the world expected of it: one feature that never quite forgets."""

from __future__ import annotations

import numpy as np

from allegiance.forecast.horizons import Floats, Ints

HALF_LIFE_YEARS = 25.0
WORLD_HALF_LIFE_YEARS = 3.0
PRIOR_EVENTS = 0.4


def long_memory(t: Ints, unit: Ints, y: Floats, per_year: int) -> Floats:
    """Log of (events seen + a) / (events expected + a) of the row's state in all periods before the row's.

    Expected: the world's rate at the time, fading with a half-life of 3 years; a state's past fades with 25.
    Shape (rows,); uses no outcome of the row's own period or later.
    """
    start, span, states = int(t.min()), int(t.max() - t.min()) + 1, int(unit.max()) + 1
    event, seen, result = np.zeros((3, span, states))
    known = ~np.isnan(y)
    event[t[known] - start, unit[known]] = y[known]
    seen[t[known] - start, unit[known]] = 1.0
    keep, world_keep = 0.5 ** (1 / (HALF_LIFE_YEARS * per_year)), 0.5 ** (1 / (WORLD_HALF_LIFE_YEARS * per_year))
    happened, expected = np.zeros(states), np.zeros(states)
    world_events, world_rows = 0.5, 10.0 * per_year  # to begin with: half an event in ten state-years
    for k in range(span):
        result[k] = np.log((PRIOR_EVENTS + happened) / (PRIOR_EVENTS + expected))
        rate = world_events / world_rows
        happened = happened * keep + event[k]
        expected = expected * keep + seen[k] * rate
        world_events = world_events * world_keep + event[k].sum()
        world_rows = world_rows * world_keep + seen[k].sum()
    return np.asarray(result[t - start, unit])
