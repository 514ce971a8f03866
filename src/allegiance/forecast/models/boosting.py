"""Gradient boosted trees, calibrated on the years the trees did not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.base.extras import require
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.drift import MEMORY_YEARS
from allegiance.forecast.models.frame import Task, make_task, standardise

GROW_YEARS = 5
"""Trees are grown anew in years divisible by this."""
OWN = ("tenths ", "raw ")
"""How the keys begin of what these trees keep between origins; other models keep theirs beside it."""


@dataclass(frozen=True)
class Boosting:
    """Histogram gradient boosting (scikit-learn) with Platt's calibration.

    Trees learn from windows older than `hold` years; slope and level are fitted to the later windows each year.
    Source: J. C. Platt (1999), "Probabilistic outputs for support vector machines", in Advances in Large Margin
    Classifiers.
    """

    name: str = "boosting"
    words: str = "gradient boosted trees, calibrated afterwards"
    hold: int = 8
    drifts: bool = True

    def fit(self, task: Task) -> BoostingFit:
        """Trees (kept in `task.memory` between origins) and calibration."""
        raw = self._raw(task)
        late = task.frame.t[task.train] >= task.origin - self.hold * task.frame.per_year
        slope, level = platt(raw[task.train[late]], task.y[late], task.weight[late])
        return BoostingFit(raw, slope, level)

    def _raw(self, task: Task) -> Floats:
        """What the trees of the last year of growing say of every row near it (log-odds, others nan)."""
        step = task.frame.per_year
        start = task.origin // step // GROW_YEARS * GROW_YEARS * step
        scale, key = f"{OWN[0]}{start}", f"{OWN[1]}{task.outcome} {task.horizon} {start}"
        if key not in task.memory:
            for old in [k for k in task.memory if k.startswith(OWN) and not k.endswith(f" {start}")]:
                del task.memory[old]
            if scale not in task.memory:
                then = task.z if start == task.origin else standardise(task.frame, start)
                # trees need no finer scale than a tenth of a deviation, and so few values make bins at once
                task.memory[scale] = np.round(then, 1)
            z: Any = task.memory[scale]
            then_task = make_task(task.frame, task.outcome, task.horizon, start, z, task.memory)
            early = task.frame.t[then_task.train] < start - self.hold * step
            trees = _grow(then_task, z, early)
            near = (task.frame.t >= start - max(self.hold, MEMORY_YEARS) * step) & (
                task.frame.t < start + GROW_YEARS * step
            )
            raw = np.full(len(task.frame.t), np.nan)
            raw[near] = trees.decision_function(z[near])
            task.memory[key] = raw
        return np.asarray(task.memory[key])


def _grow(task: Task, z: Any, early: Any) -> Any:
    ensemble = require("sklearn.ensemble", "forecast")
    use = early if task.y[early].sum() >= 30 else np.ones(len(early), dtype=bool)
    trees = ensemble.HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.05, max_depth=3, min_samples_leaf=100, l2_regularization=20.0,
        max_features=0.3, early_stopping=False, random_state=0, max_bins=127,
    )  # fmt: skip
    return trees.fit(z[task.train[use]], task.y[use], sample_weight=task.weight[use])


@dataclass(frozen=True)
class BoostingFit:
    """Calibrated trees; `raw` is what they say of each row of the frame."""

    raw: Floats
    slope: float
    level: float

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,)."""
        return np.asarray(1 / (1 + np.exp(-(self.level + self.slope * self.raw[rows]))))


def platt(raw: Floats, y: Floats, weight: Floats) -> tuple[float, float]:
    """Slope and level of log-odds, shrunk towards 1 and 0 where the later years hold few events."""
    from scipy.optimize import minimize

    def loss(b: Floats) -> tuple[float, Floats]:
        z = b[1] + b[0] * raw
        excess = weight * (1 / (1 + np.exp(-z)) - y)
        value = float((weight * (np.logaddexp(0, z) - y * z)).sum()) + 5.0 * (b[0] - 1) ** 2 + 0.5 * b[1] ** 2
        return value, np.array([excess @ raw + 10.0 * (b[0] - 1), excess.sum() + b[1]])

    best = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0.1, 2.0), (None, None)]).x
    return float(best[0]), float(best[1])
