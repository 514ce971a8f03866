"""Does the inference know what it claims? Worlds of known parameters are made, fitted to, and the answers compared.

Simulation-based calibration: ranks of the true value among the posterior's draws are uniform if the posterior is
right (Talts et al. 2018, arXiv:1804.06788); intervals of 50 and 90 % hold the truth that often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.cases.schema import Observed
from allegiance.inference.bank import CodedCase
from allegiance.inference.coding import LEVELS, effective_size
from allegiance.inference.screen import Bank
from allegiance.inference.smc import Particles
from allegiance.inference.weights import LEFT_FLOOR, disagreement
from allegiance.theory.registry import PARAMETERS, free
from allegiance.world.columns import Array

SPREAD = 1.5
"""Coded ranges of the share that left in synthetic history: the true share divided and multiplied by this."""
INFORMED = 2.58
"""Standard errors (of few, weighted particles) by which mean or spread must leave the prior's to count as informed."""
BINS = 10


@dataclass(frozen=True)
class Recovery:
    """Synthetic fits: `ranks` of the truth in [0, 1], shape (fits, parameters); `coverage` one row per parameter."""

    names: tuple[str, ...]
    ranks: Array
    coverage: pl.DataFrame


def synthetic(bank: Bank, cases: Sequence[CodedCase], number: int) -> list[Observed]:
    """History as it would have been coded had the first playing of draw `number` been the world's."""
    at = number * bank.replicates
    made = []
    for known in cases:
        codes = {name: values[at] for name, values in bank.codes[known.case.id].items()}
        share = max(float(codes["left"]), LEFT_FLOOR)
        made.append(
            Observed.model_validate(
                {name: int(codes[name]) for name in LEVELS}
                | {"side": known.observed.side, "left": (share / SPREAD, min(1.0, share * SPREAD))}
                | {"basis": "judgement", "note": "synthetic"}
            )
        )
    return made


def distances(bank: Bank, cases: Sequence[CodedCase], history: Sequence[Observed], summaries: Sequence[str]) -> Array:
    """Distance of every draw of the bank from a history: mean over its cases (shape (draws,))."""
    rows = [
        disagreement(bank.codes[c.case.id], o, summaries, bank.replicates) for c, o in zip(cases, history, strict=True)
    ]
    mean: Array = np.mean(rows, axis=0)
    return mean


def recover(
    bank: Bank, cases: Sequence[CodedCase], summaries: Sequence[str], names: Sequence[str], fits: int, accept: float
) -> Recovery:
    """Fit `fits` synthetic histories (at most the bank's draws) by rejection, the world's own draw left out."""
    fits = min(fits, len(bank.z))
    columns = [free().index(name) for name in names]
    z = bank.z[:, columns]
    keep = max(8, round(accept * (len(z) - 1)))
    ranks, inside = np.empty((fits, len(names))), {0.5: np.empty((fits, len(names))), 0.9: np.empty((fits, len(names)))}
    for k in range(fits):
        off = distances(bank, cases, synthetic(bank, cases, k), summaries)
        off[k] = np.inf
        accepted = z[np.argsort(off, kind="stable")[:keep]]
        ranks[k] = (np.sum(accepted < z[k], axis=0) + 0.5) / (keep + 1)
        for level, found in inside.items():
            # Weibull's plotting positions: exact for few draws, where the usual ones give intervals too narrow
            low, high = np.quantile(accepted, (0.5 - level / 2, 0.5 + level / 2), axis=0, method="weibull")
            found[k] = (low <= z[k]) & (z[k] <= high)
    return Recovery(tuple(names), ranks, _coverage(names, ranks, inside[0.5], inside[0.9]))


def _coverage(names: Sequence[str], ranks: Array, half: Array, most: Array) -> pl.DataFrame:
    stats = require("scipy.stats", "fit")
    rows = []
    for k, name in enumerate([*names, "all"]):
        column = slice(None) if name == "all" else slice(k, k + 1)
        r = ranks[:, column].ravel()
        counts = np.histogram(r, BINS, (0, 1))[0]
        # the parameters of one fit share a world, so the test is made per parameter only
        p = float(stats.chisquare(counts).pvalue) if name != "all" else None
        rows.append((name, len(ranks), float(half[:, column].mean()), float(most[:, column].mean()), p))
    columns = ("parameter", "fits", "covered_50", "covered_90", "uniform_p")
    return pl.DataFrame(rows, schema=columns, orient="row")


def informed(particles: Particles) -> pl.DataFrame:
    """Prior against posterior per parameter: median, 90 % interval, shift and spread in prior standard deviations.

    `informed`: the mean differs from the prior's, or the spread is smaller, by more than the noise of the particles.
    """
    rows = []
    count = effective_size(particles.weights)
    for k, name in enumerate(particles.names):
        z, w = particles.z[:, k], particles.weights
        centre = float(w @ z)
        # unbiased for weights: few effective particles would otherwise look like knowledge
        spread = float(np.sqrt(w @ (z - centre) ** 2 / (1.0 - min(float(w @ w), 0.999))))
        order = np.argsort(z)
        low, middle, high = np.interp((0.05, 0.5, 0.95), np.cumsum(w[order]) - 0.5 * w[order], z[order])
        p = PARAMETERS[name]
        rows.append(
            {
                "parameter": name, "unit": p.unit, "prior_median": float(p.value), "prior_low": float(p.low),
                "prior_high": float(p.high),
                "median": p.quantile(float(middle)), "low": p.quantile(float(low)), "high": p.quantile(float(high)),
                "shift": centre, "spread": spread, "informed": bool(
                    abs(centre) > INFORMED * spread / np.sqrt(count) or spread < 1.0 - INFORMED / np.sqrt(2.0 * count)
                ),
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def predictive(
    bank: Bank, fitted: Sequence[dict[str, dict[str, Array]]], weights: Array, cases: Sequence[CodedCase]
) -> pl.DataFrame:
    """Chance that a playing gets the coded outcome right, before and after the fit, per case and summary.

    Args:
        fitted: codes of each particle. weights: of the particles, adding to 1.
    """
    rows = []
    for known in cases:
        for name in (*LEVELS, "left"):
            right = _right(known.observed, name, bank.codes[known.case.id][name])
            after = np.array([_right(known.observed, name, c[known.case.id][name]).mean() for c in fitted])
            rows.append((known.case.id, name, float(right.mean()), float(weights @ after)))
    return pl.DataFrame(rows, schema=("case", "outcome", "prior", "posterior"), orient="row")


def _right(observed: Observed, name: str, values: Array) -> Array:
    if name != "left":
        return np.asarray(values == getattr(observed, name), float)
    low, high = observed.left
    floor = LEFT_FLOOR if low < LEFT_FLOOR else 0.0
    return np.asarray((values >= low - floor) & (values <= max(high, floor)), float)
