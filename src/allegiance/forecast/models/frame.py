"""The panel as arrays, with every feature on the scale the models use, and the rows a model may learn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.states import lineage
from allegiance.forecast.features import HISTORY_OUTCOMES, feature_words
from allegiance.forecast.horizons import Floats, Ints, targets
from allegiance.forecast.models.longmemory import long_memory
from allegiance.forecast.panel import GRADE, KEYS, OUTCOMES, feature_names
from allegiance.forecast.panel_year import GOVERNMENTS, YEAR_FEATURES

RECENCY_YEARS = 20.0
"""Half-life of a training row's weight."""
_HEAVY = ("_since", "_12m", "_60m", "_120m", "_1y", "_5y", "_10y", "_months")
_LOG = {"battle_deaths", "military_personnel", "population", "infant_mortality", "since_election", "state_age"}
_BOTH_SIDES = {"inflation", "gdp_growth", "growth"}


Design = npt.NDArray[np.float32]
"""Standardised features; single precision halves the time and moves a forecast by less than one part in 10,000."""


@dataclass(frozen=True)
class Frame:
    """A panel as arrays; all share the first axis, the panel's rows.

    `t` counts periods, `per_year` says how many make a year (12 or 1). `x` is float64 with nan for missing values.
    """

    panel: pl.DataFrame
    t: Ints
    gwcode: Ints
    unit: Ints
    region: Ints
    x: Floats
    names: tuple[str, ...]
    y: dict[str, Floats]
    per_year: int
    _targets: dict[tuple[str, int], Floats] = field(default_factory=dict, repr=False)

    def target(self, outcome: str, horizon: int) -> Floats:
        """See `horizons.targets`; kept after the first call."""
        key = (outcome, horizon)
        if key not in self._targets:
            self._targets[key] = targets(self.gwcode, self.t, self.y[outcome], horizon)
        return self._targets[key]

    @cached_property
    def single(self) -> Design:
        """`x` in single precision."""
        return self.x.astype(np.float32)

    @cached_property
    def moments(self) -> tuple[Floats, Floats, Floats]:
        """Known values, their sum and their sum of squares before each period since the first.

        Each of shape (periods + 1, features), so that a scale at any origin costs nothing.
        """
        start, span = int(self.t.min()), int(self.t.max() - self.t.min()) + 1
        sums = np.zeros((3, span + 1, self.x.shape[1]))
        for c, column in enumerate(self.x.T):  # one at a time: copies of the whole panel cost more than the sums
            known = ~np.isnan(column)
            month, value = self.t[known] - start, column[known]
            for k, weight in enumerate((None, value, value**2)):
                sums[k, 1:, c] = np.bincount(month, weight, span)
        count, total, square = np.cumsum(sums, axis=1)
        return count, total, square

    @property
    def history(self) -> list[int]:
        """Positions of the features that count past events and the age of the state."""
        own = (*HISTORY_OUTCOMES, "coup_failed", "state_age", "neighbour_coup")
        return [i for i, name in enumerate(self.names) if name.startswith(own)]


def make_frame(panel: pl.DataFrame, per_year: int = 12) -> Frame:
    """The panel as a `Frame`.

    Raises:
        AllegianceError: a column is not one of the features whose day of release is declared. Such a column might
            hold what nobody knew yet, so it is refused and not left out in silence.
    """
    names = feature_names(panel)
    strange = [n for n in names if n not in known_features()]
    if strange:
        raise AllegianceError(
            f"the panel has a column {strange[0]!r} of which nobody said when it becomes known",
            "declare it with its release lag in forecast/features.py, or drop it",
        )
    month = panel["month"]
    years, months = month.dt.year().cast(pl.Int64), month.dt.month().cast(pl.Int64)
    t = (years * 12 + months - 1 if per_year == 12 else years).to_numpy()
    unit = panel.select(lineage(pl.col("gwcode")).rank("dense") - 1).to_series().cast(pl.Int64).to_numpy()
    region = panel["region"].fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1
    columns = [_scale(n, panel[n].cast(pl.Float64).fill_null(float("nan")).to_numpy()) for n in names]
    if "polyarchy" in names:
        middle = columns[names.index("polyarchy")]
        names, columns = [*names, "regime_between"], [*columns, middle * (1 - middle)]
    happened = [o for o in (*OUTCOMES, GRADE) if o in panel.columns]
    y = {o: panel[o].cast(pl.Float64).fill_null(float("nan")).to_numpy() for o in happened}
    y.setdefault(GRADE, y["coup_attempt"])
    for o in ("coup_attempt", "mutiny"):
        names, columns = [*names, f"{o}_record"], [*columns, long_memory(t, unit, y[o], per_year)]
    gwcode = panel["gwcode"].cast(pl.Int64).to_numpy()
    x = np.column_stack(columns)
    return Frame(panel.select(KEYS), t, gwcode, unit, region, x, tuple(names), y, per_year)


