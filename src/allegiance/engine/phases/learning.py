"""Learning: both sides see the day's fighting, update their beliefs, and may settle; or the contest is decided."""

from __future__ import annotations

import numpy as np

from allegiance.base.random import normal, uniform
from allegiance.engine import decisions
from allegiance.engine.events import emit
from allegiance.engine.state import E, T, World
from allegiance.theory.learning import settlement_hazard, surplus, update_mean, update_variance, win_probability

BROKEN_ARMY = 0.12
"""A side whose obeying men fall below this share of those it began with has collapsed (judgement)."""
SHAKEN_RESOLVE = 0.4
"""What is left of a side's resolve after a successful coup (judgement)."""
CLEARED = 0.05
"""Protest below this share of its peak, for a week, is over (judgement)."""


def step(world: World) -> None:
    """Learn and settle, or see that the contest is over."""
    if world.war[6] > 0:
        _streets(world)
    else:
        _learn(world)
        _decide(world)


def _finish(world: World, end: str) -> None:
    world.end = end
    kind = E["settlement"] if end == "settlement" else E["end"]
    emit(world.events, world.event_count, world.day, kind, -1, -1, -1, -1, 0.0, 1.0, 0, 0, 0.0)


def _learn(world: World) -> None:
    p = world.p
    noise = p["learning_noise"]
    z = normal(world.seed, world.member, 1, world.day, decisions.BATTLE, 0)
    observed = float(world.front[0]) + noise * z
    world.front[4] = observed
    if p["learning_on"] == 0.0:
        return
    for side in world.sides:
        mean, variance = float(side["mean"]), float(side["var"])
        side["mean"] = update_mean(mean, variance, float(side["sign"]) * observed, noise)
        side["var"] = update_variance(variance, noise, p["learning_drift"])
        side["p_win"] = win_probability(float(side["mean"]), float(side["var"]), p["learning_spread"])


def _decide(world: World) -> None:
    p = world.p
    first, second = world.sides[0], world.sides[1]
    resolve = [float(s["resolve"]) * (SHAKEN_RESOLVE if s["shaken"] else 1.0) for s in (first, second)]
    cost = [
        p["learning_cost"] * (1.0 - r) * (0.5 + min(1.5, float(s["unreliable"]) + _toll(world, k)))
        for k, (r, s) in enumerate(zip(resolve, (first, second), strict=True))
    ]
    gap = surplus(
        float(first["p_win"]), float(second["p_win"]), cost[0], cost[1],
        p["learning_indivisible"] * resolve[0] * resolve[1],
    )  # fmt: skip
    u = uniform(world.seed, world.member, 2, world.day, decisions.SETTLE, 0)
    if p["learning_on"] > 0 and u < settlement_hazard(gap, p["learning_rate"]):
        _finish(world, "settlement")
        return
    start, target = float(world.war[1]), float(world.war[2])
    names = ("attacker_victory", "defender_victory")
    if target > start and world.front[1] >= target:
        _finish(world, names[0])
        return
    for side in world.sides:
        if float(side["men"]) > 0 and _obeying(world, int(np.flatnonzero(world.sides["sign"] == side["sign"])[0])) < (
            BROKEN_ARMY * float(side["entry"])
        ):
            _finish(world, "collapse_attacker" if side["sign"] > 0 else "collapse_defender")
            return


def _obeying(world: World, side: int) -> float:
    return float(world.force["obeying"][world.force["side"] == side].sum())


def _toll(world: World, side: int) -> float:
    """Share of the men it began with that a side has lost."""
    mine = world.force["side"] == side
    lost = world.tally[mine, T["killed"]].sum() + 0.5 * world.tally[mine, T["wounded"]].sum()
    return float(lost / max(float(world.sides["entry"][side]), 1.0))


def _streets(world: World) -> None:
    side = world.sides[0]
    if side["shaken"]:
        _finish(world, "coup")
        return
    peak = float(world.waves[: world.day + 1, 0, 0].max(initial=0.0))
    willing = _obeying(world, 0) / max(float(side["entry"]), 1.0)
    if willing < 0.5 and float(side["signal"]) > 0.3:
        _finish(world, "regime_fell")
    elif world.day > 7 and peak > 0 and world.waves[world.day :, 0, 0].max(initial=0.0) < CLEARED * peak:
        _finish(world, "order_restored")
