"""What a world would come to, without playing it: the log-odds of an outcome from parameters and campaign.

A logit with a normal prior on every coefficient (scikit-learn): the parameters' prior deviates; the draft's inputs; a
level of each campaign's own; and the deviates times the method and the six coded conditions, so that a parameter may
matter more in one army than in another. How far coefficients stray is set by folds of the plays. What is not known of
the coefficients is kept as draws from their normal approximation (Laplace) and carried into the posterior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.world.columns import Array

SPREADS: Mapping[str, tuple[float, ...]] = {
    "parameters": (0.1, 0.25, 0.6), "inputs": (0.3,), "campaigns": (0.3, 0.8), "together": (0.01, 0.05, 0.2),
}  # fmt: skip
"""Standard deviations tried for the coefficients of each group of columns, in log-odds a standard unit; the first
search starts in the middle and moves one group at a time."""
SLOPE = (0.67, 1.5)
"""Slope of what happened on the emulator's log-odds, on plays it never saw, within which it passes."""
FEWEST = 20
"""Worlds in which an outcome came, and in which it did not, below which it is not emulated."""
MORE = "more points: raise draws in the study; finished plays are kept only if the design is the same"


@dataclass(frozen=True)
class Plays:
    """Plays to learn from: `z` (plays, parameters), `campaign` number of each play's, `y` (plays,) 0 or 1; `inputs`
    (campaigns, columns) standardised, 0 where unknown; `conditions` (campaigns, few): what parameters act through."""

    z: Array
    campaign: Array
    y: Array
    inputs: Array
    conditions: Array


@dataclass(frozen=True)
class Emulator:
    """Log-odds that are linear in the parameters' deviates: `level` (draws, campaigns) + `slope` (draws, campaigns,
    parameters) · z. Draw 0 is the best estimate, the others are drawn from what is not known of it."""

    level: Array
    slope: Array

    def log_odds(self, z: Array, campaign: Array, draw: int = 0) -> Array:
        """Log-odds of plays: `z` (plays, parameters), `campaign` (plays,)."""
        found: Array = self.level[draw, campaign] + np.einsum("np,np->n", self.slope[draw, campaign], z)
        return found


@dataclass(frozen=True)
class Check:
    """How an emulator does on plays it never saw.

    Attributes:
        worlds, events: plays, and in how many it happened. log_score, without: mean log score, and the same for an
            emulator that knows campaigns but no parameters. gain, gain_se: their difference (above 0: parameters
            tell something) and its standard error. slope: of what happened on its log-odds (1 is right). error: its
            own standard deviation of a play's log-odds. spread: of log-odds between plays.
        rival: log score of boosted trees on the same columns, which see curves and thresholds.
    """

    outcome: str
    worlds: int
    events: int
    log_score: float
    without: float
    gain: float
    gain_se: float
    slope: float
    error: float
    spread: float
    rival: float

    @property
    def fault(self) -> str:
        """Why the emulator must not be used, "" if it may."""
        if self.gain <= 2.0 * self.gain_se:
            return (
                f"on plays it never saw it gains {self.gain:.4f} ± {self.gain_se:.4f} by knowing the parameters:"
                " it cannot tell one draw of them from another"
            )
        if not SLOPE[0] <= self.slope <= SLOPE[1]:
            return f"the slope of what happened on its log-odds is {self.slope:.2f}, not {SLOPE[0]} to {SLOPE[1]}"
        return ""


def columns(plays: Plays, spreads: Mapping[str, float]) -> Array:
    """Design matrix of the plays, each group of columns scaled by its spread."""
    z, at = plays.z, plays.campaign
    own = np.eye(len(plays.inputs))[at]
    together = (plays.conditions[at][:, :, None] * z[:, None, :]).reshape(len(z), -1)
    parts = {"parameters": z, "inputs": plays.inputs[at], "campaigns": own, "together": together}
    return np.hstack([spreads[name] * part for name, part in parts.items()])


def learn(
    plays: Plays, folds: int, draws: int, seed: int, outcome: str, spreads: Mapping[str, float] | None = None
) -> tuple[Emulator, Check, Mapping[str, float]]:
    """An emulator of one outcome, its check on unseen plays, and the spreads it was made with.

    Args:
        draws: of what is not known of it. spreads: of the coefficients; looked for if None.

    Raises:
        AllegianceError: the outcome came, or failed to come, in too few worlds; scikit-learn is not installed.
    """
    events = int(plays.y.sum())
    if min(events, len(plays.y) - events) < FEWEST:
        raise AllegianceError(
            f"{outcome} came in {events} of {len(plays.y)} simulated worlds: too few to learn its chance from", MORE
        )
    parts = fold_rows(len(plays.y), folds, seed)
    spreads, unseen = _search(plays, parts) if spreads is None else (spreads, _unseen(plays, spreads, parts))
    bare = _unseen(replace(plays, z=np.zeros_like(plays.z)), spreads, parts)
    x = columns(plays, spreads)
    model = _fit(x, plays.y)
    beta = np.concatenate([model.intercept_, model.coef_[0]])
    drawn, error = _uncertain(x, beta, draws, seed)
    made = emulator_of(plays, spreads, np.vstack([beta, drawn]))
    gains = _loss(bare, plays.y) - _loss(unseen, plays.y)
    check = Check(
        outcome, len(plays.y), events, float(_loss(unseen, plays.y).mean()), float(_loss(bare, plays.y).mean()),
        float(gains.mean()), float(gains.std() / np.sqrt(len(gains))), _slope(unseen, plays.y), error,
        float(np.std(x @ beta[1:])), float(_loss(_trees(plays, parts), plays.y).mean()),
    )  # fmt: skip
    return made, check, spreads


