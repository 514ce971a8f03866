"""The outcomes that comparisons and attributions report, with the unit each is told in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.base.extras import require
from allegiance.cases.schema import Case
from allegiance.experiments.contrast import sums_by_draw
from allegiance.experiments.modelled import unmodelled
from allegiance.world.columns import Array


@dataclass(frozen=True)
class Outcome:
    """One outcome of a member: its column, a name, the unit, and the factor from the column to the unit.

    `happened` counts whether it happened at all; `times` is a column that the value is multiplied with, if any.
    """

    column: str
    label: str
    unit: str
    factor: float = 1.0
    happened: bool = False
    side: str = ""
    times: str = ""

    @property
    def key(self) -> str:
        """A short unique name."""
        return f"{self.column}{'?' if self.happened else '#' if self.times else ''}"

    def values(self, members: pl.DataFrame) -> Array:
        """The outcome in its unit, shape (members,)."""
        raw = members[self.column].cast(pl.Float64).to_numpy()
        if self.times:
            raw = raw * members[self.times].cast(pl.Float64).to_numpy()
        return self.factor * ((raw > 0).astype(float) if self.happened else raw)

    def level(self, members: pl.DataFrame) -> float:
        """What is told of it: the share of members in which it happened, else the median over members; NaN if none."""
        values = self.values(members)
        values = values[np.isfinite(values)]
        return float(values.mean() if self.happened else np.median(values)) if len(values) else float("nan")


_OF_SIDE = (
    ("mutiny", "mutiny, probability", "percentage points", 100.0, True),
    ("mutiny", "episodes of mutiny", "episodes", 1.0, False),
    ("coup_attempt", "coup attempt, probability", "percentage points", 100.0, True),
    ("defection", "soldiers who defect", "percentage points", 100.0, False),
    ("desertion", "soldiers who desert", "percentage points", 100.0, False),
    ("refusal", "soldiers who refuse", "percentage points", 100.0, False),
    ("shirking", "soldiers who shirk", "percentage points", 100.0, False),
    ("killed", "soldiers killed", "soldiers", 1.0, False),
)
_OF_WAR = (
    ("war.duration_days", "length of the war", "days"),
    ("war.mean_log_ratio", "capability, attacker over defender", "log ratio"),
    ("escalation.max_level", "highest level of destruction", "rungs"),
    ("civilians_killed", "civilians killed", "people"),
)


def outcomes_of(case: Case, sides: list[str] | None = None) -> list[Outcome]:
    """Outcomes of a case: of each side (or those named), then of the war; what the case does not model is left out."""
    missing = unmodelled(case)
    found = [
        Outcome(f"{s}.{c}", label, unit, factor, happened, s)
        for s in sides or case.sides
        for c, label, unit, factor, happened in _OF_SIDE
        if c not in missing
    ]
    return found + [Outcome(c, label, unit) for c, label, unit in _OF_WAR if c not in missing]


def counts_of(case: Case) -> list[Outcome]:
    """How many soldiers of each side deserted and defected: beside the shares, whose denominators may change."""
    return [
        Outcome(f"{s}.{c}", f"soldiers who {verb}, number", "soldiers", side=s, times=f"{s}.served")
        for s in case.sides
        for c, verb in (("defection", "defect"), ("desertion", "desert"))
    ]


def mean_interval(values: Array, level: float = 0.9, resamples: int = 1999, seed: int = 0) -> tuple[float, float]:
    """Interval of a mean over members, resampling draws of the parameters (pairs of members); NaN below two draws.

    Raises:
        AllegianceError: scipy is not installed.
    """
    finite = np.isfinite(values)
    total, over = sums_by_draw(np.where(finite, values, 0.0)), sums_by_draw(finite.astype(float))
    if len(total) < 2 or over.sum() <= 0:
        return float("nan"), float("nan")
    if np.ptp(total) == 0 and np.ptp(over) == 0:
        return float(total[0] / over[0]), float(total[0] / over[0])
    spread = require("scipy.stats", "experiments").bootstrap(
        (total, over), _ratio, paired=True, vectorized=True, n_resamples=resamples, confidence_level=level,
        method="percentile", random_state=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return float(spread.low), float(spread.high)


def _ratio(total: Array, over: Array, axis: int = -1) -> Array:
    return np.asarray(total.sum(axis=axis) / np.maximum(over.sum(axis=axis), 1e-12))


def mean(values: Array) -> float:
    """Mean of the finite values; NaN if there is none."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else float("nan")
