"""What a fit found, and the parameter set that runs take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.extras import require
from allegiance.base.files import atomic, to_json
from allegiance.inference.fit.coders import FIRST, SECOND, UNKNOWN, Unknown
from allegiance.inference.fit.emulator import Check
from allegiance.inference.fit.posterior import Posterior
from allegiance.inference.fit.recover import Recovered
from allegiance.inference.fit.study import FitStudy
from allegiance.inference.simulator import value_at
from allegiance.runs.parameters import ParameterSet
from allegiance.theory.registry import PARAMETERS, free
from allegiance.theory.stamp import stamps, theory_hash
from allegiance.world.columns import Array

INFORMED = 0.7
"""Posterior over prior standard deviation up to which a parameter counts as informed (a bar set in advance)."""
MOVED, NARROWED = 0.15, 0.98
"""A parameter whose mean moves less than this (prior standard deviations), and whose spread stays above this share of
the prior's, is left at its prior in the parameter set."""
COMBINATIONS, HEAVIEST = 5, 5
"""Combinations of parameters that are told (or as many as are informed), and parameters named of each."""
CONVERGED = 1.05
"""R-hat up to which a walk is long enough."""


@dataclass(frozen=True)
class Fit:
    """Everything a fit found.

    Attributes:
        checks: of the emulator of each outcome, and `not_emulated` why there is none.
        parameters, observers: one row each with prior and posterior. combinations: see `combination_table`.
        decades: what leaving a decade out does to each parameter.
        campaigns: one row each with what prior and posterior say. groups: see predict.check_groups.
        notes: what has to be said.
    """

    study: FitStudy
    checks: tuple[Check, ...]
    not_emulated: tuple[str, ...]
    posterior: Posterior
    parameters: pl.DataFrame
    combinations: pl.DataFrame
    observers: pl.DataFrame
    decades: pl.DataFrame
    campaigns: pl.DataFrame
    groups: pl.DataFrame
    recovered: Recovered
    result: ParameterSet
    notes: tuple[str, ...]


def parameter_table(found: Posterior, response: Array) -> pl.DataFrame:
    """Prior against posterior of every free parameter, the most informed first.

    Args:
        response: mean change of the outcome's log-odds over campaigns, per prior standard deviation, (parameters,).
    """
    rows = []
    for k, name in enumerate(free()):
        p, mean, spread = PARAMETERS[name], float(found.mean[k]), float(found.spread[k])
        low, middle, high = (value_at(name, mean + d * spread) for d in (-1.645, 0.0, 1.645))
        rows.append(
            {
                "parameter": name, "unit": p.unit, "prior_median": float(p.value), "prior_low": float(p.low),
                "prior_high": float(p.high), "median": middle, "low": low, "high": high, "shift": mean,
                "spread": spread, "emulator_error": float(found.between[k]) / max(spread, 1e-9),
                "response": float(response[k]), "informed": spread <= INFORMED,
            }
        )  # fmt: skip
    return pl.DataFrame(rows).sort("spread", "parameter")


def combination_table(found: Posterior) -> pl.DataFrame:
    """The combinations of parameters of which the data say most.

    `of`: the heaviest parameters with their weights (the squares of all add up to 1); `shift`, `spread`: posterior mean
    and standard deviation along it, in prior standard deviations; `informed`: as for a parameter.
    """
    spread, ways = found.combinations()
    names, rows = free(), []
    for k in range(min(max(COMBINATIONS, int((spread <= INFORMED).sum())), len(spread))):
        way = ways[:, k]
        heavy = np.argsort(-np.abs(way), kind="stable")[:HEAVIEST]
        of = ", ".join(f"{way[j]:+.2f} {names[j]}" for j in heavy)
        rows.append((of, float(found.mean @ way), float(spread[k]), bool(spread[k] <= INFORMED)))
    return pl.DataFrame(rows, ["of", "shift", "spread", "informed"], orient="row")


