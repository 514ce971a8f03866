"""Horizons: did it happen in any of the next h periods, and probabilities that never contradict each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HORIZONS: tuple[int, ...] = (1, 3, 6, 12)
"""Months ahead."""


def targets(unit: Ints, t: Ints, y: Floats, horizon: int) -> Floats:
    """1 if the event happened in any of the periods ``t .. t + horizon - 1``, 0 if not, nan if that is unknown.

    Unknown: the outcome of the first period is unknown, or the window reaches past the last period in which any
    state's outcome is known. A state that ends has no events afterwards. A later period of a window whose outcome
    is unknown (inside a spell of mutinies) adds no event.

    Args:
        unit: whose row it is, shape (rows,). t: period number, shape (rows,); (unit, t) is unique.
        y: 0, 1 or nan, shape (rows,). horizon: periods, at least 1.
    """
    known = ~np.isnan(y)
    if not known.any():
        return np.full(len(y), np.nan)
    last, first = int(t[known].max()), int(t.min())
    _, row = np.unique(unit, return_inverse=True)
    span = int(t.max()) - first + 1
    events = np.zeros((int(row.max()) + 1, span + horizon))
    events[row, t - first] = np.nan_to_num(y)
    result = np.maximum.reduce([events[row, t - first + k] for k in range(horizon)])
    result[~known | (t + horizon - 1 > last)] = np.nan
    return np.asarray(result, dtype=np.float64)


def cohere(p: Floats) -> Floats:
    """Probabilities made non-decreasing along the last axis (ascending horizons), changed as little as order needs.

    The mean of the running maximum from the left and the running minimum from the right: both are ordered, so is
    their mean, and an ordered row is left as it is.

    >>> cohere(np.array([[0.01, 0.03, 0.02, 0.10]])).round(3)
    array([[0.01 , 0.025, 0.025, 0.1  ]])
    """
    up = np.maximum.accumulate(p, axis=-1)
    down = np.minimum.accumulate(p[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray((up + down) / 2, dtype=np.float64)
