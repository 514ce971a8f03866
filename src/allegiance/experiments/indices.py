"""What an outcome owes to each input: Morris screening, Sobol indices, and the share that is luck.

Methods: Morris (1991), doi:10.1080/00401706.1991.10484804; Campolongo et al. (2007),
doi:10.1016/j.envsoft.2006.10.004; Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; computed by SALib.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.world.columns import Array

LEVEL = 0.9
WIDEST = 0.25
"""Half-width of an interval, as a share of the variance, beyond which a sample is too small to rank by."""
Interval = tuple[float, float, float]
"""Value, low end, high end."""
Evaluate = Callable[[Array], Array]
"""Points of shape (n, inputs) in [0, 1] to outcomes of shape (n, outcomes)."""


@dataclass(frozen=True)
class Indices:
    """Sobol indices of one outcome with 90 % intervals.

    `table`: input, S1, S1_low, S1_high, ST, ST_low, ST_high; null if the outcome does not vary. `total`: the sum of the
    first-order indices, 1 without interactions. `error`: the widest half-width among that sum and the total indices.
    """

    table: pl.DataFrame
    total: Interval
    error: float
    size: int

    @property
    def ranks(self) -> bool:
        """Whether the sample is large enough to rank by."""
        return self.error <= WIDEST

    @property
    def needed(self) -> int:
        """Base sample that would probably do: an interval shrinks with the square root of the sample."""
        if not np.isfinite(self.error) or self.ranks:
            return self.size
        return int(2 ** np.ceil(np.log2(self.size * (self.error / WIDEST) ** 2)))


def screen(evaluate: Evaluate, names: Sequence[str], trajectories: int, seed: int = 0) -> list[pl.DataFrame]:
    """Morris screening: for each outcome a table input, mu_star, mu_star_conf (half-width, 90 %), sigma.

    Raises:
        AllegianceError: SALib is not installed.
    """
    sample = require("SALib.sample.morris", "experiments")
    analyse = require("SALib.analyze.morris", "experiments")
    problem = _problem(names)
    points = sample.sample(problem, trajectories, num_levels=4, seed=seed)
    values = evaluate(points)
    found = []
    for k in range(values.shape[1]):
        table = analyse.analyze(problem, points, values[:, k], conf_level=LEVEL, num_levels=4, seed=seed)
        found.append(pl.DataFrame({
            "input": list(names), "mu_star": np.asarray(table["mu_star"], float),
            "mu_star_conf": np.asarray(table["mu_star_conf"], float), "sigma": np.asarray(table["sigma"], float),
        }))  # fmt: skip
    return found


def decompose(evaluate: Evaluate, names: Sequence[str], size: int, seed: int = 0) -> list[Indices]:
    """Sobol indices of each outcome, centred and scaled before they are estimated.

    Args:
        size: base sample, a power of 2; the model is evaluated size · (inputs + 2) times.

    Raises:
        AllegianceError: SALib is not installed.
    """
    sample = require("SALib.sample.sobol", "experiments")
    analyse = require("SALib.analyze.sobol", "experiments")
    problem = _problem(names)
    values = evaluate(sample.sample(problem, size, calc_second_order=False, seed=seed))
    found = []
    for y in values.T:
        if np.ptp(y) == 0:
            found.append(_constant(names, size))
            continue
        # a seed of 0 would mean none to SALib, and the intervals would differ from run to run
        table = analyse.analyze(
            problem, (y - y.mean()) / y.std(), calc_second_order=False, conf_level=LEVEL, seed=seed + 1,
            num_resamples=999, keep_resamples=True,
        )  # fmt: skip
        found.append(_indices(names, size, table))
    return found


def _indices(names: Sequence[str], size: int, table: Any) -> Indices:
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    columns: dict[str, Any] = {"input": list(names)}
    for index in ("S1", "ST"):
        low, high = np.quantile(table[f"{index}_conf_all"], ends, axis=0)
        columns |= {index: np.asarray(table[index], float), f"{index}_low": low, f"{index}_high": high}
    # the inputs are resampled together, so that the interval of their sum is that of the sum
    low, high = np.quantile(table["S1_conf_all"].sum(axis=1), ends)
    widths = [high - low, *(columns["ST_high"] - columns["ST_low"])]
    total = (float(np.sum(table["S1"])), float(low), float(high))
    return Indices(pl.DataFrame(columns), total, float(max(widths)) / 2, size)


def _constant(names: Sequence[str], size: int) -> Indices:
    empty = pl.Series([None] * len(names), dtype=pl.Float64)
    columns = {f"{i}{end}": empty for i in ("S1", "ST") for end in ("", "_low", "_high")}
    nan = float("nan")
    return Indices(pl.DataFrame({"input": list(names), **columns}), (nan, nan, nan), nan, size)


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def luck_share(values: Array) -> Interval:
    """Share of the variance of a single war that luck decides, alone and with the inputs, with its 90 % interval.

    Wars of the same inputs and different luck correlate by what the inputs decide; luck has the rest (one less the
    intraclass correlation).

    Args:
        values: shape (points, lucks), other lucks at every point. NaN if nothing varies or there is only one luck.

    Raises:
        AllegianceError: scipy is not installed.
    """
    lucks = values.shape[1]
    nan = float("nan")
    if lucks < 2 or len(values) < 3 or np.ptp(values) == 0:
        return nan, nan, nan

    def share(*columns: Array, axis: int = -1) -> Array:
        each = sum(np.var(c, axis=axis, ddof=1) for c in columns)
        together = np.var(np.sum(columns, axis=0), axis=axis, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(1 - (together - each) / ((lucks - 1) * each))

    with warnings.catch_warnings():
        # a resample of rare events may hold none of them, and then says nothing: scipy warns, we leave it out
        warnings.simplefilter("ignore")
        spread = require("scipy.stats", "experiments").bootstrap(
            tuple(values.T), share, paired=True, vectorized=True, n_resamples=999, confidence_level=LEVEL,
            method="percentile", random_state=np.random.default_rng(1),
        ).bootstrap_distribution  # fmt: skip
    low, high = np.clip(np.nanquantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]), 0, 1)
    return float(np.clip(share(*values.T), 0, 1)), float(low), float(high)
