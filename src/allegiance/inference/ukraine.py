"""The war for Ukraine by month: fitted to 2022 as reported, tested on 2023 beside persistence and a linear trend.

The case of the first year is played on to the end of 2023 with no decision of 2023 given to it. Reporting shares are
fitted to 2022 within their stated ranges, member by member; draws of the theory's parameters are weighted by their
agreement with 2022.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.cases.loader import load_case
from allegiance.inference.coding import effective_size
from allegiance.inference.observation import CHANNELS, as_reported
from allegiance.inference.ukraine_data import DAYS, FIT, MONTHS, SERIES, START, Point, Series, over, scale
from allegiance.inference.weights import tempered
from allegiance.runs.ensemble import simulate
from allegiance.runs.parameters import PRIOR
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.world.blueprint import soldier_days
from allegiance.world.columns import Array
from allegiance.world.quantities import SIDE_WIDE

CASE = "russia-ukraine-2022"
BUDGET = 2.5e7
"""Soldier-days that one member may cost: about a twentieth of the companies. At a tenth of it wars end otherwise."""
TOLERANCE = {True: 0.7, False: 0.15}
"""Log units (counts, areas) and shares by which a draw may be off in 2022 before it is called unlikely."""
KEEP = 0.25
"""Share of the draws that the weights must effectively keep."""
YIELD_ODDS = (0.02, 50.0)
"""Range of the odds by which equipment given up may exceed soldiers who leave, fitted to 2022."""
RIVALS = ("persistence", "trend")
SAMPLES = 1000
BLOCK = 3
"""Months that hang together when the gap to a rival is bootstrapped."""
LEAST_POINTS = 4
"""Points of 2022 from which the error of reports is fitted."""
NODES = 9
"""Points by which the error of reports is represented."""
_ELSEWHERE = ("dnr-lnr",)
"""Forces whose dead the count by kind of soldier leaves out."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Ukraine:
    """Monthly model series and their test.

    `monthly`: series name to array (members, months), as reported. `errors`: series name to the spread of reports
    about a member, on the scale of the scores, fitted to 2022. `weights`: of the members, adding to 1.
    `scores`: one row per series. `episodes`: things to come out without being told their date. `wagner`: (months,)
    chance of a mutiny in Wagner in a month. `over_by`: (months,) chance that the war is over by a month's end. `ends`:
    chance of each way of ending by December 2023.
    """

    points: list[Point]
    monthly: dict[str, Array]
    errors: dict[str, float]
    weights: Array
    effective_draws: float
    exponent: float
    scores: pl.DataFrame
    episodes: pl.DataFrame
    wagner: Array
    over_by: Array
    ends: dict[str, float]


def play(draws: int, seed: int, parameters: str = PRIOR, progress: Progress | None = None) -> dict[str, Any]:
    """Latent monthly series of the first year's case, played to the end of 2023 (arrays (members, months))."""
    case = load_case(CASE)
    members = draws * LUCK_PER_DRAW
    spec = RunSpec(
        members=members, days=DAYS, seed=seed, scale=min(1.0, BUDGET / soldier_days(case, DAYS)), parameters=parameters
    )
    played = simulate(case, spec, progress)
    daily = {key: _by_day(played.daily, key, members) for key in _wanted()}
    mutinies = played.events.filter((pl.col("type") == "mutiny") & (pl.col("force") == "wagner"))
    wagner = np.zeros((members, DAYS))
    for member, day in mutinies.select("member", "day").iter_rows():
        wagner[member, day] = 1.0
    return {
        "daily": daily, "composition": _composition(played.daily, members), "wagner": wagner,
        "days": played.members["war.duration_days"].to_numpy(), "end": played.members["war.end"].to_numpy(),
    }  # fmt: skip


def _wanted() -> set[tuple[str, str]]:
    flows = {(s.side, s.what) for s in SERIES if s.kind in ("flow", "stock")}
    yields = {(s.side, w) for s in SERIES if s.kind == "yield" for w in (*_LEAVING, "killed")}
    return flows | yields


_LEAVING = ("new_desertion", "new_defection", "new_refusal")


def _by_day(daily: pl.DataFrame, key: tuple[str, str], members: int) -> Array:
    """Daily values of a side's column, shape (members, DAYS): flows per day, stocks as they are.

    After a war has ended flows are 0 and stocks stay.
    """
    side, column = key
    rows = daily.filter(pl.col("side") == side).group_by("member", "day")
    whole = rows.agg((pl.col(column).first() if column in SIDE_WIDE else pl.col(column).sum()).alias("value"))
    out = np.full((members, DAYS), np.nan)
    out[whole["member"].to_numpy(), whole["day"].to_numpy()] = whole["value"].to_numpy()
    if column.startswith("new_"):
        return np.asarray(np.nan_to_num(out))
    filled = pl.DataFrame(out.T).fill_nan(None).fill_null(strategy="forward").to_numpy().T
    flows: Array = filled if column == "area" else np.diff(filled, axis=1, prepend=0.0)
    return flows


