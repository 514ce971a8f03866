"""Hindcast scoreboard: each case forecast from the others, scored beside baselines, with paired intervals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.inference.bank import CodedCase
from allegiance.inference.coding import LEVELS, effective_size
from allegiance.inference.forecasters import Fold, history
from allegiance.inference.weights import LEFT_FLOOR, case_log_weight, tempered
from allegiance.runs.spec import LUCK_PER_DRAW
from allegiance.world.columns import Array

MODELS = ("model", "prior", "pool", "raw", "weighted", "base_rate", "logit")
"""What is scored. model: playings passed through the coding error fitted to the other cases, the headline; prior: the
same with prior parameters (where fitted ones are scored); pool: model and base rate, mixed by a share fitted to the
other cases; raw: the model's own codes; weighted: raw, draws weighted by the other cases; base_rate and logit: fitted
to the other cases' codes."""
RESAMPLES = 2000
COVER = 0.9
COMPARED = {
    "outcome": pl.String, "rival": pl.String, "cases": pl.Int64, "model_score": pl.Float64, "rival_score": pl.Float64,
    "difference": pl.Float64, "low": pl.Float64, "high": pl.Float64, "verdict": pl.String,
}  # fmt: skip
"""Columns of the comparisons."""


@dataclass(frozen=True)
class Scoreboard:
    """Scores per case (one row per case, outcome and model) and paired comparisons (one row per outcome and rival).

    `folds`: what was fitted for each left-out case.
    """

    cases: pl.DataFrame
    comparisons: pl.DataFrame
    folds: pl.DataFrame


def score(cases: Sequence[CodedCase], bank: Mapping[str, pl.DataFrame], holdout: str = "case") -> Scoreboard:
    """Score every case, leaving out the case itself or its whole family of wars (`holdout` "case" or "family")."""
    known = history(cases, bank)
    agreement = [case_log_weight(known.codes[k], c.observed) for k, c in enumerate(cases)]
    rows: list[dict[str, Any]] = []
    folds = []
    for k, held in enumerate(cases):
        fold = Fold(known, k, _others(cases, k, holdout), lambda j: _others(cases, j, holdout))
        per_draw, exponent = tempered([agreement[j] for j in fold.others])
        weights = np.repeat(per_draw, LUCK_PER_DRAW)
        for outcome in LEVELS:
            forecasts = fold.ordinal(outcome) | {"weighted": known.levels(k, outcome, weights)}
            rows += [ordinal_row(held, outcome, name, p) for name, p in forecasts.items()]
        shares = fold.shares() | {"weighted": (known.log_left[k], weights)}
        rows += [left_row(held, name, values, w) for name, (values, w) in shares.items()]
        folds.append(
            {"case": held.case.id, "exponent": exponent, "effective_draws": effective_size(per_draw)} | fold.fitted
        )
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return Scoreboard(frame, compare(frame, cases), pl.DataFrame(folds))


def score_fitted(
    cases: Sequence[CodedCase],
    prior: Mapping[str, pl.DataFrame],
    fitted: Mapping[str, pl.DataFrame],
    trained: Collection[str],
) -> Scoreboard:
    """Score a fitted parameter set as it stands; only cases not in `trained`, the ids it was fitted to, are compared.

    Coding error and baselines of a case are fitted to the other families, which may be more cases than the set has
    seen.
    """
    after, before = history(cases, fitted), history(cases, prior)
    rows: list[dict[str, Any]] = []
    folds = []
    for k, held in enumerate(cases):
        new, old = (
            Fold(h, k, _others(cases, k, "family"), lambda j: _others(cases, j, "family")) for h in (after, before)
        )
        for outcome in LEVELS:
            forecasts = new.ordinal(outcome) | {"prior": old.ordinal(outcome)["model"]}
            rows += [ordinal_row(held, outcome, name, p) for name, p in forecasts.items()]
        shares = new.shares() | {"prior": old.shares()["model"]}
        rows += [left_row(held, name, values, w) for name, (values, w) in shares.items()]
        folds.append({"case": held.case.id, "fitted_to": held.case.id in trained} | new.fitted)
    seen = pl.col("case").is_in(list(trained))
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(covered=pl.when(~seen).then(pl.col("covered")))
    fresh = [c for c in cases if c.case.id not in trained]
    return Scoreboard(frame, compare(frame.filter(~seen), fresh), pl.DataFrame(folds))