def fold_rows(count: int, folds: int, seed: int) -> list[tuple[Array, Array]]:
    """Rows to learn from and rows left out, for each fold."""
    selection: Any = require("sklearn.model_selection", "fit")
    return list(selection.KFold(folds, shuffle=True, random_state=seed).split(np.zeros(count)))


def _fit(x: Array, y: Array) -> Any:
    linear: Any = require("sklearn.linear_model", "fit")
    return linear.LogisticRegression(C=1.0, max_iter=500, tol=1e-4).fit(x, y)


def _search(plays: Plays, folds: list[tuple[Array, Array]]) -> tuple[dict[str, float], Array]:
    """Spreads with the best log score over the folds, one group moved at a time; and the log-odds of unseen plays."""
    chosen = {name: tried[len(tried) // 2] for name, tried in SPREADS.items()}
    best = _unseen(plays, chosen, folds)
    for name, candidates in SPREADS.items():
        for tried in candidates:
            if tried == chosen[name]:
                continue
            found = _unseen(plays, chosen | {name: tried}, folds)
            if _loss(found, plays.y).mean() < _loss(best, plays.y).mean():
                chosen, best = chosen | {name: tried}, found
    return chosen, best


def _unseen(plays: Plays, spreads: Mapping[str, float], folds: list[tuple[Array, Array]]) -> Array:
    x, found = columns(plays, spreads), np.empty(len(plays.y))
    for train, test in folds:
        found[test] = _fit(x[train], plays.y[train]).decision_function(x[test])
    return found


def _loss(log_odds: Array, y: Array) -> Array:
    """Log score of each play, lower is better."""
    found: Array = np.logaddexp(0.0, np.where(y > 0, -log_odds, log_odds))
    return found


def _slope(log_odds: Array, y: Array) -> float:
    linear: Any = require("sklearn.linear_model", "fit")
    return float(linear.LogisticRegression(C=np.inf).fit(log_odds[:, None], y).coef_[0, 0])


def _trees(plays: Plays, folds: list[tuple[Array, Array]]) -> Array:
    ensemble: Any = require("sklearn.ensemble", "fit")
    x, found = np.hstack([plays.z, plays.inputs[plays.campaign]]), np.empty(len(plays.y))
    for train, test in folds:
        model = ensemble.HistGradientBoostingClassifier(
            max_iter=80, learning_rate=0.06, max_depth=3, l2_regularization=5.0, early_stopping=False, random_state=0
        )
        found[test] = model.fit(x[train], plays.y[train]).decision_function(x[test])
    return found


def _uncertain(x: Array, beta: Array, draws: int, seed: int) -> tuple[Array, float]:
    """Draws of the coefficients about their estimate, and the standard deviation of a play's log-odds (mean)."""
    whole = np.hstack([np.ones((len(x), 1)), x])
    chance = 1.0 / (1.0 + np.exp(-(whole @ beta)))
    precision = whole.T @ (whole * (chance * (1.0 - chance))[:, None]) + np.diag(np.r_[1e-6, np.ones(x.shape[1])])
    lower = np.linalg.cholesky(precision)
    normal = np.random.default_rng([seed, 1]).normal(size=(len(beta), draws))
    drawn = beta + np.linalg.solve(lower.T, normal).T
    errors = np.linalg.solve(lower, whole.T)
    return drawn, float(np.sqrt((errors * errors).sum(axis=0)).mean())


def emulator_of(plays: Plays, spreads: Mapping[str, float], betas: Array) -> Emulator:
    """The coefficients (draws, 1 + columns) as a level and a slope for every campaign."""
    parameters, inputs = plays.z.shape[1], plays.inputs.shape[1]
    campaigns, few = plays.conditions.shape
    edges = np.cumsum([1, parameters, inputs, campaigns])
    first, main, known, own, together = np.split(betas, edges, axis=1)
    level = first + spreads["inputs"] * known @ plays.inputs.T + spreads["campaigns"] * own
    through = spreads["together"] * together.reshape(len(betas), few, parameters)
    slope = spreads["parameters"] * main[:, None, :] + np.einsum("cf,dfp->dcp", plays.conditions, through)
    return Emulator(level, slope)
