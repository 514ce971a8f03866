"""How history's codes differ from the model's own: a global layer of coding error, fitted to other cases.

A reader's code of a case is not the model's count pushed through stated thresholds. For the ordinal outcomes the code
is `slope` times the playing's own level plus logistic error of scale `spread`, cut where readers cut; for the share
that left, its logarithm is a straight line of the playing's, with normal error beside the coded range's own width.
Few parameters, the same for every case, shrunk to the stated thresholds and fitted only to cases not scored: maximum
a posteriori by scipy. The likelihood of a case is the mean over its playings, so the model's own spread counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allegiance.base.extras import require
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.world.columns import Array

SPREAD, SPREAD_WIDTH = 0.35, 0.7
"""Prior median of the spread of codes (levels) and standard deviation of its logarithm: one code in seven is off."""
SLOPE_WIDTH, CUT_WIDTH = 0.5, 0.5
"""Prior standard deviations of the slope about 1 and of each cut about the middle between two levels."""
LINE_WIDTH, ERROR = 1.0, 0.5
"""Share that left: prior standard deviation of the shift (log units), prior median of the error (log units)."""
NODES = 11
"""Points by which the normal error is represented in a forecast of the share that left."""

_STOP = {"ftol": 1e-7}


@dataclass(frozen=True)
class OrdinalError:
    """Chance of each code given a playing's level: `matrix[level, code]`, rows adding to 1."""

    slope: float
    spread: float
    cuts: tuple[float, ...]

    @property
    def matrix(self) -> Array:
        """Shape (levels, codes)."""
        return _matrix(self.slope, self.spread, np.array(self.cuts), len(self.cuts) + 1)

    def codes(self, levels: Array) -> Array:
        """Forecast of a case's code from the chances of the model's own levels (shape (levels,))."""
        found: Array = levels @ self.matrix
        return found


@dataclass(frozen=True)
class ShareError:
    """Log share as coded = middle + shift + slope · (log share of the playing − middle) + error · normal."""

    shift: float
    slope: float
    error: float
    middle: float

    def shares(self, log_left: Array) -> Array:
        """Forecast of the coded log share, shape (playings · NODES,), all points of equal weight."""
        stats = require("scipy.stats", "fit")
        nodes = stats.norm.ppf((np.arange(NODES) + 0.5) / NODES)
        centre = self.middle + self.shift + self.slope * (log_left - self.middle)
        found: Array = np.clip((centre[:, None] + self.error * nodes).ravel(), np.log(LEFT_FLOOR), 0.0)
        return found


def _matrix(slope: float, spread: float, cuts: Array, levels: int) -> Array:
    below = 1.0 / (1.0 + np.exp(-np.clip((cuts[None, :] - slope * np.arange(levels)[:, None]) / spread, -50, 50)))
    edges = np.concatenate([np.zeros((levels, 1)), below, np.ones((levels, 1))], axis=1)
    found: Array = np.maximum(np.diff(edges, axis=1), 1e-9)
    return found


def fit_ordinal(levels: Array, codes: Sequence[int]) -> OrdinalError:
    """Fit the coding error to cases: `levels` (cases, levels) are chances of the model's own levels, `codes` history's.

    Raises:
        AllegianceError: scipy is not installed.
    """
    optimise = require("scipy.optimize", "fit")
    count = levels.shape[1]
    stated = np.arange(count - 1) + 0.5
    at = np.asarray(codes, int)

    def unpack(x: Array) -> tuple[float, float, Array]:
        # cuts stay in order: the first is free, the others follow by positive steps
        return x[0], SPREAD * np.exp(x[1]), np.cumsum(np.concatenate([[0.5 + x[2]], np.exp(x[3:])]))

    def loss(x: Array) -> float:
        slope, spread, cuts = unpack(x)
        chance = (levels @ _matrix(slope, spread, cuts, count))[np.arange(len(at)), at]
        prior = (
            ((slope - 1) / SLOPE_WIDTH) ** 2 + (x[1] / SPREAD_WIDTH) ** 2 + (((cuts - stated) / CUT_WIDTH) ** 2).sum()
        )
        return float(-np.log(np.maximum(chance, 1e-12)).sum() + 0.5 * prior)

    start = np.concatenate([[1.0, 0.0, 0.0], np.zeros(count - 2)])
    slope, spread, cuts = unpack(optimise.minimize(loss, start, method="L-BFGS-B", options=_STOP).x)
    return OrdinalError(float(slope), float(spread), tuple(float(c) for c in cuts))


def fit_share(log_left: Sequence[Array], middle: Array, width: Array) -> ShareError:
    """Fit the error of the coded share: per case the playings' log shares, middle and standard deviation of the code.

    Raises:
        AllegianceError: scipy is not installed.
    """
    optimise = require("scipy.optimize", "fit")
    playings, y, own = np.array(log_left), middle[:, None], width[:, None]
    centre = float(playings.mean())

    def loss(x: Array) -> float:
        spread = np.sqrt((ERROR * np.exp(x[2])) ** 2 + own**2)
        off = (y - (centre + x[0] + x[1] * (playings - centre))) / spread
        log_chance = -0.5 * off**2 - np.log(spread)
        top = log_chance.max(axis=1, keepdims=True)
        total = (top[:, 0] + np.log(np.exp(log_chance - top).mean(axis=1))).sum()
        prior = (x[0] / LINE_WIDTH) ** 2 + ((x[1] - 1) / SLOPE_WIDTH) ** 2 + (x[2] / SPREAD_WIDTH) ** 2
        return float(-total + 0.5 * prior)

    x = optimise.minimize(loss, np.array([0.0, 1.0, 0.0]), method="L-BFGS-B", options=_STOP).x
    return ShareError(float(x[0]), float(x[1]), float(ERROR * np.exp(x[2])), centre)
