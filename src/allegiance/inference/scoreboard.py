"""Hindcast scoreboard: each case forecast from the others, scored beside baselines, with paired intervals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.engine.state import Array
from allegiance.inference.bank import CodedCase
from allegiance.inference.baselines import base_rate, ordinal_logit
from allegiance.inference.coding import LEVELS, brigades_of, coded, conditions_of, effective_size, level_probabilities
from allegiance.inference.weights import LEFT_FLOOR, case_log_weight, tempered

MODELS = ("model", "prior", "base_rate", "logit")
"""model: prior reweighted by the other cases; prior: not; base_rate and logit: fitted to the other cases' codes."""
RESAMPLES = 2000
COVER = 0.9


@dataclass(frozen=True)
class Scoreboard:
    """Scores per case (one row per case, outcome and model) and paired comparisons (one row per outcome and rival)."""

    cases: pl.DataFrame
    comparisons: pl.DataFrame
    tempering: pl.DataFrame


def score(cases: Sequence[CodedCase], bank: Mapping[str, pl.DataFrame], holdout: str = "case") -> Scoreboard:
    """Score every case, leaving out the case itself or its whole family of wars (`holdout` "case" or "family")."""
    codes = {c.case.id: _codes(c, bank) for c in cases}
    agreement = {c.case.id: case_log_weight(codes[c.case.id], c.observed) for c in cases}
    table = np.array([list(conditions_of(c.case, c.observed.side).values()) for c in cases])
    rows: list[dict[str, Any]] = []
    tempering = []
    for k, held in enumerate(cases):
        others = [j for j, c in enumerate(cases) if (c.family != held.family if holdout == "family" else j != k)]
        per_draw, exponent = tempered([agreement[cases[j].case.id] for j in others])
        weights = np.repeat(per_draw, 2)
        tempering.append({"case": held.case.id, "exponent": exponent, "effective_draws": effective_size(per_draw)})
        for outcome, levels in LEVELS.items():
            truth = int(getattr(held.observed, outcome))
            known = [int(getattr(cases[j].observed, outcome)) for j in others]
            forecasts = {
                "model": level_probabilities(codes[held.case.id][outcome], levels, weights),
                "prior": level_probabilities(codes[held.case.id][outcome], levels),
                "base_rate": base_rate(known, levels),
                "logit": ordinal_logit(table[others], known, table[k], levels),
            }
            rows += [_ordinal_row(held, outcome, name, p, truth) for name, p in forecasts.items()]
        rows += _left_rows(held, codes[held.case.id]["left"], weights, [cases[j].observed.left for j in others])
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return Scoreboard(frame, _compare(frame, cases), pl.DataFrame(tempering))


def score_fitted(
    cases: Sequence[CodedCase],
    prior: Mapping[str, pl.DataFrame],
    fitted: Mapping[str, pl.DataFrame],
    trained: Collection[str],
) -> Scoreboard:
    """Score a fitted parameter set as it stands; only cases not in `trained`, the ids it was fitted to, are compared.

    The baselines of a case are fitted to the other families, which may be more cases than the set has seen.
    """
    table = np.array([list(conditions_of(c.case, c.observed.side).values()) for c in cases])
    rows: list[dict[str, Any]] = []
    for k, held in enumerate(cases):
        others = [j for j, c in enumerate(cases) if c.family != held.family]
        before, after = (_codes(held, bank) for bank in (prior, fitted))
        for outcome, levels in LEVELS.items():
            known = [int(getattr(cases[j].observed, outcome)) for j in others]
            forecasts = {
                "model": level_probabilities(after[outcome], levels),
                "prior": level_probabilities(before[outcome], levels),
                "base_rate": base_rate(known, levels),
                "logit": ordinal_logit(table[others], known, table[k], levels),
            }
            truth = int(getattr(held.observed, outcome))
            rows += [_ordinal_row(held, outcome, name, p, truth) for name, p in forecasts.items()]
        ranges = [cases[j].observed.left for j in others]
        rows += _left_rows(held, after["left"], np.ones(len(after["left"])), ranges, before["left"])
    seen = pl.col("case").is_in(list(trained))
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(covered=pl.when(~seen).then(pl.col("covered")))
    held_out = frame.filter(~seen)
    tempering = pl.DataFrame({"case": [c.case.id for c in cases], "fitted_to": [c.case.id in trained for c in cases]})
    return Scoreboard(frame, _compare(held_out, [c for c in cases if c.case.id not in trained]), tempering)


def _codes(known: CodedCase, bank: Mapping[str, pl.DataFrame]) -> dict[str, Array]:
    return coded(bank[known.case.id], known.observed.side, brigades_of(known.case, known.observed.side))


