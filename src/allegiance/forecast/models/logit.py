"""Logits: of history alone, and of every feature with a ridge penalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegiance.base.extras import require
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.frame import Task

KEPT = "coefficients "
"""How the keys begin of what is kept between origins."""


@dataclass(frozen=True)
class Logit:
    """Ridge logit on standardised features, rows weighted by recency; no resampling of classes.

    `penalty` is the variance of the normal prior of a coefficient, in squared log-odds per standard deviation.
    """

    name: str
    words: str
    penalty: float
    only_history: bool = False
    drifts: bool = True

    def fit(self, task: Task) -> LogitFit:
        """Coefficients at the origin of `task`, kept in `task.memory`."""
        columns = task.frame.history if self.only_history else list(range(task.z.shape[1]))
        key = f"{KEPT}{self.name} {task.outcome} {task.horizon} {task.origin}"
        if key not in task.memory:
            linear = require("sklearn.linear_model", "forecast")
            model = linear.LogisticRegression(C=self.penalty, solver="newton-cholesky", max_iter=50, tol=1e-4)
            model.fit(task.z[:, columns][task.train], task.y, sample_weight=task.weight)
            task.memory[key] = np.append(model.coef_[0].astype(np.float64), model.intercept_[0])
        known: Floats = np.asarray(task.memory[key])
        return LogitFit(task, columns, known[:-1], float(known[-1]), self.penalty)


@dataclass(frozen=True)
class LogitFit:
    """A fitted logit; `columns` are the positions of its features in the frame."""

    task: Task
    columns: list[int]
    coef: Floats
    intercept: float
    penalty: float

    def log_odds(self, rows: Ints) -> Floats:
        """Log-odds, shape (rows,)."""
        return np.asarray(self._z(rows) @ self.coef + self.intercept)

    def _z(self, rows: Ints) -> Floats:
        return np.asarray(self.task.z[rows][:, self.columns], dtype=np.float64)

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,)."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(rows))))

    def spread(self, rows: Ints) -> Floats:
        """Standard error of the log-odds, shape (rows,): sandwich with rows clustered by state.

        Source: K.-Y. Liang, S. L. Zeger (1986), Biometrika 73(1), doi:10.1093/biomet/73.1.13.
        """
        task = self.task
        z = np.insert(self._z(task.train), 0, 1.0, axis=1)
        p = self.predict(task.train)
        ridge = np.diag([0.0] + [1 / self.penalty] * len(self.columns))
        bread = np.linalg.inv((z * (task.weight * p * (1 - p))[:, None]).T @ z + ridge)
        scores = z * (task.weight * (task.y - p))[:, None]
        unit = task.frame.unit[task.train]
        sums = np.zeros((int(unit.max()) + 1, z.shape[1]))
        np.add.at(sums, unit, scores)
        cover = bread @ (sums.T @ sums) @ bread
        new = np.insert(self._z(rows), 0, 1.0, axis=1)
        return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", new, cover, new)))

    def contributions(self, rows: Ints) -> Floats:
        """What each feature adds to the log-odds beyond a state at the mean, shape (rows, features)."""
        return np.asarray(self._z(rows) * self.coef)
