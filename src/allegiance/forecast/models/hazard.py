"""A hierarchical Bayesian hazard: world, region, state, each with a Gamma prior around the level above.

Counts of events of a unit are Poisson with rate `m × g`, where `m` is what the level above expects and `g` has a
Gamma(a, a) prior; the posterior is Gamma(a + O, a + E), and the chance of at least one event in a further exposure
`e` is ``1 - ((a + E) / (a + E + e)) ** (a + O)`` (negative binomial). Old events and exposure fade with a half-life,
so a state forgets: the discounted Gamma–Poisson filter of A. C. Harvey and C. Fernandes (1989), "Time series models
for count or qualitative observations", Journal of Business & Economic Statistics 7(4),
doi:10.1080/07350015.1989.10509750.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegiance.forecast.horizons import Floats, Ints
from allegiance.forecast.models.frame import Task


@dataclass(frozen=True)
class Hazard:
    """`region_prior` and `state_prior` are the Gamma shapes `a`: how many expected events the level above is worth.

    `half_life` (years) is that of a state's and a region's past, `world_half_life` that of the world rate.
    """

    name: str = "hazard"
    words: str = "hierarchical Bayesian hazard: world, region, state"
    region_prior: float = 5.0
    state_prior: float = 0.4
    half_life: float = 8.0
    world_half_life: float = 3.0
    drifts: bool = True

    def fit(self, task: Task) -> HazardFit:
        """Everything the block's rows need is counted when they are predicted, from closed periods only."""
        return HazardFit(self, task)


@dataclass(frozen=True)
class HazardFit:
    """The filter run to the origin."""

    model: Hazard
    task: Task

    def predict(self, rows: Ints) -> Floats:
        """Probabilities, shape (rows,)."""
        shape, rate, base = self.posterior()
        unit = self.task.frame.unit[rows]
        exposure = base[rows] * self.task.horizon
        return np.asarray(1 - (rate[unit] / (rate[unit] + exposure)) ** shape[unit])

    def spread(self, rows: Ints) -> Floats:
        """Standard deviation of the log rate, shape (rows,): that of the log of a Gamma variable, about 1/√shape."""
        shape, _, _ = self.posterior()
        return np.asarray(1 / np.sqrt(shape[self.task.frame.unit[rows]] + 0.5))

    def posterior(self) -> tuple[Floats, Floats, Floats]:
        """Posterior shape and rate by state, and the rate per period each row has from world and region."""
        frame, m, origin = self.task.frame, self.model, self.task.origin
        y = frame.y[self.task.outcome]
        past = (frame.t < origin) & ~np.isnan(y)
        t, unit, region, events = frame.t[past], frame.unit[past], frame.region[past], y[past]
        world = _world_rate(t, events, m.world_half_life * frame.per_year)
        fade = 0.5 ** ((origin - t) / (m.half_life * frame.per_year))
        expected = world[t - t.min()]
        factor = _posterior_mean(region, fade * events, fade * expected, m.region_prior, int(frame.region.max()) + 1)
        expected = expected * factor[region]
        size = int(frame.unit.max()) + 1
        shape = m.state_prior + np.bincount(unit, fade * events, size)
        rate = m.state_prior + np.bincount(unit, fade * expected, size)
        base = world[-1] * factor[frame.region]
        return np.asarray(shape), np.asarray(rate), np.asarray(base)


def _world_rate(t: Ints, events: Floats, half_life: float) -> Floats:
    """Events per state and period at the end of each period since ``t.min()``, old periods fading."""
    rows = np.bincount(t - t.min()).astype(float)
    hits = np.bincount(t - t.min(), events)
    keep = 0.5 ** (1 / half_life)
    out, o, n = np.empty(len(rows)), 0.5, 0.5 / max(float(events.mean()), 1e-6)
    for k in range(len(rows)):
        o, n = o * keep + hits[k], n * keep + rows[k]
        out[k] = o / n
    return out


def _posterior_mean(group: Ints, events: Floats, expected: Floats, prior: float, size: int) -> Floats:
    return np.asarray((prior + np.bincount(group, events, size)) / (prior + np.bincount(group, expected, size)))
