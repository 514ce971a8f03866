"""What the chance of an event in a year would come to, without playing it: an emulator of a chance, not of an event.

A played world tells more than whether something came: the daily chances of a first one, added up (day/odds.py), whose
mean over worlds is the chance itself. The log-odds of that sum, on the same columns as in emulator.py, are learnt by a
linear regression with a normal prior on each coefficient (solved exactly, SciPy). The mean of log-odds is not the
log-odds of the mean; so what it says of plays it never saw, level and parameters' part, is put through a logit to the
chance itself, and the fitted line belongs to the emulator. Draws of the coefficients and of the line carry on what is
not known of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.inference.fit.emulator import MORE, Check, Emulator, Plays, columns, emulator_of, fold_rows
from allegiance.world.columns import Array

SPREADS: Mapping[str, tuple[float, ...]] = {
    "parameters": (0.03, 0.1, 0.25, 0.6), "inputs": (0.3, 0.6, 1.2), "campaigns": (0.3, 0.8, 1.6),
    "together": (0.01, 0.03, 0.1),
}  # fmt: skip
"""Standard deviations tried for the coefficients of each group of columns, in log-odds a standard unit."""
LEAST = 1e-3
"""A sum of chances below this is as good as none: log-odds of less would be learnt for nothing."""
FEWEST = 20.0
"""Events to be expected in all plays below which their chance is not emulated."""
RATIO = (0.8, 1.25)
"""Expected over observed on plays it never saw, in each third of them, within which it passes."""


@dataclass(frozen=True)
class ChanceCheck(Check):
    """As `Check`, of a chance: `events` are what the plays' chances add up to, `log_score`, `without` and `rival` are
    of these. `gain` is that of the regression: log score of a normal of the log-odds, which one lucky play cannot
    decide; the scores of chances are ruled by the few plays in which much came.

    Attributes:
        explained: share of the variance of log-odds between unseen plays. level_slope: as `slope`, of what state-years
            tell; `slope` is of what parameters tell; both before they were corrected by them. thirds: expected over
            observed in thirds of unseen plays that expect as many events each, the unlikely ones first. by_parameters:
            the same in order of what the parameters alone tell.
    """

    explained: float
    level_slope: float
    thirds: tuple[float, ...]
    by_parameters: tuple[float, ...]

    @property
    def fault(self) -> str:
        """Why the emulator must not be used, "" if it may."""
        if self.gain <= 2.0 * self.gain_se:
            return super().fault
        for words, ratios in (("of their chance", self.thirds), ("of what parameters tell", self.by_parameters)):
            if not all(RATIO[0] <= one <= RATIO[1] for one in ratios):
                told, bar = ", ".join(f"{one:.2f}" for one in ratios), f"{RATIO[0]} to {RATIO[1]}"
                return f"on plays it never saw it expects {told} times what came in thirds {words}, not {bar}"
        return ""


def log_odds_of(summed: Array) -> Array:
    """Log-odds of a chance from daily chances added up (from 0, no upper end): of 1 - exp(-sum).

    >>> log_odds_of(np.array([0.0, 0.001, np.log(2.0)])).round(2).tolist()
    [-6.91, -6.91, 0.0]
    """
    found: Array = np.log(np.expm1(np.minimum(np.maximum(summed, LEAST), 30.0)))
    return found


def learn_chance(
    plays: Plays, folds: int, draws: int, seed: int, outcome: str
) -> tuple[Emulator, ChanceCheck]:
    """An emulator of the chance of one outcome and its check on unseen plays. `plays.y`: daily chances added up.

    Raises:
        AllegianceError: the plays expect too few events; an extra is not installed.
    """
    total = float(plays.y.sum())
    if total < FEWEST:
        raise AllegianceError(
            f"{outcome}: {len(plays.y)} simulated worlds expect {total:.1f} of it: too few to learn its chance from",
            MORE,
        )
    parts = fold_rows(len(plays.y), folds, seed)
    spreads, noise, level, through = _search(plays, parts)
    target = log_odds_of(plays.y)
    known = np.column_stack([np.ones(len(level)), level, through])
    line, cov = _line(known, plays.y)
    bare_line, _ = _line(known[:, :2], plays.y)
    unseen = known @ line
    gains = ((target - level) ** 2 - (target - level - through) ** 2) / (2.0 * noise)
    x = _whole(plays) * _scale(plays, spreads)
    beta, lower = _solve(x.T @ x, x.T @ target, np.ones(x.shape[1]), noise)
    rng = np.random.default_rng([seed, 1])
    normal = rng.normal(size=(len(beta), draws))
    betas = beta + np.sqrt(noise) * np.linalg.solve(lower.T, normal).T
    raw = emulator_of(plays, spreads, np.vstack([beta, betas]))
    lines = np.vstack([line, rng.multivariate_normal(line, cov, size=draws)])
    made = Emulator(lines[:, :1] + lines[:, 1:2] * raw.level, lines[:, 2, None, None] * raw.slope)
    errors = np.linalg.solve(lower, x.T)
    check = ChanceCheck(
        outcome, len(plays.y), round(total), float(_loss(unseen, plays.y).mean()),
        float(_loss(known[:, :2] @ bare_line, plays.y).mean()), float(gains.mean()),
        float(gains.std() / np.sqrt(len(gains))), float(line[2]),
        float(line[1] * np.sqrt(noise * (errors * errors).sum(axis=0)).mean()),
        float(np.std(made.log_odds(plays.z, plays.campaign))),
        float(_loss(_trees(plays, target, parts), plays.y).mean()),
        1.0 - float(np.mean((target - level - through) ** 2) / np.var(target)), float(line[1]),
        _thirds(unseen, unseen, plays.y), _thirds(through, unseen, plays.y),
    )  # fmt: skip
    return made, check


def _whole(plays: Plays) -> Array:
    """All columns and a constant in front, none scaled."""
    found: Array = np.hstack([np.ones((len(plays.y), 1)), columns(plays, dict.fromkeys(SPREADS, 1.0))])
    return found


def _scale(plays: Plays, spreads: Mapping[str, float]) -> Array:
    """The spread of each of the columns of `_whole`."""
    many = {
        "parameters": plays.z.shape[1], "inputs": plays.inputs.shape[1], "campaigns": len(plays.inputs),
        "together": plays.conditions.shape[1] * plays.z.shape[1],
    }  # fmt: skip
    found: Array = np.concatenate([np.ones(1), *(np.full(n, spreads[name]) for name, n in many.items())])
    return found


def _solve(gram: Array, cross: Array, scale: Array, noise: float) -> tuple[Array, Array]:
    """Ridge regression: every coefficient but the constant has a standard normal prior, in units of its spread.

    Args:
        gram, cross: products of the unscaled columns with each other and with the target.

    Returns:
        The coefficients of the scaled columns, and the lower root of their precision times the noise's variance.
    """
    linalg: Any = require("scipy.linalg", "fit")
    precision = gram * scale[:, None] * scale + np.diag(np.r_[1e-8, np.full(len(scale) - 1, noise)])
    lower = linalg.cholesky(precision, lower=True)
    beta: Array = linalg.cho_solve((lower, True), cross * scale)
    return beta, lower


def _search(plays: Plays, folds: list[tuple[Array, Array]]) -> tuple[dict[str, float], float, Array, Array]:
    """Spreads with the least squared error over the folds, one group moved at a time; the noise's variance; and, of
    unseen plays, the level of the state-year and the parameters' part."""
    target, x = log_odds_of(plays.y), _whole(plays)
    whole, cross = x.T @ x, x.T @ target
    left = [(whole - x[test].T @ x[test], cross - x[test].T @ target[test], test) for _, test in folds]
    parameters, inputs, own = plays.z.shape[1], plays.inputs.shape[1], len(plays.inputs)
    still = np.zeros(x.shape[1], bool)
    still[0] = still[1 + parameters : 1 + parameters + inputs + own] = True

    def unseen(spreads: Mapping[str, float], noise: float) -> tuple[Array, Array]:
        level, through, scale = np.empty(len(x)), np.empty(len(x)), _scale(plays, spreads)
        for gram, products, test in left:
            beta = scale * _solve(gram, products, scale, noise)[0]
            level[test], through[test] = x[test] @ np.where(still, beta, 0.0), x[test] @ np.where(still, 0.0, beta)
        return level, through

    chosen = {name: tried[len(tried) // 2] for name, tried in SPREADS.items()}
    noise = _error(unseen(chosen, 0.5 * float(np.var(target))), target)
    best = unseen(chosen, noise)
    for name, candidates in SPREADS.items():
        for tried in candidates:
            if tried == chosen[name]:
                continue
            found = unseen(chosen | {name: tried}, noise)
            if _error(found, target) < _error(best, target):
                chosen, best = chosen | {name: tried}, found
    return chosen, _error(best, target), *best


def _error(parts: tuple[Array, Array], target: Array) -> float:
    return float(np.mean((target - parts[0] - parts[1]) ** 2))


def _loss(log_odds: Array, summed: Array) -> Array:
    """Log score of each play whose chance is `summed`, lower is better (its mean over worlds is that of the events)."""
    found: Array = np.logaddexp(0.0, log_odds) - summed * log_odds
    return found


def _line(known: Array, summed: Array) -> tuple[Array, Array]:
    """Coefficients of a logit of chances on columns (quasi-likelihood: Papke and Wooldridge 1996), by Newton's method,
    and their covariance, whatever the noise is like (a sandwich)."""
    beta = np.zeros(known.shape[1])
    beta[0] = np.log(np.clip(summed.mean(), 1e-6, 0.9))
    for _ in range(200):
        chance = 1.0 / (1.0 + np.exp(-np.clip(known @ beta, -30, 30)))
        curve = known.T @ (known * (chance * (1.0 - chance))[:, None]) + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(curve, known.T @ (summed - chance))
        beta = beta + step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-9:
            break
    scores = known * (summed - chance)[:, None]
    inverse = np.linalg.inv(curve)
    return beta, inverse @ (scores.T @ scores) @ inverse


def _thirds(by: Array, log_odds: Array, summed: Array) -> tuple[float, ...]:
    """Expected over observed in thirds of plays, in order of `by`, that expect as many events each."""
    chance = 1.0 / (1.0 + np.exp(-log_odds))
    order = np.argsort(by, kind="stable")
    edges = np.searchsorted(np.cumsum(chance[order]) / chance.sum(), [1 / 3, 2 / 3])
    return tuple(float(chance[own].sum() / max(summed[own].sum(), 1e-9)) for own in np.split(order, edges))


def _trees(plays: Plays, target: Array, folds: list[tuple[Array, Array]]) -> Array:
    """Log-odds of unseen plays by boosted trees on the same columns, put through a line of their own."""
    ensemble: Any = require("sklearn.ensemble", "fit")
    x, found = np.hstack([plays.z, plays.inputs[plays.campaign]]), np.empty(len(target))
    for train, test in folds:
        model = ensemble.HistGradientBoostingRegressor(
            max_iter=80, learning_rate=0.06, max_depth=3, l2_regularization=5.0, early_stopping=False, random_state=0
        )
        found[test] = model.fit(x[train], target[train]).predict(x[test])
    known = np.column_stack([np.ones(len(found)), found])
    unseen: Array = known @ _line(known, plays.y)[0]
    return unseen
