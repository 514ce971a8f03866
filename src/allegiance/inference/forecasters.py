"""Forecasts of one left-out case, each fitted to the other cases alone: the model's, a pool, and the baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.inference.bank import CodedCase
from allegiance.inference.baselines import base_rate, ordinal_logit, share_regression
from allegiance.inference.coding import LEVELS, coded, conditions_of, level_probabilities
from allegiance.inference.coding_error import OrdinalError, ShareError, fit_ordinal, fit_share
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.world.columns import Array
from allegiance.world.inputs import has_enemy

SHARES = np.linspace(0.0, 1.0, 11)
"""Shares of the model that a pool may have."""
POINTS = 40
"""Quantiles that stand for the playings of a case when the coding error of a share is fitted."""
_TO_SD = 2 * 1.6448536269514722

Weighted = tuple[Array, Array]
"""Points on the log share that left, and their weights."""


@dataclass
class History:
    """Coded cases beside what the model's playings of them came to.

    `codes` per case: coup, mutiny, refusal (levels) and left (share) of every playing. Fits are kept, by the cases
    they rest on.
    """

    cases: Sequence[CodedCase]
    codes: list[dict[str, Array]]
    _fits: dict[tuple[str, frozenset[int]], OrdinalError | ShareError] = field(default_factory=dict)

    @cached_property
    def log_left(self) -> list[Array]:
        """Log share that left, floored, per case (shape (playings,))."""
        return [np.log(np.maximum(c["left"], LEFT_FLOOR)) for c in self.codes]

    @cached_property
    def points(self) -> list[Array]:
        """POINTS quantiles of the playings' log share that left, per case."""
        at = (np.arange(POINTS) + 0.5) / POINTS
        return [np.quantile(values, at) for values in self.log_left]

    @cached_property
    def middle(self) -> Array:
        """Middle of the coded log share that left (shape (cases,))."""
        found: Array = self._ends.mean(axis=1)
        return found

    @cached_property
    def _ends(self) -> Array:
        found: Array = np.log(np.maximum(np.array([c.observed.left for c in self.cases], float), LEFT_FLOOR))
        return found

    @cached_property
    def conditions(self) -> Array:
        """Coded conditions, shape (cases, conditions), each 0-1."""
        return np.array([list(conditions_of(c.case, c.observed.side).values()) for c in self.cases])

    def levels(self, k: int, outcome: str, weights: Array | None = None) -> Array:
        """Chances of the model's own levels in case `k`."""
        return level_probabilities(self.codes[k][outcome], LEVELS[outcome], weights)

    def truth(self, outcome: str, which: Sequence[int]) -> list[int]:
        """History's codes of these cases."""
        return [int(getattr(self.cases[j].observed, outcome)) for j in which]

    def ordinal_error(self, outcome: str, which: Sequence[int]) -> OrdinalError:
        """Coding error of an outcome, fitted to these cases."""
        key = (outcome, frozenset(which))
        if key not in self._fits:
            table = np.array([self.levels(j, outcome) for j in which])
            self._fits[key] = fit_ordinal(table, self.truth(outcome, which))
        found = self._fits[key]
        assert isinstance(found, OrdinalError)
        return found

    def share_error(self, which: Sequence[int]) -> ShareError:
        """Coding error of the share that left, fitted to these cases."""
        key = ("left", frozenset(which))
        if key not in self._fits:
            width = (self._ends[:, 1] - self._ends[:, 0]) / _TO_SD
            chosen = list(which)
            self._fits[key] = fit_share([self.points[j] for j in chosen], self.middle[chosen], width[chosen])
        found = self._fits[key]
        assert isinstance(found, ShareError)
        return found


def history(cases: Sequence[CodedCase], bank: Mapping[str, pl.DataFrame]) -> History:
    """Code every playing of the bank by the model's own thresholds."""
    return History(cases, [coded(bank[c.case.id], c.observed.side, no_enemy(c.case)) for c in cases])