def known_features() -> set[str]:
    """Every feature whose day of release is declared."""
    counts = {f"{o}_{w}" for o in (*HISTORY_OUTCOMES, "coup_failed") for w in ("since", "1y", "5y", "10y")}
    return set(feature_words()) | {f.name for f in YEAR_FEATURES} | set(GOVERNMENTS) | counts | {"state_age"}


def _scale(name: str, values: Floats) -> Floats:
    """Long-tailed features on a log scale, so that a linear model can use them."""
    if name.endswith(_HEAVY) or name in _LOG:
        return np.asarray(np.log1p(np.clip(values, 0, None)))
    if name in _BOTH_SIDES:
        size = 0.05 if name == "gdp_growth" else 5.0
        return np.asarray(np.arcsinh(values / size))
    return values


@dataclass(frozen=True)
class Task:
    """What one model sees at one origin: `train` are rows whose windows closed before `origin`; nothing later.

    `z` holds, for every row with ``t < origin + block``, the features standardised on rows before the origin with
    missing values at the mean (0). `y` and `weight` belong to `train`; weights fall with age and count overlapping
    windows once.
    """

    frame: Frame
    outcome: str
    horizon: int
    origin: int
    z: Design
    train: Ints
    y: Floats
    weight: Floats
    memory: dict[str, object]


def scales(frame: Frame, origin: int) -> tuple[Floats, Floats]:
    """Mean and spread of each feature over the rows before `origin`; a feature that never varied has spread 1."""
    count, total, square = frame.moments
    past = min(max(origin - int(frame.t.min()), 0), len(count) - 1)
    seen = np.maximum(count[past], 1)
    mean = total[past] / seen
    spread = np.sqrt(np.maximum(square[past] / seen - mean**2, 0))
    return mean, np.where(spread > 1e-6, spread, 1.0)


def standardise(frame: Frame, origin: int) -> Design:
    """All features centred and scaled by the rows before `origin`; missing and later outliers are bounded.

    A feature that no row of the year from `origin` on has (its source ended too long ago) is 0 throughout: models do
    not learn at that origin from what they will not be told.
    """
    mean, spread = scales(frame, origin)
    now = (frame.t >= origin) & (frame.t < origin + frame.per_year)
    absent = np.isnan(frame.x[now]).all(0) if now.any() else np.zeros(len(mean), dtype=bool)
    z = frame.single - mean.astype(np.float32)
    z /= spread.astype(np.float32)
    z[np.isnan(z)] = 0.0
    np.clip(z, -6.0, 6.0, out=z)
    z[:, absent] = 0.0
    return np.asarray(z, dtype=np.float32)


def make_task(frame: Frame, outcome: str, horizon: int, origin: int, z: Design, memory: dict[str, object]) -> Task:
    """The rows a model may learn from at `origin`, with their targets and weights.

    Raises:
        AllegianceError: no window has closed yet, or the outcome never happened in any of them.
    """
    target = frame.target(outcome, horizon)
    apart = stride(frame, horizon)
    closed = frame.t + horizon <= origin
    train = np.flatnonzero(closed & ~np.isnan(target) & ((origin - horizon - frame.t) % apart == 0))
    y = target[train]
    if y.sum() < 1:
        raise AllegianceError(
            f"no {outcome} is known before period {period(origin, frame.per_year)}: there is nothing to learn from",
            "choose a later date or another outcome",
        )
    age = (origin - frame.t[train]) / frame.per_year
    weight = 0.5 ** (age / RECENCY_YEARS) * apart / horizon
    return Task(frame, outcome, horizon, origin, z, train, y, weight, memory)


def stride(frame: Frame, horizon: int) -> int:
    """Overlapping windows say nearly the same: of those of three months and more every third is learned from."""
    return 3 if frame.per_year == 12 and horizon >= 3 else 1


def period(t: int, per_year: int) -> str:
    """A period number in words.

    >>> period(2019 * 12 + 11, 12), period(2019, 1)
    ('2019-12', '2019')
    """
    return f"{t // 12}-{t % 12 + 1:02d}" if per_year == 12 else str(t)
