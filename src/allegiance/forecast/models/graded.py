"""Trees that learn from graded labels (see `grades`), calibrated on their own past forecasts.

Shallow trees on the features as they are, missing values left missing, all windows that had closed, old ones as heavy
as new ones. A window graded `s` between 0 and 1 enters twice, as an event with weight `s` and as none with `1 − s`.
Trees are grown anew every three years; what each growing said of the years after it is kept, and slope and level of
these honest forecasts are refitted every January (Platt), so that neither grades nor drift bias the level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from allegiance.base.extras import require
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.boosting import platt
from allegiance.forecast.models.frame import Frame, Task, stride

GROW_YEARS = 3
"""Trees are grown anew in years divisible by this."""
MEMORY_YEARS = 20
"""How far back past forecasts count for the calibration."""
HALF_LIFE_YEARS = 10.0
"""Half-life of a past forecast's weight in the calibration."""
QUIET = 9
"""Neighbouring windows say nearly the same: of those without any event one in so many is used and stands for all."""
BINS = 63
"""Most bins of a feature."""
FEWEST_EVENTS = 20
"""Nothing is grown on fewer windows with an event."""
GRADED = "graded"
GRADES = {"coup_attempt": "coup_grade"}
"""Outcomes with graded labels; others are learned from as they are."""

Said = tuple[npt.NDArray[np.bool_], Floats]
Spread = Callable[[Callable[[int], Said], Iterable[int]], Iterable[Said]]
"""How the same is done for many origins: `map`, or one that does several at once and keeps their order."""


@dataclass(frozen=True)
class Graded:
    """Histogram gradient boosting (scikit-learn) on graded labels."""

    name: str = GRADED
    words: str = "shallow trees on graded labels (attempts, attempts by other lists, plots), calibrated on their past"
    drifts: bool = True

    def fit(self, task: Task) -> GradedFit:
        """Trees (kept in `task.memory` between origins) and their calibration at the origin."""
        frame, h = task.frame, task.horizon
        raw = past_and_now(frame, task.outcome, h, task.origin, task.memory)
        target = frame.target(task.outcome, h)
        oldest = task.origin - MEMORY_YEARS * frame.per_year
        past = (frame.t + h <= task.origin) & (frame.t >= oldest) & ~np.isnan(target) & ~np.isnan(raw)
        age = (task.origin - frame.t[past]) / frame.per_year
        slope, level = platt(raw[past], target[past], 0.5 ** (age / HALF_LIFE_YEARS) / h)
        return GradedFit(raw, slope, level)


