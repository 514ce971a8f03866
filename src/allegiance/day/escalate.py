"""Escalation: each leader compares progress with hope and picks the means of destruction; civilians are killed."""

from __future__ import annotations

import numpy as np

from allegiance.world.chance import LADDER
from allegiance.world.columns import Array
from allegiance.world.world import World


def step(world: World) -> None:
    """Move each side on its ladder and count the civilians killed today."""
    side = world.side
    side.unreliable[:] = np.clip(1.0 - side.obeying / np.maximum(side.should, 1.0), 0.0, 1.0)
    side.progress[:] = _progress(world)
    hoped = np.minimum(1.0, (world.day + 1) / np.maximum(side.expected_days, 1.0))
    hoped = np.where(side.sign > 0, hoped, 1.0)
    before = side.gap.copy()
    side.gap[:] = world.theory.escalation.aspiration_gap(side.progress, hoped)
    side.promise[:] = world.theory.learning.disappointment(
        side.promise, side.gap - before, world.theory.learning.p.promise_days[side.contest]
    )
    if world.theory.escalation.on:
        _climb(world)
    _harm(world)


def _progress(world: World) -> Array:
    """Share of its aim that each side has reached: ground taken or kept, or protest quelled."""
    side, contest = world.side, world.contest
    start, target = contest.area_start, contest.area_target
    done = np.clip((contest.area - start) / np.maximum(target - start, 1e-9), -0.5, 1.0)[side.contest]
    front = np.where(side.sign > 0, done, 1.0 - np.maximum(done, 0.0))
    peak = world.waves[: world.day + 1, :, 0].max(axis=0, initial=0.0)
    streets = np.where(peak > 0, 1.0 - np.minimum(1.0, side.protest / np.where(peak > 0, peak, 1.0)), 1.0)
    return np.where(side.has_enemy > 0, front, streets)


def _climb(world: World) -> None:
    side, escalation = world.side, world.theory.escalation
    p, k = escalation.p, side.contest
    near = escalation.parity(world.contest.log_ratio[k]) * world.contest.has_enemy[k]
    up = escalation.step_up_hazard(side.gap, side.unreliable, near, p.rate[k], p.gap[k], p.unreliable[k], p.show[k])
    down = escalation.step_down_hazard(side.gap, p.deescalate[k])
    u = world.chance.uniform(LADDER, side)
    climbs = (u < up) & (side.rung < side.escalation_ceiling)
    steps = climbs.astype(float) - ((u > 1.0 - down) & (side.rung > 0) & ~climbs)
    rows = np.flatnonzero((steps != 0) & (world.contest.live[k] > 0))
    side.rung[rows] += steps[rows]
    world.events.add(
        "escalation", world.day, k[rows], side=rows, level=side.rung[rows], grievance=side.disaffection[rows]
    )


def _harm(world: World) -> None:
    """Civilians killed today: by close fighting (or repression) in towns, and by means of destruction at a distance."""
    side, zone, contest, escalation = world.side, world.zone, world.contest, world.theory.escalation
    p, on, count = escalation.p, float(escalation.on), world.contests
    total = np.bincount(side.contest, side.power, count)
    battle = contest.close_fighting[side.contest] * side.power / np.maximum(total[side.contest], 1e-9)
    crowd = side.willing * side.signal
    close = np.where(side.has_enemy > 0, battle, crowd)
    flight = p.flight * on * contest.has_enemy
    per = len(zone) // count
    # every side acts in every zone of its contest (axes: side, zone)
    z = side.contest[:, None] * per + np.arange(per)
    there = escalation.still_there(zone.fought[z], flight[side.contest][:, None], p.flight_days[side.contest][:, None])
    rate = escalation.civilian_rate(
        contest.civilian_baseline[side.contest][:, None], close[:, None], zone.urban[z],
        side.rung[:, None] * on, p.standoff[side.contest][:, None],
    )  # fmt: skip
    live = contest.live[side.contest]
    side.civilians_killed += live * (rate * there * zone.population[z] / 1000.0).sum(axis=1)
    zone.fought += np.bincount(side.contest, close, count)[zone.contest] * (zone.weight > 0)