def _composition(daily: pl.DataFrame, members: int) -> dict[str, Array]:
    """Russia's dead per month by category: killed of each force times its mix that day, shape (members, months)."""
    kinds = {s.what for s in SERIES if s.kind == "share"}
    own = daily.filter((pl.col("side") == "russia") & ~pl.col("force").cast(pl.String).is_in(_ELSEWHERE))
    own = own.sort("member", "force", "day").with_columns(
        fallen=pl.col("killed") - pl.col("killed").shift(1).over("member", "force").fill_null(0.0)
    )
    own = own.with_columns(month=pl.Series(month_of(own["day"].to_numpy())))
    found = {}
    for kind in kinds:
        table = own.group_by("member", "month").agg((pl.col("fallen") * pl.col(f"share_{kind}")).sum().alias("dead"))
        out = np.zeros((members, len(MONTHS)))
        out[table["member"].to_numpy(), table["month"].to_numpy()] = table["dead"].to_numpy()
        found[kind] = out
    return found


def month_of(days: Array) -> Array:
    """Index into MONTHS of each day of the war."""
    table = np.array([(START + timedelta(days=d)) for d in range(DAYS)])
    index = np.array([(d.year - 2022) * 12 + d.month - 2 for d in table])
    found: Array = index[np.asarray(days, int)]
    return found


def _monthly(daily: Array, last: bool = False) -> Array:
    month = month_of(np.arange(DAYS))
    if last:
        ends = [int(np.flatnonzero(month == k)[-1]) for k in range(len(MONTHS))]
        return daily[:, ends]
    return np.stack([daily[:, month == k].sum(axis=1) for k in range(len(MONTHS))], axis=1)


def as_series(latent: Mapping[str, Any], points: Sequence[Point]) -> dict[str, Array]:
    """Every series as it would have been reported, shape (members, months); reporting fitted to 2022 in its range."""
    found = {}
    for s in SERIES:
        seen = [p for p in points if p.series == s.name and not p.test]
        found[s.name] = _series(s, latent, seen)
    return found


def _series(s: Series, latent: Mapping[str, Any], seen: Sequence[Point]) -> Array:
    daily = latent["daily"]
    if s.kind == "stock":
        return _monthly(daily[s.side, s.what], last=True)
    if s.kind == "share":
        total = sum(latent["composition"].values())
        found: Array = latent["composition"][s.what] / np.maximum(total, 1e-9)
        return found
    if s.kind == "flow":
        via = CHANNELS[s.channel]
        full = _monthly(as_reported(daily[s.side, s.what], via)) / via.share.value
        if not seen:
            return full * via.share.value
        assert via.share.range is not None
        return full * _level(s, full, seen, via.share.range)[:, None]
    left = sum(_monthly(daily[s.side, w]) for w in _LEAVING)
    odds = (left + 0.5) / (_monthly(daily[s.side, "killed"]) + 0.5)
    return _share(odds * _odds_level(odds, seen)[:, None] if seen else odds)


def _share(odds: Array) -> Array:
    return odds / (1.0 + odds)


def _level(s: Series, full: Array, seen: Sequence[Point], bounds: tuple[float, float]) -> Array:
    """Per member the reporting share, within its range, that brings 2022 closest on average (log units)."""
    gap = scale(s, np.array([p.value for p in seen])) - scale(s, over(seen, full))
    found: Array = np.clip(np.exp(gap.mean(axis=1)), *bounds)
    return found


def _odds_level(odds: Array, seen: Sequence[Point]) -> Array:
    values = np.clip(np.array([p.value for p in seen]), 0.01, 0.99)
    gap = np.log(values / (1 - values)) - np.log(over(seen, odds))
    found: Array = np.clip(np.exp(gap.mean(axis=1)), *YIELD_ODDS)
    return found


def weigh(monthly: Mapping[str, Array], points: Sequence[Point]) -> tuple[Array, float, float]:
    """Weights of the members by agreement with 2022, effective draws, and the exponent of tempering."""
    logs = []
    for s in SERIES:
        seen = [p for p in points if p.series == s.name and not p.test]
        if not seen:
            continue
        off = scale(s, over(seen, monthly[s.name])) - scale(s, np.array([p.value for p in seen]))
        each = -0.5 * (np.abs(off) / TOLERANCE[s.logged]) ** 2
        by_draw = np.exp(np.maximum(each.mean(axis=1), -50)).reshape(-1, LUCK_PER_DRAW).mean(axis=1)
        logs.append(np.log(by_draw))
    per_draw, exponent = tempered(logs, KEEP)
    return np.repeat(per_draw, LUCK_PER_DRAW) / LUCK_PER_DRAW, effective_size(per_draw), exponent


