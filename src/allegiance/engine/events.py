"""Rows of the event table, written from inside kernels."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.compiler import scalar
from allegiance.engine.state import EVENT, Array, World


@scalar
def emit(
    events: Array, count: Array, day: int, kind: int, side: int, force: int, brigade: int, company: int,
    size: float, weight: float, violent: int, officers: int, grievance: float,
) -> None:  # fmt: skip
    """Append one event; the caller has made room (`make_room`)."""
    row = events[count[0]]
    row.day, row.type, row.side, row.force, row.brigade, row.company = day, kind, side, force, brigade, company
    row.size, row.weight, row.violent, row.officers, row.grievance = size, weight, violent, officers, grievance
    count[0] += 1


@scalar
def poisson(u: float, mean: float) -> float:
    """The Poisson count at quantile `u`, by inversion (Devroye 1986, ch. X.3)."""
    term = math.exp(-min(mean, 50.0))
    total, k = term, 0
    while u > total and k < 200:
        k += 1
        term *= mean / k
        total += term
    return float(k)


def make_room(world: World) -> None:
    """Grow the event table so that a day cannot overflow it."""
    need = int(world.event_count[0]) + 2 * len(world.company) + 6 * len(world.brigade) + 64
    if need > len(world.events):
        world.events = np.concatenate([world.events, np.zeros(max(need, len(world.events)), EVENT)])