@dataclass(frozen=True)
class GradedFit:
    """`raw` are the log-odds said of each row by the trees grown last before it (nan where there were none)."""

    raw: Floats
    slope: float
    level: float

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,), nan where there were no trees yet."""
        return np.asarray(1 / (1 + np.exp(-(self.level + self.slope * self.raw[rows]))))


def past_and_now(
    frame: Frame, outcome: str, h: int, origin: int, memory: dict[str, object], spread: Spread = map
) -> Floats:
    """What every growing from the oldest that still counts at `origin` to the newest says of the years after it.

    Log-odds of shape (rows,), nan where there were no trees; kept in `memory` for the next origin. `spread` grows them
    one after the other, or side by side: what they say does not depend on it.
    """
    key, step = f"{GRADED} {outcome} {h}", GROW_YEARS * frame.per_year
    raw: Floats = np.array(memory.get(key, np.full(len(frame.t), np.nan)))
    newest = origin // step * step
    oldest = newest - MEMORY_YEARS * frame.per_year // step * step

    def said(start: int) -> Said:
        rows = (frame.t >= start) & (frame.t < start + step)
        if not np.isnan(raw[rows]).any() or (trees := _grow(frame, outcome, h, start)) is None:
            return rows, raw[rows]
        bins, shift, model = trees
        return rows, model.decision_function(bins.codes(frame.x[rows])) + shift

    for rows, values in spread(said, range(oldest, newest + 1, step)):
        raw[rows] = values
    memory[key] = raw
    return raw


def _grow(frame: Frame, outcome: str, h: int, origin: int) -> tuple[Bins, float, Any] | None:
    """Bins of the features, the shift from the level of grades to that of events, and trees; None if little is known.
    """
    target, grade = frame.target(outcome, h), frame.target(GRADES.get(outcome, outcome), h)
    apart = stride(frame, h)
    closed = (frame.t + h <= origin) & ~np.isnan(target) & ~np.isnan(grade) & ((origin - h - frame.t) % apart == 0)
    if target[closed].sum() < FEWEST_EVENTS:
        return None
    quiet = QUIET // apart if frame.per_year == 12 else 1
    train = np.flatnonzero(closed & ((grade > 0) | ((frame.t // apart + 7 * frame.unit) % quiet == 0)))
    s = grade[train]
    stands_for = np.where(s > 0, 1.0, quiet) * apart
    between = (s > 0) & (s < 1)
    rows = np.concatenate([train, train[between]])
    y = np.concatenate([s > 0, np.zeros(int(between.sum()), dtype=bool)])
    weight = np.concatenate([np.where(between, s, 1.0), 1.0 - s[between]]) * stands_for[
        np.concatenate([np.arange(len(train)), np.flatnonzero(between)])
    ]
    now = (frame.t >= origin) & (frame.t < origin + frame.per_year)
    bins = Bins(frame.x[train], ~np.isnan(frame.x[now]).all(0))
    ensemble = require("sklearn.ensemble", "forecast")
    trees = ensemble.HistGradientBoostingClassifier(
        max_iter=300, learning_rate=0.05, max_depth=2, min_samples_leaf=50 // apart, l2_regularization=5.0,
        max_features=0.3, max_bins=BINS, early_stopping=False, random_state=0,
    ).fit(bins.codes(frame.x[rows]), y, sample_weight=weight)  # fmt: skip
    shift = _logit(np.average(target[train], weights=stands_for)) - _logit(np.average(s, weights=stands_for))
    return bins, shift, trees


class Bins:
    """Features as the number of their bin; those that do not vary, or are not `known` in the year to come, left out.

    Edges are plain quantiles. Scikit-learn finds the same, or from version 1.8 on those of the weighted rows, which
    takes as long as all the trees and would make forecasts hang on its version.
    """

    def __init__(self, x: Floats, known: Any) -> None:
        found = {c: _edges(x[:, c]) for c in np.flatnonzero(known)}
        self.edges = {int(c): edges for c, edges in found.items() if len(edges)}

    def codes(self, x: Floats) -> Any:
        """Bin numbers of shape (rows, features kept), in single precision, nan where a value is missing."""
        result = np.empty((len(x), len(self.edges)), dtype=np.float32)
        for k, (c, edges) in enumerate(self.edges.items()):
            result[:, k] = np.searchsorted(edges, x[:, c])
            result[np.isnan(x[:, c]), k] = np.nan
        return result


def _edges(values: Floats) -> Floats:
    """Values between which bins divide: at most `BINS` − 1, none if the known values do not vary.

    >>> _edges(np.array([1.0, 3.0, np.nan, 3.0])), len(_edges(np.array([2.0, 2.0])))
    (array([2.]), 0)
    """
    known = np.sort(values[~np.isnan(values)])
    distinct = known[np.insert(np.diff(known) > 0, 0, True)] if len(known) else known
    if len(distinct) <= BINS:
        return np.asarray((distinct[1:] + distinct[:-1]) / 2)
    at = np.linspace(0, len(known), BINS + 1)[1:-1].astype(int)
    return np.asarray(np.unique((known[at - 1] + known[at]) / 2))


def _logit(p: Any) -> float:
    return float(np.log(p) - np.log1p(-p))