def rivals(s: Series, points: Sequence[Point], seed: int) -> dict[str, Array]:
    """Samples of persistence (a random walk from the last month) and of a linear trend, shape (SAMPLES, months).

    Both live on the scale of the scores and learn from single months of 2022 alone; empty if fewer than four.
    """
    seen = [p for p in points if p.series == s.name and not p.test and len(p.months) == 1]
    if len(seen) < 4:
        return {}
    rng = np.random.default_rng(seed)
    x = np.array([p.months[0] for p in seen], float)
    y = scale(s, np.array([p.value for p in seen]))
    ahead = np.arange(len(MONTHS)) - x[-1]
    steps = np.diff(y) / np.sqrt(np.diff(x))
    walk = np.cumsum(rng.normal(0, max(float(steps.std()), 1e-6), (SAMPLES, len(MONTHS))), axis=1)
    start = int(x[-1]) + 1
    walk = np.where(ahead > 0, y[-1] + walk - walk[:, start - 1 : start], y[-1])
    slope, level = np.polyfit(x - x.mean(), y, 1)
    residual = y - level - slope * (x - x.mean())
    free = max(1, len(y) - 2)
    spread = float(np.sqrt((residual**2).sum() / free))
    around = np.sqrt(1 + 1 / len(y) + (np.arange(len(MONTHS)) - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum())
    line = level + slope * (np.arange(len(MONTHS)) - x.mean())
    trend = line + spread * around * rng.standard_t(free, (SAMPLES, len(MONTHS)))
    if not s.logged:
        walk, trend = np.clip(walk, 0, 1), np.clip(trend, 0, 1)
    return {"persistence": walk, "trend": trend}


def error_of(s: Series, monthly: Array, weights: Array, points: Sequence[Point]) -> float:
    """Spread of reports about a member's own series on the scale of the scores: root mean square gap of 2022.

    It holds the noise of counting and what the model misses; with fewer than four points the tolerance stands in.
    """
    seen = [p for p in points if p.series == s.name and not p.test]
    if len(seen) < LEAST_POINTS:
        return TOLERANCE[s.logged]
    off = scale(s, over(seen, monthly)) - scale(s, np.array([p.value for p in seen]))
    return float(np.sqrt(weights @ (off**2).mean(axis=1) / weights.sum()))


def with_error(s: Series, values: Array, weights: Array, error: float) -> tuple[Array, Array]:
    """Members on the scale of the scores, spread out by the error of reports: NODES points each, and their weights.

    Args:
        values: shape (members, columns). Returns: shapes (members · NODES, columns) and (members · NODES,).
    """
    normal = require("scipy.stats", "fit").norm
    nodes = error * normal.ppf((np.arange(NODES) + 0.5) / NODES)
    spread = (values[:, None, :] + nodes[None, :, None]).reshape(len(values) * NODES, values.shape[1])
    return np.clip(spread, 0.0, None if s.logged else 1.0), np.repeat(weights, NODES) / NODES


def score(monthly: Mapping[str, Array], weights: Array, points: Sequence[Point], seed: int = 0) -> pl.DataFrame:
    """CRPS on the test year of the model and both rivals, with the bootstrap interval of the gap (blocks of months).

    `model` is the forecast with the error of reports, `bare` the members alone.
    """
    crps = require("scoringrules", "fit").crps_ensemble
    rows = []
    for s in SERIES:
        test = [p for p in points if p.series == s.name and p.test]
        truth = scale(s, np.array([p.value for p in test]))
        members = scale(s, over(test, monthly[s.name]))
        error = error_of(s, monthly[s.name], weights, points)
        model, w = with_error(s, members, weights, error)
        own = np.array([crps(t, model[:, k], ens_w=w) for k, t in enumerate(truth)])
        bare = np.array([crps(t, members[:, k], ens_w=weights) for k, t in enumerate(truth)])
        low, high = _band(model, w)
        row = {
            "series": s.name, "label": s.label, "unit": "log" if s.logged else "share", "points": len(test),
            "model": float(own.mean()) if len(own) else None, "bare": float(bare.mean()) if len(own) else None,
            "error": error, "covered_90": float(((low <= truth) & (truth <= high)).mean()) if len(own) else None,
        }  # fmt: skip
        others = rivals(s, points, seed)
        for name in RIVALS:
            back = np.exp(others[name]) if name in others and s.logged else others.get(name)
            theirs = None
            if back is not None and len(test):
                sample = scale(s, over(test, back))
                theirs = np.array([crps(t, sample[:, k]) for k, t in enumerate(truth)])
            row |= _versus(name, own, theirs, seed)
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def _versus(name: str, own: Array, theirs: Array | None, seed: int) -> dict[str, Any]:
    keys = (name, f"{name}_low", f"{name}_high", f"{name}_verdict")
    if theirs is None:
        return dict.fromkeys(keys[:3], None) | {keys[3]: "no rival"}
    gap = own - theirs
    low, high = block_interval(gap, seed)
    verdict = "beaten" if high < 0 else "not beaten" if low > 0 else "cannot be distinguished"
    return dict(zip(keys, (float(theirs.mean()), low, high, verdict), strict=True))


def block_interval(gap: Array, seed: int, resamples: int = 2000) -> tuple[float, float]:
    """90 % interval of a mean by moving blocks of BLOCK (Künsch 1989, doi:10.1214/aos/1176347265)."""
    n = len(gap)
    length = min(BLOCK, n)
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, n - length + 1, (resamples, -(-n // length)))
    picked = (starts[:, :, None] + np.arange(length)).reshape(resamples, -1)[:, :n]
    low, high = np.quantile(gap[picked].mean(axis=1), (0.05, 0.95))
    return float(low), float(high)


def _band(values: Array, weights: Array) -> tuple[Array, Array]:
    """Weighted 5 and 95 % quantiles over members (shape (columns,) each)."""
    ends = [weighted_quantile(values[:, k], weights, (0.05, 0.95)) for k in range(values.shape[1])]
    table = np.array(ends).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def weighted_quantile(values: Array, weights: Array, at: Sequence[float]) -> Array:
    """Quantiles of a weighted sample."""
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) / weights.sum()
    found: Array = values[order][np.minimum(np.searchsorted(cumulated, at), len(values) - 1)]
    return found


def band(found: Ukraine, s: Series) -> Array:
    """Weighted 5, 50 and 95 % quantiles of what would be reported, in the series' unit (shape (months, 3))."""
    values, w = with_error(s, scale(s, found.monthly[s.name]), found.weights, found.errors[s.name])
    table = np.array([weighted_quantile(values[:, k], w, (0.05, 0.5, 0.95)) for k in range(values.shape[1])])
    return np.exp(table) if s.logged else table


def episodes(monthly: Mapping[str, Array], wagner: Array, weights: Array) -> pl.DataFrame:
    """What was to come out without being told its date: chance among the weighted members; all of it happened."""
    up, mobilised, prisoners = monthly["given-up-russia"], monthly["mobilised"], monthly["prisoners"]
    absent = monthly["absence-ukraine"]
    monthly_risk = _monthly(wagner)

    def mean(values: Array, first: int, last: int) -> Array:
        found: Array = values[:, first : last + 1].mean(axis=1)
        return found

    tests = {
        "Russian holding collapses in February-March 2022, against July": mean(up, 0, 1) > mean(up, 5, 5),
        "and again in September-October 2022, against July": mean(up, 7, 8) > mean(up, 5, 5),
        "mobilised die more in October 2022-April 2023 than before": mean(mobilised, 8, 14) > mean(mobilised, 0, 7),
        "prisoners die more in October 2022-April 2023 than before": mean(prisoners, 8, 14) > mean(prisoners, 0, 7),
        "some mutiny in Wagner in March-June 2023": mean(monthly_risk, 13, 16) > 0,
        "more Wagner mutinies in March-June 2023 than September-December 2022": (
            mean(monthly_risk, 13, 16) > mean(monthly_risk, 7, 10)
        ),
        "Ukrainian absence grows from late 2022 to late 2023": mean(absent, 20, 22) > mean(absent, 8, 10),
    }
    return pl.DataFrame(
        [{"episode": name, "chance": float(weights @ hit.astype(float))} for name, hit in tests.items()]
    )


def ukraine(
    points: list[Point], draws: int, seed: int, parameters: str = PRIOR, progress: Progress | None = None
) -> Ukraine:
    """Play, weigh by 2022 and test on 2023."""
    latent = play(draws, seed, parameters, progress)
    monthly = as_series(latent, points)
    weights, effective, exponent = weigh(monthly, points)
    errors = {s.name: error_of(s, monthly[s.name], weights, points) for s in SERIES}
    risk = np.minimum(_monthly(latent["wagner"]), 1.0)
    over_by = np.array([latent["days"] <= last for last in np.cumsum(np.bincount(month_of(np.arange(DAYS))))])
    ends = {str(e): float(weights @ (latent["end"] == e)) for e in np.unique(latent["end"])}
    return Ukraine(
        points, monthly, errors, weights, effective, exponent, score(monthly, weights, points, seed),
        episodes(monthly, latent["wagner"], weights), weights @ risk,
        np.where(latent["end"] != "ongoing", over_by, False) @ weights, ends,
    )  # fmt: skip


__all__ = [
    "FIT",
    "Ukraine",
    "as_series",
    "band",
    "block_interval",
    "episodes",
    "play",
    "rivals",
    "score",
    "ukraine",
    "weigh",
]
