"""A row's value in the model, with an interval that resamples pairs of members, and its verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from allegiance.experiments.effect_sizes.estimands import ESTIMANDS, Sums
from allegiance.experiments.effect_sizes.rows import Row
from allegiance.experiments.protocol import protocol
from allegiance.runs.spec import LUCK_PER_DRAW
from allegiance.world.columns import Array

Verdict = Literal["inside", "outside", "cannot be told"]
Units = Mapping[str, pl.DataFrame]
"""Unit of an arm (case and side) -> rows of members."""
LEVEL, RESAMPLES = 0.9, 999


@dataclass(frozen=True)
class Found:
    """A value with its 90 % interval (NaN where nothing could be estimated), the draws behind it, and the verdict."""

    value: float
    low: float
    high: float
    draws: int
    verdict: Verdict


def found(row: Row, arms: Mapping[str, Units], seed: int = 0, resamples: int = RESAMPLES) -> Found:
    """Estimate a row from what its arms left (`play.play`); of fewer draws than the protocol asks nothing is told."""
    own = [_by_draw(arms[name]) for name in row.arms]
    draws = min(next(iter(a.values())).shape[0] for a in own)
    rng = np.random.default_rng(seed)
    value = float(_value(row, own, [np.ones((1, d)) for d in _counts(own)])[0])
    # arms of one size share their draws and their luck, so one resampling serves them all
    weights = {d: rng.multinomial(d, np.full(d, 1.0 / d), resamples).astype(float) for d in sorted({*_counts(own)})}
    spread = _value(row, own, [weights[d] for d in _counts(own)])
    spread = spread[np.isfinite(spread)]
    if len(spread) < resamples / 2 or not math.isfinite(value):
        return Found(value, math.nan, math.nan, draws, "cannot be told")
    low, high = (float(q) for q in np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    told = verdict(low, high, row.must) if draws >= protocol().fewest_draws else "cannot be told"
    return Found(value, low, high, draws, told)


def verdict(low: float, high: float, must: tuple[float, float]) -> Verdict:
    """Whether an interval lies wholly inside a range, wholly outside it, or neither.

    >>> verdict(2, 3, (1.8, 4.7)), verdict(5, 6, (1.8, 4.7)), verdict(1, 3, (1.8, 4.7))
    ('inside', 'outside', 'cannot be told')
    """
    if must[0] <= low and high <= must[1]:
        return "inside"
    return "outside" if high < must[0] or low > must[1] else "cannot be told"


def _by_draw(units: Units) -> dict[str, Array]:
    """Sums over the members of a draw: column -> shape (draws, units)."""
    first = next(iter(units.values()))
    columns = [c for c, kind in first.schema.items() if kind.is_float()]
    return {
        c: np.stack([t[c].to_numpy().reshape(-1, LUCK_PER_DRAW).sum(axis=1) for t in units.values()], axis=1)
        for c in columns
    }


def _counts(own: Sequence[Mapping[str, Array]]) -> list[int]:
    return [next(iter(a.values())).shape[0] for a in own]


def _value(row: Row, own: Sequence[Mapping[str, Array]], weights: Sequence[Array]) -> Array:
    sums: list[Sums] = [{c: w @ v for c, v in arm.items()} for arm, w in zip(own, weights, strict=True)]
    return ESTIMANDS[row.estimand](sums, **row.args)