def _ordinal_row(held: CodedCase, outcome: str, model: str, p: Array, truth: int) -> dict[str, Any]:
    scores = require("scoringrules", "fit")
    rps = float(scores.rps_score(np.array([truth + 1]), p.reshape(1, -1))[0])
    return {
        "case": held.case.id, "family": held.family, "outcome": outcome, "model": model, "score": rps,
        "log_score": float(-np.log(p[truth])), "observed": float(truth), "forecast": float(p @ np.arange(len(p))),
        "low": None, "high": None, "covered": None, "probabilities": [float(x) for x in p],
    }  # fmt: skip


def _left_rows(
    held: CodedCase, left: Array, weights: Array, others: Sequence[tuple[float, float]], prior: Array | None = None
) -> list[dict[str, Any]]:
    """CRPS of the log share that left, against the middle of its coded range; coverage of that range."""
    middle = _middle(held.observed.left)
    known = np.array([_middle(o) for o in others])
    before = left if prior is None else prior
    forecasts = {
        "model": (np.log(np.maximum(left, LEFT_FLOOR)), weights),
        "prior": (np.log(np.maximum(before, LEFT_FLOOR)), np.ones(len(before))),
        "base_rate": (known, np.ones(len(known))),
    }
    return [_left_row(held, name, values, w, middle) for name, (values, w) in forecasts.items()]


def _left_row(held: CodedCase, model: str, values: Array, weights: Array, middle: float) -> dict[str, Any]:
    scores = require("scoringrules", "fit")
    crps = float(scores.crps_ensemble(middle, values, ens_w=weights / weights.sum()))
    low, high = _weighted_quantiles(values, weights, (0.5 - COVER / 2, 0.5 + COVER / 2))
    ends = [np.log(max(x, LEFT_FLOOR)) for x in held.observed.left]
    return {
        "case": held.case.id, "family": held.family, "outcome": "left", "model": model, "score": crps,
        "log_score": None, "observed": float(np.exp(middle)),
        "forecast": float(np.exp(np.average(values, weights=weights))),
        "low": float(np.exp(low)), "high": float(np.exp(high)),
        "covered": bool(low <= ends[1] and high >= ends[0]),
        "probabilities": None,
    }  # fmt: skip


def _middle(left: tuple[float, float]) -> float:
    low, high = (np.log(max(x, LEFT_FLOOR)) for x in left)
    return float(0.5 * (low + high))


def _weighted_quantiles(values: Array, weights: Array, at: Sequence[float]) -> Array:
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) / weights.sum()
    found: Array = values[order][np.minimum(np.searchsorted(cumulated, at), len(values) - 1)]
    return found


def _compare(frame: pl.DataFrame, cases: Sequence[CodedCase]) -> pl.DataFrame:
    """Mean score of the model minus each rival's (below 0: better), bootstrapped over families of wars."""
    family = {c.case.id: c.family for c in cases}
    rows = []
    for outcome in (*LEVELS, "left"):
        own = frame.filter((pl.col("outcome") == outcome) & (pl.col("model") == "model")).sort("case")
        for rival in MODELS[1:]:
            other = frame.filter((pl.col("outcome") == outcome) & (pl.col("model") == rival)).sort("case")
            if not len(other):
                continue
            gaps = own["score"].to_numpy() - other["score"].to_numpy()
            groups = [gaps[[family[c] == f for c in own["case"]]] for f in sorted(set(family.values()))]
            low, high = _interval(groups)
            verdict = "better" if high < 0 else "worse" if low > 0 else "cannot be distinguished"
            rows.append(
                {
                    "outcome": outcome, "rival": rival, "cases": len(gaps),
                    "model_score": float(own["score"].to_numpy().mean()),
                    "rival_score": float(other["score"].to_numpy().mean()), "difference": float(gaps.mean()),
                    "low": low, "high": high, "verdict": verdict,
                }
            )  # fmt: skip
    return pl.DataFrame(rows)


def _interval(groups: Sequence[Array]) -> tuple[float, float]:
    """90 % bootstrap interval of the mean gap, resampling families."""
    stats = require("scipy.stats", "fit")
    sums, counts = np.array([g.sum() for g in groups]), np.array([len(g) for g in groups], float)
    if len(groups) < 3:
        return float("-inf"), float("inf")
    result = stats.bootstrap(
        (sums, counts), lambda s, n, axis: s.sum(axis=axis) / n.sum(axis=axis), paired=True, vectorized=True,
        n_resamples=RESAMPLES, confidence_level=COVER, method="percentile", rng=np.random.default_rng(0),
    )  # fmt: skip
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def coverage(frame: pl.DataFrame, model: str = "model") -> tuple[int, int]:
    """How many left-out ranges of the share that left meet the 90 % interval, of how many."""
    rows = frame.filter((pl.col("outcome") == "left") & (pl.col("model") == model) & pl.col("covered").is_not_null())
    return int(rows["covered"].sum()), len(rows)
