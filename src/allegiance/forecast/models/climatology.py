"""Climatology: the world's rate of the event, the same for every state. What a forecast must beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.frame import Task


@dataclass(frozen=True)
class Climatology:
    """The rate over the last `years` (None: since the data begin), or with weights that halve in `half_life` years.

    Known before the fact: only windows that closed before the origin count.
    """

    name: str
    words: str
    years: float | None = None
    half_life: float | None = None
    drifts: bool = False

    def fit(self, task: Task) -> ConstantRate:
        """The rate at the origin of `task`."""
        age = (task.origin - task.horizon + 1 - task.frame.t[task.train]) / task.frame.per_year
        weight = np.ones(len(age)) if self.half_life is None else 0.5 ** (age / self.half_life)
        if self.years is not None:
            weight = np.where(age <= self.years, weight, 0.0)
        events, rows = float(weight @ task.y), float(weight.sum())
        half = 0.5 * task.horizon  # half an event: a rate of nought would be refuted at the first event
        return ConstantRate((events + half) / (rows + 2 * half) if events == 0 else events / rows)


@dataclass(frozen=True)
class ConstantRate:
    """The same probability for every row."""

    rate: float

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,)."""
        return np.full(len(rows), self.rate)
