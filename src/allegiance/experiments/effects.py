"""Effects as the field reports them, with intervals that resample draws of the parameters, arms together.

The members of two arms with the same number share their parameters and their luck, so an interval taken over pairs is
that of the change alone. Resampling: `scipy.stats.bootstrap`, percentile intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.base.extras import require
from allegiance.experiments.contrast import Taken, sums_by_draw
from allegiance.experiments.protocol import Effect, Measure
from allegiance.runs.summary import probability
from allegiance.world.columns import Array

LOGS = ("rate ratio", "risk ratio", "ratio")
_TINY = 1e-12


@dataclass(frozen=True)
class Estimate:
    """An effect with its interval.

    `value`, `low`, `high` are on the effect's scale; NaN where nothing could be estimated. `se` is on the scale of the
    contrast (logs for ratios). `p` is the share of resamples on the wrong side of the null, one-sided.
    """

    value: float
    low: float
    high: float
    se: float
    p: float
    draws: int
    arms: dict[str, float]


def transform(scale: str, total: Array, over: Array, counted: bool) -> Array:
    """An arm's mean on the scale of the contrast: log, logit or as it is.

    Half an event is added to counts (Haldane 1956; Anscombe 1956), so that none at all is rare and not impossible.
    """
    half = 0.5 if counted else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "odds ratio" and counted:
            return np.asarray(np.log((total + half) / (over - total + half)))
        if scale == "odds ratio" or scale in LOGS:
            return np.asarray(np.log((total + half) / over))
        mean = np.asarray(total / over)
        return 100.0 * mean if scale == "percentage points" else mean


def back(scale: str, value: float) -> float:
    """From the scale of the contrast to that of the effect."""
    return float(np.exp(value)) if scale == "odds ratio" or scale in LOGS else float(value)


def estimate(
    effect: Effect, measures: dict[str, Measure], arms: dict[str, Taken], level: float, resamples: int, seed: int = 0
) -> Estimate:
    """Estimate one effect from the arms of its experiment.

    Args:
        measures: the experiment's measures. arms: what `contrast.play_arms` returned. level: of the interval.
        resamples: bootstrap resamples. seed: of the resampling.

    Raises:
        AllegianceError: scipy is not installed.
    """
    if effect.scale == "probability":
        return _probability(effect, arms)
    weights, data, counted = [], [], []
    for term, weight in effect.terms.items():
        arm, _, other = term.partition(":")
        name = other or effect.measure
        data += [sums_by_draw(part) for part in arms[arm][name]]
        weights.append(weight)
        counted.append(_counted(measures[name]))
    columns = np.array(data)
    columns = columns[:, np.isfinite(columns).all(axis=0)]
    draws = columns.shape[1]

    def contrast(*parts: Array, axis: int = -1) -> Array:
        value = np.zeros(parts[0].shape[:-1])
        for k, weight in enumerate(weights):
            total, over = parts[2 * k].sum(axis=axis), parts[2 * k + 1].sum(axis=axis)
            with np.errstate(invalid="ignore"):
                value = value + weight * transform(effect.scale, total, over, counted[k])
        return value

    means = {term: _mean(columns[2 * k], columns[2 * k + 1]) for k, term in enumerate(effect.terms)}
    value = float(contrast(*columns)) if draws else float("nan")
    if draws < 2 or not np.isfinite(value):
        nan = float("nan")
        return Estimate(back(effect.scale, value), nan, nan, nan, nan, draws, means)
    spread = _resampled(columns, contrast, level, resamples, seed)
    distribution = spread.bootstrap_distribution[np.isfinite(spread.bootstrap_distribution)]
    return Estimate(
        back(effect.scale, value), back(effect.scale, float(spread.confidence_interval.low)),
        back(effect.scale, float(spread.confidence_interval.high)), float(spread.standard_error),
        _p_value(effect, distribution), draws, means,
    )  # fmt: skip


def _resampled(columns: Array, contrast: Any, level: float, resamples: int, seed: int) -> Any:
    stats = require("scipy.stats", "experiments")
    return stats.bootstrap(
        tuple(columns), contrast, paired=True, vectorized=True, n_resamples=resamples, confidence_level=level,
        method="percentile", random_state=np.random.default_rng(seed),
    )  # fmt: skip


def _counted(measure: Measure) -> bool:
    """Whether the measure counts events, for which zero is possible and half an event a fair floor."""
    return measure.any or bool(measure.events) or measure.column.rsplit(".", 1)[-1] in (
        "mutiny", "coup_attempt", "coup_success", "halted_brigades",
    )  # fmt: skip


def interval(pair: tuple[Array, Array], level: float, resamples: int, seed: int = 0) -> tuple[float, float, float]:
    """Mean of one measure in one arm with its interval over draws: value, low, high."""
    columns = np.array([sums_by_draw(part) for part in pair])
    columns = columns[:, np.isfinite(columns).all(axis=0)]
    value = _mean(columns[0], columns[1])
    if columns.shape[1] < 2 or not np.isfinite(value):
        return value, float("nan"), float("nan")

    def mean(total: Array, over: Array, axis: int = -1) -> Array:
        return np.asarray(total.sum(axis=axis) / over.sum(axis=axis))

    spread = _resampled(columns, mean, level, resamples, seed).confidence_interval
    return value, float(spread.low), float(spread.high)


def _mean(total: Array, over: Array) -> float:
    below = float(over.sum())
    return float(total.sum() / below) if below > _TINY else float("nan")


def _p_value(effect: Effect, distribution: Array) -> float:
    if effect.expect not in ("up", "down") or len(distribution) == 0:
        return float("nan")
    wrong = distribution <= 0 if effect.expect == "up" else distribution >= 0
    return float((wrong.sum() + 1) / (len(distribution) + 1))


def _probability(effect: Effect, arms: dict[str, Taken]) -> Estimate:
    (arm,) = effect.terms
    happened = arms[arm][effect.measure][0]
    found = probability(happened > 0)
    low, high = found["interval"]
    nan = float("nan")
    return Estimate(
        found["probability"], low, high, (high - low) / (2 * 1.645), nan, (len(happened) + 1) // 2,
        {arm: found["probability"]},
    )  # fmt: skip
