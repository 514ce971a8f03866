"""Simulated armies beside a forecast: their log-odds as one more input of what is issued, and what that adds.

`allegiance world` plays every state's army as it stood on the first of January. Where the ten years before the forecast
were played too, a logit on the log-odds of the stack is held against one on these and the simulation's, each year
forecast from the others. What the simulation moves is then shown beside the forecast; what is issued stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.drafted import OUTCOMES
from allegiance.forecast.halves import AS_MANY, off_the_ends
from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.frame import Frame
from allegiance.forecast.models.stack import combine, log_odds
from allegiance.forecast.played import read_finished
from allegiance.forecast.prepare import past_members
from allegiance.forecast.rivals import C_FEW, ridge
from allegiance.forecast.rolling import MEMBERS, RIDGE, STACK, STACK_YEARS, Forecasts, one_thread_each
from allegiance.forecast.scores import Rows, compare, score_all
from allegiance.inference.world import TABLE

COLUMNS = ("simulation", "with_simulation")
"""Of a forecast's table: the simulation's own probability within its year, and the forecast moved by it."""
WITHOUT, WITH = "without the simulation", "with the simulation"
FEWEST = 5
"""Events below which nothing is learned."""


@dataclass(frozen=True)
class Learned:
    """What past state-years say of the simulation as an input.

    Attributes:
        chance, shift: by row of the forecast, the simulation's own probability and what knowing it adds to the
            log-odds of the forecast; NaN where no army was played.
        years, rows, events: learned from. difference, low, high: of the log score, with less without, below zero is
            better; 95 % interval of a bootstrap of countries. verdict: in words.
    """

    chance: Floats
    shift: Floats
    years: tuple[int, ...]
    rows: int
    events: int
    difference: float
    low: float
    high: float
    verdict: str

    def __str__(self) -> str:
        years = f"{len(self.years)} years from {self.years[0]} to {self.years[-1]}"
        return (
            f"With the simulation, forecasts of {self.rows} state-years with {self.events} events ({years}, each from"
            f" the others) changed their log score by {self.difference:+.4f} ({self.low:+.4f} to {self.high:+.4f}):"
            f" {self.verdict}. What is issued stays without it; the column with_simulation has it."
        )


def read_chances(folders: Sequence[Path], outcome: str) -> pl.DataFrame:
    """Simulated probabilities of the outcome within the year: gwcode, year, chance.

    Raises:
        AllegianceError: an outcome that is not played, a folder without finished years, or a state-year in two folders.
    """
    if outcome not in OUTCOMES:
        raise AllegianceError(f"no army is played for {outcome}", f"choose {' or '.join(OUTCOMES)}")
    cure = "play them first: allegiance world --years 2005-2020 --out DIR"
    needed = {TABLE: ("gwcode", "year", outcome, "why_not")}
    tables = [read_finished(folder, "world", needed, "played years", "world", cure)[0] for folder in folders]
    found = pl.concat([t.select("gwcode", "year", chance=outcome) for t in tables]).drop_nulls()
    if found.select("gwcode", "year").is_duplicated().any():
        raise AllegianceError("a state-year stands in two of the folders", "name each year once")
    return found


def learn(
    frame: Frame, forecasts: Forecasts, chances: pl.DataFrame, rows: Ints, horizon: int, together: tuple[int, ...]
) -> Learned:
    """What the simulation adds to the forecast of these rows.

    Args:
        frame: what was known. forecasts: of this year (`prepare.forecasts_at`), made for the horizons `together`.
        chances: from `read_chances`. rows: of the forecast. horizon: 12 months, what is played.

    Raises:
        AllegianceError: another horizon, armies of this year not played, or too few of earlier years.
    """
    if horizon != frame.per_year:
        raise AllegianceError("armies are played for a year from its first of January", "add --horizon 12")
    now, outcome = int(frame.t.max()), forecasts.outcome
    january = now - now % frame.per_year
    weights = forecasts.weights.get((january, horizon), {RIDGE: 1.0})
    names = [name for name in MEMBERS if name in weights]
    before = past_members(frame, outcome, together, january)
    odds = _odds_of(frame, chances)
    target = frame.target(outcome, horizon)
    members = np.column_stack([before.p[horizon, name] for name in names])
    known = (frame.t % frame.per_year == 0) & (frame.t + horizon <= now) & (frame.t < january)
    known &= (frame.t >= january - STACK_YEARS * frame.per_year) & ~np.isnan(members).any(axis=1)
    past = np.flatnonzero(known & ~np.isnan(odds) & ~np.isnan(target))
    here = odds[rows]
    if np.isnan(here).all():
        raise AllegianceError(f"no army of {january // frame.per_year} is among the played", _cure(january, frame))
    said = np.array([weights[name] for name in names])
    then = log_odds(combine(members[past], said))
    today = forecasts.p[horizon, STACK if len(names) > 1 else RIDGE][rows]
    return _judged(then, odds[past], target[past], frame.t[past] // frame.per_year, frame.gwcode[past],
                   (log_odds(today), here), _cure(january, frame))  # fmt: skip


def beside(table: pl.DataFrame, learned: Learned) -> pl.DataFrame:
    """The table of a forecast (rows as learned for) with COLUMNS; null where no army was played."""
    moved = 1.0 / (1.0 + np.exp(-(log_odds(table["probability"].to_numpy()) + learned.shift)))
    values = dict(zip(COLUMNS, (learned.chance, moved), strict=True))
    return table.with_columns(pl.Series(name, v, nan_to_null=True) for name, v in values.items())


def _cure(january: int, frame: Frame) -> str:
    year = january // frame.per_year
    return f"play this and earlier years: allegiance world --years {year - STACK_YEARS}-{year} --out DIR"


def _odds_of(frame: Frame, chances: pl.DataFrame) -> Floats:
    """The simulation's log-odds of every row's year, NaN where it was not played."""
    known = {(r["gwcode"], r["year"]): r["chance"] for r in chances.to_dicts()}
    keys = zip(frame.gwcode.tolist(), (frame.t // frame.per_year).tolist(), strict=True)
    chance = np.array([known.get(key, np.nan) for key in keys], dtype=float)
    return np.asarray(log_odds(off_the_ends(chance, AS_MANY)))


def _judged(
    then: Floats, odds: Floats, y: Floats, year: Ints, unit: Ints, now: tuple[Floats, Floats], cure: str
) -> Learned:
    """Both logits: each past year from the others, scored; this year from all of them."""
    years, events = np.unique(year), int(y.sum())
    if len(years) < 2 or events < FEWEST:
        raise AllegianceError(
            f"{len(years)} played years with {events} events before this one: too few to learn from", cure
        )
    inputs: dict[str, Any] = {WITHOUT: then[:, None], WITH: np.column_stack([then, odds])}
    forecasts = {name: np.empty(len(y)) for name in inputs}
    today, played = now[0], ~np.isnan(now[1])
    new = {WITHOUT: today[played, None], WITH: np.column_stack([today, now[1]])[played]}
    with one_thread_each():
        for one in years:
            out = year == one
            for name, x in inputs.items():
                forecasts[name][out] = ridge(x[~out], y[~out], x[out], C_FEW, scaled=False)
        both = {name: log_odds(ridge(x, y, new[name], C_FEW, scaled=False)) for name, x in inputs.items()}
    scored = score_all(Rows(y, unit, np.zeros(len(y), dtype=np.int64)), forecasts, WITHOUT)
    gap = compare(scored[WITH], scored[WITHOUT], "log")
    shift = np.full(len(today), np.nan)
    shift[played] = both[WITH] - both[WITHOUT]
    chance = 1.0 / (1.0 + np.exp(-now[1]))
    return Learned(chance, shift, tuple(years.tolist()), len(y), events, gap["difference"], gap["low"], gap["high"],
                   gap["verdict"])  # fmt: skip
