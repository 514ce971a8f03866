"""Gradient boosted trees, calibrated on the years the trees did not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.base.extras import require
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.frame import Task

GROW_YEARS = 5
"""Trees are grown anew in years divisible by this."""


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
        group = task.origin // task.frame.per_year // GROW_YEARS
        key, scale = f"trees {task.outcome} {task.horizon}", f"tenths {group}"
        if scale not in task.memory:
            task.memory.clear()
            # trees need no finer scale than a tenth of a standard deviation, and so few values make bins at once
            task.memory[scale] = np.round(task.z, 1).astype(np.float32)
        z: Any = task.memory[scale]
        late = task.frame.t[task.train] >= task.origin - self.hold * task.frame.per_year
        if key not in task.memory:
            task.memory[key] = _grow(task, z, ~late)
        trees: Any = task.memory[key]
        rows = task.train[late]
        raw = np.asarray(trees.decision_function(z[rows]), dtype=np.float64)
        slope, level = platt(raw, task.y[late], task.weight[late])
        return BoostingFit(z, trees, slope, level)


def _grow(task: Task, z: Any, early: Any) -> Any:
    ensemble = require("sklearn.ensemble", "forecast")
    use = early if task.y[early].sum() >= 30 else np.ones(len(early), dtype=bool)
    trees = ensemble.HistGradientBoostingClassifier(
        max_iter=80, learning_rate=0.05, max_depth=3, min_samples_leaf=100, l2_regularization=20.0,
        early_stopping=False, random_state=0, max_bins=127,
    )  # fmt: skip
    return trees.fit(z[task.train[use]], task.y[use], sample_weight=task.weight[use])


@dataclass(frozen=True)
class BoostingFit:
    """Calibrated trees; `z` are the features on the scale on which they grew."""

    z: Any
    trees: Any
    slope: float
    level: float

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,)."""
        raw = np.asarray(self.trees.decision_function(self.z[rows]), dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-(self.level + self.slope * raw))))


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