def observer_table(found: Posterior, unknowns: Sequence[Unknown] = UNKNOWN) -> pl.DataFrame:
    """Prior against posterior of the observation model."""
    rows = []
    for k, unknown in enumerate(unknowns):
        drawn = found.deviates[:, k]
        prior = unknown.value(np.array([-1.645, 0.0, 1.645]))
        posterior = unknown.value(np.quantile(drawn, [0.05, 0.5, 0.95]))
        rows.append((unknown.name, *map(float, prior), *map(float, posterior), float(drawn.mean()), float(drawn.std())))
    names = ["quantity", "prior_low", "prior_median", "prior_high", "low", "median", "high", "shift", "spread"]
    return pl.DataFrame(rows, names, orient="row")


def decade_table(whole: Posterior, without: dict[int, Posterior]) -> pl.DataFrame:
    """Spread of each parameter without a decade over its spread with all, and how far the mean moves (in spreads)."""
    rows = [
        (name, decade, float(left.spread[k] / whole.spread[k]),
         float((whole.mean[k] - left.mean[k]) / whole.spread[k]))
        for decade, left in without.items() for k, name in enumerate(free())
    ]  # fmt: skip
    return pl.DataFrame(rows, ["parameter", "without", "spread_ratio", "moved"], orient="row")


def notes_of(found: Posterior, covered: pl.DataFrame) -> tuple[str, ...]:
    """What has to be said of a walk and of what synthetic worlds came to."""
    notes = []
    if found.rhat > CONVERGED:
        notes.append(f"R-hat is {found.rhat:.2f}, above {CONVERGED}: raise sampler.steps before the posterior is used")
    overall = float(covered.filter(pl.col("quantity") == "all")["covered_90"][0])
    if not 0.85 <= overall <= 0.95:
        notes.append(f"90 % intervals hold the truth in {overall:.0%} of the synthetic fits, not 85 to 95 %")
    return tuple(notes)


def parameter_set(
    study: FitStudy, found: Posterior, checks: Sequence[Check], kept: int, played: dict[str, int]
) -> ParameterSet:
    """The first `kept` draws of the parameters of which the data say something, with its card."""
    own = next(c for c in checks if c.outcome == study.outcome)
    card: dict[str, Any] = {
        "title": study.title, "method": "emulator (logit, scikit-learn) and ensemble sampler (emcee)",
        "data": f"codings {FIRST} and {SECOND} of NAVCO, held against {study.outcome}",
        "emulator_gain": round(own.gain, 4), "r_hat": round(found.rhat, 3), "effective_draws": round(found.ess),
        "date": datetime.now(UTC).date().isoformat(), "package": __version__, "study": study.identity(), **played,
    }  # fmt: skip
    return drawn_set(found, kept, card)


def drawn_set(found: Posterior, kept: int, card: dict[str, Any]) -> ParameterSet:
    """The first `kept` draws of the parameters of which the data say something, with a card.

    Those that move little (MOVED, NARROWED) are drawn from their priors by every run, as ever.
    """
    names, said = free(), (np.abs(found.mean) >= MOVED) | (found.spread <= NARROWED)
    if not said.any():
        said[np.argmin(found.spread)] = True
    chosen = [k for k in range(len(names)) if said[k]]
    draws = tuple(
        tuple(float(f"{value_at(names[k], float(row[k])):.6g}") for k in chosen) for row in found.z[:kept]
    )  # fmt: skip
    weight = 1.0 / len(draws)
    return ParameterSet(
        formulas=stamps(), names=tuple(names[k] for k in chosen), draws=draws, weights=(weight,) * len(draws), card=card
    )


def write_inference_data(
    path: Path, result: ParameterSet, found: Posterior, unknowns: Sequence[Unknown] = UNKNOWN
) -> None:
    """Draws of the parameter set's parameters and of the observation model, in their own units, as ArviZ InferenceData.

    Raises:
        AllegianceError: ArviZ is not installed, or the file cannot be written.
    """
    az = require("arviz", "fit")
    names, draws = result.names, np.array(result.draws)
    posterior = {n: draws[None, :, k] for k, n in enumerate(names)}
    observed = {
        u.name: u.value(found.deviates[None, : len(draws), k]) for k, u in enumerate(unknowns)
    }  # fmt: skip
    data = az.from_dict(posterior=posterior | observed)
    data.attrs.update({"theory_sha256": theory_hash(), "card": to_json(result.card)})
    with atomic(path) as temporary:
        data.to_netcdf(str(temporary), engine="h5netcdf")
