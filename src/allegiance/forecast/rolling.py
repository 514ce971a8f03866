"""Rolling origin: refit every January on what was known then, forecast the year's months, correct the level monthly.

The same code makes the backtest and a forecast issued today, so that what is scored is what is issued.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from allegiance.base.extras import require
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.horizons import Floats, Ints, cohere
from allegiance.forecast.models.boosting import Boosting
from allegiance.forecast.models.climatology import Climatology
from allegiance.forecast.models.drift import MEMORY_YEARS, factors, scale_hazard
from allegiance.forecast.models.frame import Frame, Task, make_task, standardise
from allegiance.forecast.models.graded import GRADED, Graded
from allegiance.forecast.models.hazard import Hazard
from allegiance.forecast.models.logit import Logit
from allegiance.forecast.models.stack import combine, learn_weights
from allegiance.forecast.models.tail import learn_stretch, stretch


class Fitted(Protocol):
    """A model fitted at one origin."""

    def predict(self, rows: Ints) -> Floats:
        """Probabilities for rows of the frame, shape (rows,)."""


class Model(Protocol):
    """A model: `drifts` says whether its level is corrected by `models.drift`."""

    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def drifts(self) -> bool: ...
    def fit(self, task: Task) -> Any:
        """The model fitted to the training rows of `task`."""


REFERENCE = "climatology-15y"
"""Skill is measured against this ex-ante climatology."""

RECENCY = "recency logit"
"""The rival that knows a state's past events and age, and nothing else."""

ISSUED: tuple[Model, ...] = (
    Climatology(REFERENCE, "world rate of the last 15 years", years=15),
    Logit("logit", "ridge logit of all features", penalty=0.02),
    Boosting(),
    Graded(),
)
"""What a forecast is made of."""

MODELS: tuple[Model, ...] = (
    Climatology("climatology", "world rate since 1950"),
    ISSUED[0],
    Climatology("climatology-decayed", "world rate, old years fading (half-life 5 years)", half_life=5),
    Hazard(),
    Logit(RECENCY, "logit of past events only", penalty=0.01, only_history=True),
    *ISSUED[1:],
)
"""What a backtest scores."""

RIDGE = "logit"
MEMBERS = (RIDGE, "boosting")
"""Models that the stack combines. On 1982–2004 the two that know all features did better without the other two."""
STACK_YEARS = 10
"""The stack learns its weights from the forecasts of this many past years."""
STACK = "stack"
FINAL = "blend"
"""The forecast that is issued: the mean log-odds of the stack and the graded trees (for mutinies the ridge logit
alone), safe states at their own level."""


def issued(outcome: str) -> tuple[Model, ...]:
    """The models that a forecast of `outcome` is made of."""
    return ISSUED if OUTCOMES[outcome].trees else tuple(m for m in ISSUED if m.name in (REFERENCE, RIDGE))


@dataclass
class Forecasts:
    """Probabilities by (horizon, model), each of shape (rows of the frame,), nan where none was made.

    `weights` keeps the stack's weights and `stretch` that of safe states by (origin, horizon), `support` the events
    the drift factor rests on and `fits` the newest fitted models.
    """

    outcome: str
    horizons: tuple[int, ...]
    p: dict[tuple[int, str], Floats]
    weights: dict[tuple[int, int], dict[str, float]] = field(default_factory=dict)
    stretch: dict[tuple[int, int], float] = field(default_factory=dict)
    support: dict[int, float] = field(default_factory=dict)
    fits: dict[tuple[int, str], Any] = field(default_factory=dict)

    @property
    def models(self) -> list[str]:
        """Names of the models, in the order in which they ran."""
        return list(dict.fromkeys(m for _, m in self.p))


def roll(
    frame: Frame,
    outcome: str,
    horizons: Sequence[int],
    first: int,
    last: int,
    models: Sequence[Model] = MODELS,
    before: Forecasts | None = None,
    memory: dict[str, object] | None = None,
    progress: Callable[[int], None] = lambda origin: None,
) -> Forecasts:
    """Forecasts of `outcome` for every row whose period lies in ``first .. last``.

    Origins are the Januaries (for a panel by year: every year); at each, models see only windows that closed before.
    `before` holds forecasts already made for earlier rows, from which the stack learns its weights; `memory` what
    models keep between origins (trees). `progress` is told each origin.

    Raises:
        AllegianceError: nothing is known before the first origin.
    """
    result = Forecasts(outcome, tuple(horizons), {})
    models = [m for m in models if OUTCOMES[outcome].trees or m.name != GRADED]
    names = [m.name for m in models] + ([STACK] if len(_members(models)) > 1 else [])
    names += [FINAL] if RIDGE in names else []
    for h in horizons:
        for name in names:
            known = before.p.get((h, name)) if before else None
            result.p[h, name] = np.full(len(frame.t), np.nan) if known is None else known.copy()
    step = frame.per_year
    memory = {} if memory is None else memory
    origins = range(first - first % step, last + 1, step)
    for origin in origins:
        rows = np.flatnonzero((frame.t >= origin) & (frame.t < origin + step) & (frame.t <= last))
        if len(rows):
            progress(origin)
            _block(frame, origin, rows, models, result, memory)
    return result