@dataclass
class Fold:
    """Case `held` is forecast from `others`; `others_of(j)` says what case j may be forecast from in its turn.

    `fitted` collects what the fold fitted: slope, spread and pool share per outcome.
    """

    known: History
    held: int
    others: list[int]
    others_of: Callable[[int], list[int]]
    fitted: dict[str, float] = field(default_factory=dict)

    def ordinal(self, outcome: str) -> dict[str, Array]:
        """Level probabilities by the name of the forecaster."""
        error = self.known.ordinal_error(outcome, self.others)
        model, rate = self._ordinal_pair(outcome, self.held, self.others)
        gaps = np.array([np.subtract(*pair) for pair in (self._ordinal_miss(outcome, j) for j in self.others)])
        base = np.array([self._ordinal_miss(outcome, j)[1] for j in self.others])
        share = _best_share(lambda s: float((((base + s * gaps) ** 2).sum(axis=1)).mean()))
        truth = self.known.truth(outcome, self.others)
        table = self.known.conditions
        self.fitted |= {
            f"{outcome}_slope": error.slope, f"{outcome}_spread": error.spread, f"{outcome}_pool": share,
        }  # fmt: skip
        return {
            "model": model, "pool": share * model + (1 - share) * rate, "raw": self.known.levels(self.held, outcome),
            "base_rate": rate, "logit": ordinal_logit(table[self.others], truth, table[self.held], LEVELS[outcome]),
        }  # fmt: skip

    def _ordinal_pair(self, outcome: str, k: int, others: Sequence[int]) -> tuple[Array, Array]:
        model = self.known.ordinal_error(outcome, others).codes(self.known.levels(k, outcome))
        return model, base_rate(self.known.truth(outcome, others), LEVELS[outcome])

    def _ordinal_miss(self, outcome: str, j: int) -> tuple[Array, Array]:
        """Cumulated forecasts of another case minus what happened; squared and added they are its score."""
        happened = np.arange(LEVELS[outcome]) >= self.known.truth(outcome, [j])[0]
        pair = self._ordinal_pair(outcome, j, self._inner(j))
        model, rate = (np.cumsum(p) - happened for p in pair)
        return model, rate

    def _inner(self, j: int) -> list[int]:
        """What another case is forecast from inside this fold: neither it, nor its kin, nor the held-out case."""
        allowed = set(self.others)
        return [i for i in self.others_of(j) if i in allowed]

    def shares(self) -> dict[str, Weighted]:
        """Forecasts of the log share that left by the name of the forecaster."""
        error = self.known.share_error(self.others)
        model, rate = self._share_pair(self.held, self.others)
        inner = [(self._share_pair(j, self._inner(j)), self.known.middle[j]) for j in self.others]
        share = _best_share(lambda s: float(np.mean([_crps(_mix(*pair, s), y) for pair, y in inner])))
        self.fitted |= {
            "left_slope": error.slope, "left_shift": error.shift, "left_spread": error.error, "left_pool": share,
        }  # fmt: skip
        raw = self.known.log_left[self.held]
        table = self.known.conditions
        line = share_regression(table[self.others], self.known.middle[self.others], table[self.held])
        return {
            "model": model, "pool": _mix(model, rate, share), "raw": (raw, np.ones(len(raw))), "base_rate": rate,
            "logit": (np.clip(line, np.log(LEFT_FLOOR), 0.0), np.ones(len(line))),
        }  # fmt: skip

    def _share_pair(self, k: int, others: Sequence[int]) -> tuple[Weighted, Weighted]:
        values = self.known.share_error(others).shares(self.known.points[k])
        rate = self.known.middle[list(others)]
        return (values, np.ones(len(values))), (rate, np.ones(len(rate)))


def _mix(first: Weighted, second: Weighted, share: float) -> Weighted:
    parts = ((first, share), (second, 1.0 - share))
    return np.concatenate([p[0] for p, _ in parts]), np.concatenate([s * p[1] / p[1].sum() for p, s in parts])


def _crps(forecast: Weighted, truth: float) -> float:
    values, weights = forecast
    return float(require("scoringrules", "fit").crps_ensemble(truth, values, ens_w=weights / weights.sum()))


def _best_share(loss: Callable[[float], float]) -> float:
    return float(SHARES[int(np.argmin([loss(s) for s in SHARES]))])
