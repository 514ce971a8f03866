"""A plain regression on the readings' own inputs: what a sceptic would do with the tables instead of a simulation.

One row a state and year, known on its first of January; the outcome is whether a coup attempt or a mutiny began within
the year. Fitted to years whose outcome was known on the day, and scored on the last five of them with the others alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.cases.draft.about import About
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.profile import profile, profiles
from allegiance.evidence.begun import begun
from allegiance.forecast.horizons import Floats

PENALTY = 0.05
"""Variance of the normal prior of a coefficient, in squared log-odds a standard deviation; set before any score."""
YEARS = 20
"""Years of the past that are learnt from."""
HELD = 5
"""Last of them that the score is taken on."""
OUTCOMES = ("coup_attempt", "mutiny")
LATEST = date(2018, 12, 31)
"""Mutinies are coded everywhere up to this day."""


@dataclass(frozen=True)
class Past:
    """State-years before a day: code, year, what the army faced, levels (rows, columns), and what followed (0, 1)."""

    codes: list[int]
    years: list[int]
    tasks: list[str]
    names: tuple[str, ...]
    levels: Floats
    followed: dict[str, Floats]


@dataclass(frozen=True)
class Regressed:
    """A regression's probability within a year, its pushes in log-odds, and its score on years it had not seen."""

    outcome: str
    probability: float
    base: float
    pushes: list[tuple[str, float]]
    events: int
    auc: float | None
    brier: float | None
    brier_base: float | None


@lru_cache(maxsize=400)
def _year(panel: Panel, year: int) -> dict[int, tuple[str, dict[str, float]]]:
    return profiles(panel, year)


def past(panel: Panel, folder: Path, day: date) -> Past:
    """State-years of the `YEARS` years whose outcome was known on `day`, with what followed within each year."""
    last = min(day, LATEST).year - 1 if (day.month, day.day) != (12, 31) else day.year
    rows = [(code, year, *found) for year in range(last - YEARS + 1, last + 1)
            for code, found in _year(panel, year).items()]  # fmt: skip
    if not rows:
        raise AllegianceError(f"no state-year before {day} can be drafted", "choose a later date")
    names = tuple(rows[0][3])
    levels = np.array([[levels_[n] for n in names] for _, _, _, levels_ in rows])
    known = {outcome: begun(folder, outcome, day) for outcome in OUTCOMES}
    followed = {o: np.array([float((code, year) in known[o]) for code, year, _, _ in rows]) for o in OUTCOMES}
    return Past([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows], names, levels, followed)


def regress(before: Past, mine: dict[str, float], outcome: str) -> Regressed:
    """The regression's word on an army with the levels `mine` (keys as in `before.names`)."""
    y, years = before.followed[outcome], np.array(before.years)
    held = years > years.max() - HELD
    new = np.array([[mine[n] for n in before.names]])
    p, pushes = _fit(before.levels, y, new)
    auc = brier = flat = None
    if y[held].sum() > 0 and y[~held].sum() > 0:
        guess, _ = _fit(before.levels[~held], y[~held], before.levels[held])
        auc = _auc(guess, y[held])
        brier, flat = (float(np.mean((q - y[held]) ** 2)) for q in (guess, y[~held].mean()))
    named = sorted(zip(before.names, map(float, pushes), strict=True), key=lambda item: -abs(item[1]))
    return Regressed(
        outcome, float(p[0]), float(y.mean()), named, int(y.sum()), auc, brier, flat,
    )  # fmt: skip


def _fit(x: Floats, y: Floats, new: Floats) -> tuple[Floats, Floats]:
    """Ridge logit: probabilities of `new`, and what each column adds to the log-odds of its first row."""
    linear = require("sklearn.linear_model", "forecast")
    mean, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    z, znew = (x - mean) / spread, np.clip((new - mean) / spread, -4, 4)
    if y.min() == y.max():
        return np.full(len(new), float(y.mean())), np.zeros(x.shape[1])
    model: Any = linear.LogisticRegression(C=PENALTY, solver="newton-cholesky", max_iter=50)
    model.fit(z, y)
    return np.asarray(model.predict_proba(znew)[:, 1]), np.asarray(model.coef_[0] * znew[0])


def _auc(p: Floats, y: Floats) -> float:
    """Chance that a state with the event was given more than one without."""
    one, none = p[y > 0], p[y == 0]
    greater = (one[:, None] > none[None, :]).mean()
    return float(greater + 0.5 * (one[:, None] == none[None, :]).mean())


@dataclass(frozen=True)
class Neighbour:
    """A state-year of the past like an army, its distance (root mean square of standardised levels), what followed."""

    code: int
    year: int
    task: str
    distance: float
    followed: dict[str, bool]


def nearest(before: Past, mine: dict[str, float], task: str, code: int, count: int = 10) -> list[Neighbour]:
    """The state-years of other states most like an army that faced the same, one a state."""
    mean, spread = before.levels.mean(axis=0), np.maximum(before.levels.std(axis=0), 1e-9)
    z = (before.levels - mean) / spread
    me = (np.array([mine[n] for n in before.names]) - mean) / spread
    far = np.sqrt(((z - me) ** 2).mean(axis=1))
    found: dict[int, Neighbour] = {}
    for k in np.argsort(far, kind="stable"):
        other = before.codes[k]
        if before.tasks[k] == task and other != code and other not in found:
            what = {o: bool(before.followed[o][k]) for o in OUTCOMES}
            found[other] = Neighbour(other, before.years[k], task, float(far[k]), what)
        if len(found) == count:
            break
    return list(found.values())


def levels_of(panel: Panel, code: int, day: date, task: str) -> dict[str, float]:
    """The levels of a state's army on a day, as a draft of it has them."""
    return profile(About(panel, code, day, task))