def _others(cases: Sequence[CodedCase], k: int, holdout: str) -> list[int]:
    return [j for j, c in enumerate(cases) if (c.family != cases[k].family if holdout == "family" else j != k)]


def ordinal_row(held: CodedCase, outcome: str, model: str, p: Array) -> dict[str, Any]:
    """One row of scores: level probabilities `p` against the level coded."""
    truth = int(getattr(held.observed, outcome))
    return {
        "case": held.case.id, "family": held.family, "outcome": outcome, "model": model, "score": rps(p, truth),
        "log_score": float(-np.log(p[truth])), "observed": float(truth), "forecast": float(p @ np.arange(len(p))),
        "low": None, "high": None, "covered": None, "probabilities": [float(x) for x in p],
    }  # fmt: skip


def rps(p: Array, truth: int) -> float:
    """Ranked probability score of level probabilities `p` against the level that happened, 0 at best."""
    scores = require("scoringrules", "fit")
    return float(scores.rps_score(np.array([truth + 1]), p.reshape(1, -1))[0])


def left_row(held: CodedCase, model: str, values: Array, weights: Array) -> dict[str, Any]:
    """CRPS of the log share that left, against the middle of its coded range; coverage of that range."""
    scores = require("scoringrules", "fit")
    ends = [np.log(max(x, LEFT_FLOOR)) for x in held.observed.left]
    middle = 0.5 * (ends[0] + ends[1])
    crps = float(scores.crps_ensemble(middle, values, ens_w=weights / weights.sum()))
    low, high = _weighted_quantiles(values, weights, (0.5 - COVER / 2, 0.5 + COVER / 2))
    return {
        "case": held.case.id, "family": held.family, "outcome": "left", "model": model, "score": crps,
        "log_score": None, "observed": float(np.exp(middle)),
        "forecast": float(np.exp(np.average(values, weights=weights))),
        "low": float(np.exp(low)), "high": float(np.exp(high)),
        "covered": bool(low <= ends[1] and high >= ends[0]),
        "probabilities": None,
    }  # fmt: skip


def _weighted_quantiles(values: Array, weights: Array, at: Sequence[float]) -> Array:
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) / weights.sum()
    found: Array = values[order][np.minimum(np.searchsorted(cumulated, at), len(values) - 1)]
    return found


def compare(frame: pl.DataFrame, cases: Sequence[CodedCase]) -> pl.DataFrame:
    """Mean score of the model minus each rival's (below 0: better), bootstrapped over families of wars."""
    rows = []
    for outcome in (*LEVELS, "left"):
        own = frame.filter((pl.col("outcome") == outcome) & (pl.col("model") == "model")).sort("case")
        for rival in MODELS[1:]:
            other = frame.filter((pl.col("outcome") == outcome) & (pl.col("model") == rival)).sort("case")
            if not len(other):
                continue
            found = paired(own["score"].to_numpy(), other["score"].to_numpy(), cases)
            rows.append({"outcome": outcome, "rival": rival, "cases": len(own)} | found)
    return pl.DataFrame(rows, schema=COMPARED)


def paired(ours: Array, theirs: Array, cases: Sequence[CodedCase]) -> dict[str, Any]:
    """Mean scores and their difference (below 0: ours better) with a 90 % interval over families of wars.

    Args:
        ours, theirs: scores in the order of the cases' ids, each shape (cases,).
    """
    gaps, family = ours - theirs, {c.case.id: c.family for c in cases}
    of = np.array([family[name] for name in sorted(family)])
    low, high = _interval([gaps[of == f] for f in sorted(set(of))])
    return {
        "model_score": float(ours.mean()), "rival_score": float(theirs.mean()), "difference": float(gaps.mean()),
        "low": low, "high": high,
        "verdict": "better" if high < 0 else "worse" if low > 0 else "cannot be distinguished",
    }  # fmt: skip


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
