"""The backtest: every outcome, horizon and model over decades, always knowing only what was known then."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.bars import safe_states
from allegiance.forecast.definitions import OUTCOMES, outcome
from allegiance.forecast.horizons import HORIZONS, Floats
from allegiance.forecast.models.frame import Frame
from allegiance.forecast.models.share import failure, split, success
from allegiance.forecast.models.transfer import transfer
from allegiance.forecast.rolling import FINAL, REFERENCE, RIDGE, STACK, Forecasts, one_thread_each, roll, side_by_side
from allegiance.forecast.scores import BETTER_LOW, METRICS, Rows, Scored, compare, score_all

WARM_UP_YEARS = 10
"""Forecasts begin this long before the first scored year, so that the stack has something to learn from."""

PERIODS: dict[str, tuple[tuple[int, int], ...]] = {
    "coup_attempt": ((1980, 2019), (2005, 2019)),
    "coup_success": ((1980, 2019), (2005, 2019)),
    "coup_failed": ((1980, 2019), (2005, 2019)),
    "mutiny": ((1985, 2018), (1995, 2018)),
}
"""First and last years scored."""


@dataclass
class Backtest:
    """Forecasts by outcome, and their scores: a row for each outcome, horizon, period and model."""

    frame: Frame
    forecasts: dict[str, Forecasts]
    scores: pl.DataFrame
    seconds: float
    scored: dict[tuple[str, int, int, int], dict[str, Scored]] = field(default_factory=dict, repr=False)


def backtest(
    frame: Frame,
    outcomes: Sequence[str] = tuple(OUTCOMES),
    horizons: Sequence[int] = HORIZONS,
    years: tuple[int, int] | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Backtest:
    """Forecast and score `outcomes` at `horizons` (months; for a panel by year, years).

    Args:
        frame: the panel. years: first and last scored year instead of `PERIODS`. progress: told what is being done.

    Raises:
        AllegianceError: an unknown outcome or horizon; an outcome without an event in the scored window; years
            before the data start.
    """
    begun = time.perf_counter()
    periods = {name: (years,) if years else PERIODS[outcome(name).name] for name in outcomes}
    _check(frame, horizons, periods)
    for name in outcomes:
        for h in horizons:
            for period in periods[name]:
                _scored_rows(frame, name, h, period)  # before the work, not after it
    forecasts = forecast_all(frame, periods, horizons, progress)
    result = Backtest(frame, forecasts, pl.DataFrame(), 0.0)
    rows: list[dict[str, Any]] = []
    for name in outcomes:
        progress(f"scoring {name}")
        for h in horizons:
            for period in periods[name]:
                scored = score(frame, forecasts[name], h, period)
                result.scored[name, h, *period] = scored
                rows += table_rows(name, h, period, frame, forecasts[name], scored)
    result.scores = pl.DataFrame(rows, infer_schema_length=None)
    result.seconds = time.perf_counter() - begun
    return result


def _check(frame: Frame, horizons: Sequence[int], periods: dict[str, tuple[tuple[int, int], ...]]) -> None:
    for h in horizons:
        if h < 1 or h > 24:
            raise AllegianceError(f"horizon {h} is not between 1 and 24", "choose from 1, 3, 6, 12")
    first = int(frame.t.min()) // frame.per_year
    for windows in periods.values():
        for start, end in windows:
            if start < first + 2 or end < start:
                raise AllegianceError(
                    f"years {start} to {end} cannot be scored: the data start in {first}",
                    f"choose years from {first + 2} on, the first before the last",
                )


def forecast_all(
    frame: Frame,
    periods: dict[str, tuple[tuple[int, int], ...]],
    horizons: Sequence[int],
    progress: Callable[[str], None],
) -> dict[str, Forecasts]:
    """Rolling forecasts of each outcome, two outcomes at a time; see `models.share` for the parts of an attempt."""
    parts = any(OUTCOMES[name].part_of for name in periods)
    needed = ["coup_attempt", *(["coup_success"] if parts else []), *periods]
    wholes = [name for name in dict.fromkeys(needed) if name != "coup_failed"]
    step = frame.per_year
    first = min(w[0] for windows in periods.values() for w in windows) - WARM_UP_YEARS
    last = max(w[1] for windows in periods.values() for w in windows)
    first = max(first * step, int(frame.t.min()) + 5 * step)

    def run(name: str) -> Forecasts:
        progress(f"forecasting {name}, {first // step}–{last}")
        with one_thread_each():
            return roll(frame, name, horizons, first, (last + 1) * step - 1)

    with side_by_side(), one_thread_each(), ThreadPoolExecutor(2) as pool:
        rolled = dict(zip(wholes, pool.map(run, wholes), strict=True))
    if "mutiny" in rolled:
        for h in horizons:
            p = transfer(frame, rolled["coup_attempt"].p[h, RIDGE], "mutiny", h)
            rolled["mutiny"].p[h, "coup transfer"] = p
    return {name: _part(frame, name, rolled) for name in periods}


def _part(frame: Frame, name: str, rolled: dict[str, Forecasts]) -> Forecasts:
    if not OUTCOMES[name].part_of:
        return rolled[name]
    attempt, own = rolled["coup_attempt"], rolled["coup_success"]
    p = {key: success(whole, own.p[key]) for key, whole in attempt.p.items()}
    if name == "coup_success":
        return replace(own, p=p)
    for (h, model), whole in attempt.p.items():
        p[h, model] = failure(whole, p[h, model], split(frame, name, "coup_attempt", h, whole))
    return Forecasts(name, attempt.horizons, p, attempt.weights, support=attempt.support)


def rows_of(frame: Frame, name: str, h: int, period: tuple[int, int]) -> tuple[Any, Floats]:
    """Which rows are scored (a mask) and what came of them: all of the period whose windows closed inside it."""
    target = frame.target(name, h)
    step = frame.per_year
    mask = (frame.t >= period[0] * step) & (frame.t + h <= (period[1] + 1) * step) & ~np.isnan(target)
    return mask, target


def _scored_rows(frame: Frame, name: str, h: int, period: tuple[int, int]) -> tuple[Any, Floats]:
    mask, target = rows_of(frame, name, h, period)
    if not mask.any() or target[mask].sum() == 0:
        raise AllegianceError(
            f"no {name} is known within {h} months in {period[0]} to {period[1]}: nothing to score",
            "choose a longer window",
        )
    return mask, target


def score(frame: Frame, forecasts: Forecasts, h: int, period: tuple[int, int]) -> dict[str, Scored]:
    """Scores of every model over one period.

    Raises:
        AllegianceError: no event falls in the period.
    """
    mask, target = _scored_rows(frame, forecasts.outcome, h, period)
    rows = Rows(target[mask], frame.unit[mask], frame.t[mask])
    return score_all(rows, {m: forecasts.p[h, m][mask] for m in forecasts.models}, REFERENCE)


def table_rows(
    name: str, h: int, period: tuple[int, int], frame: Frame, forecasts: Forecasts, scored: dict[str, Scored]
) -> list[dict[str, Any]]:
    """One flat row per model: counts, each metric with its interval, and how it compares with the reference."""
    mask, target = rows_of(frame, name, h, period)
    about = {
        "outcome": name, "horizon": h, "first": period[0], "last": period[1], "rows": int(mask.sum()),
        "events": int(target[mask].sum()), "states": len(np.unique(frame.unit[mask])),
    }  # fmt: skip
    result = []
    for model in forecasts.models:
        row: dict[str, Any] = {**about, "model": model}
        for metric in METRICS:
            low, high = scored[model].interval(metric)
            row |= {metric: scored[model].value[metric], f"{metric}_low": low, f"{metric}_high": high}
        for metric in sorted(BETTER_LOW):
            same = model == REFERENCE
            verdict = "" if same else compare(scored[model], scored[REFERENCE], metric)["verdict"]
            row[f"{metric}_against_climatology"] = verdict
        result.append(row)
    return result


def safe_table(result: Backtest) -> pl.DataFrame:
    """States below one per cent a year, by the stack and by what is issued: a row per outcome, horizon, period, model.

    Columns: `outcome, horizon, first, last, model` and those of `bars.safe_states`; empty for a panel by year.
    """
    keys = ["outcome", "horizon", "first", "last"]
    rows = [
        {**dict(zip(keys, (name, h, first, last), strict=True)), "model": model}
        | safe_states(result.frame, result.forecasts[name], h, (first, last), model)
        for name, h, first, last in result.scores.select(keys).unique(maintain_order=True).rows()
        for model in (STACK, FINAL)
        if result.frame.per_year == 12 and (h, model) in result.forecasts[name].p
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