def _block(
    frame: Frame, origin: int, rows: Ints, models: Sequence[Model], out: Forecasts, memory: dict[str, object]
) -> None:
    """Fill one year of `out`: fit, correct the level, order the horizons, combine."""
    outcome, z = out.outcome, standardise(frame, origin)
    tasks = {h: make_task(frame, outcome, h, origin, z, memory) for h in out.horizons}
    for model in models:
        p = np.empty((len(rows), len(out.horizons)))
        for j, h in enumerate(out.horizons):
            fit = model.fit(tasks[h])
            out.fits[h, model.name] = fit
            p[:, j] = fit.predict(rows)
            if model.drifts:
                p[:, j] = _level(frame, h, fit, rows, p[:, j], out)
        for j, h in enumerate(out.horizons):
            out.p[h, model.name][rows] = cohere(p)[:, j]
    members = _members(models)
    if RIDGE in members:
        _combine(frame, origin, rows, members, out)


def _level(frame: Frame, h: int, fit: Fitted, rows: Ints, p: Floats, out: Forecasts) -> Floats:
    """`p` with its hazard scaled by what the recent past says about the model's level."""
    target = frame.target(out.outcome, h)
    months, where = np.unique(frame.t[rows], return_inverse=True)
    closes = frame.t + h - 1
    oldest = int(months[0]) - MEMORY_YEARS * frame.per_year
    past = np.flatnonzero((closes < months[-1]) & (frame.t >= oldest) & ~np.isnan(target))
    expected = fit.predict(past)
    said = ~np.isnan(expected)
    past, expected = past[said], expected[said]
    if not len(past):
        return p
    factor, support = factors(closes[past], expected, target[past], months, frame.per_year, h)
    out.support[h] = float(support[-1])
    return scale_hazard(p, factor[where])


def _members(models: Sequence[Model]) -> list[str]:
    return [m.name for m in models if m.name in MEMBERS]


def _combine(frame: Frame, origin: int, rows: Ints, members: list[str], out: Forecasts) -> None:
    """The stack, by weights from its members' earlier forecasts whose windows have closed; then what is issued."""
    stacked, final = np.empty((2, len(rows), len(out.horizons)))
    for j, h in enumerate(out.horizons):
        target = frame.target(out.outcome, h)
        before = (frame.t + h <= origin) & (frame.t >= origin - STACK_YEARS * frame.per_year) & ~np.isnan(target)
        past = np.flatnonzero(before & ~np.isnan(out.p[h, members[0]]))
        seen = np.column_stack([out.p[h, m][past] for m in members])
        weights = learn_weights(seen, target[past], h)
        out.weights[origin, h] = dict(zip(members, weights.tolist(), strict=True))
        stacked[:, j] = combine(np.column_stack([out.p[h, m][rows] for m in members]), weights)
        if OUTCOMES[out.outcome].trees:
            graded = out.fits.get((h, GRADED))
            then = _blend(combine(seen, weights), graded.predict(past) if graded else None)
            now = _blend(stacked[:, j], out.p[h, GRADED][rows] if graded else None)
        else:
            then, now = out.p[h, RIDGE][past], out.p[h, RIDGE][rows]
        out.stretch[origin, h] = factor = learn_stretch(then, target[past], 12 * h / frame.per_year, h)
        final[:, j] = stretch(now, factor, 12 * h / frame.per_year)
    for j, h in enumerate(out.horizons):
        if (h, STACK) in out.p:
            out.p[h, STACK][rows] = cohere(stacked)[:, j]
        out.p[h, FINAL][rows] = cohere(final)[:, j]


def _blend(stack: Floats, graded: Floats | None) -> Floats:
    """Mean log-odds of both; the stack's alone where the graded trees said nothing yet."""
    if graded is None:
        return stack
    both = combine(np.column_stack([stack, np.nan_to_num(graded, nan=0.5)]), np.array([0.5, 0.5]))
    return np.asarray(np.where(np.isnan(graded), stack, both))


@contextmanager
def one_thread_each(trees: bool = True) -> Iterator[None]:
    """Keep linear algebra and trees to one thread, so that two outcomes side by side do not fight for cores.

    Only libraries that are loaded already are held, so the trees' is loaded first; theirs is held for the thread that
    asks, the one for linear algebra for all.

    Args:
        trees: whether trees will be grown; if not, their library is left alone, which takes seconds to load.
    """
    if trees:
        require("sklearn.ensemble", "forecast")
    limits: Any = require("threadpoolctl", "forecast")
    with limits.threadpool_limits(limits=1):
        yield


_RACE = "`sklearn.utils.parallel.delayed` should be used with"


@contextmanager
def side_by_side() -> Iterator[None]:
    """For threads that grow trees at the same time: leave out what scikit-learn then says of itself, a thousand times.

    While it grows trees it empties the process's filters of warnings for moments; a second thread that finds them empty
    takes itself for misused. Results do not depend on it. Filters are as before afterwards, which they are not by
    themselves.
    """
    with warnings.catch_warnings():
        told = warnings.showwarning

        def tell(message: Warning | str, *rest: Any, **more: Any) -> None:
            if not str(message).startswith(_RACE):
                told(message, *rest, **more)

        warnings.showwarning = tell
        yield
