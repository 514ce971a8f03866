"""Escalation: each leader compares progress with hope and picks the means of destruction; civilians are killed."""

from __future__ import annotations

from allegiance.base.random import uniform
from allegiance.engine import decisions
from allegiance.engine.events import emit
from allegiance.engine.state import E, T, World
from allegiance.theory.escalation import aspiration_gap, civilian_rate, step_down_hazard, step_up_hazard, still_there

GONE = [T["deserted"], T["defected"], T["absent"]]


def step(world: World) -> None:
    """Move each side on its ladder and count the civilians killed today."""
    for k in range(len(world.side)):
        _ladder(world, k)
        _harm(world, k)


def _progress(world: World, k: int) -> float:
    if world.war[6] > 0:
        peak = float(world.waves[: world.day + 1, k, 0].max(initial=0.0))
        return 1.0 - min(1.0, float(world.sides["protest"][k]) / peak) if peak > 0 else 1.0
    start, target = float(world.war[1]), float(world.war[2])
    done = (float(world.front[1]) - start) / max(target - start, 1e-9)
    done = min(1.0, max(-0.5, done))
    return done if world.sides["sign"][k] > 0 else 1.0 - max(done, 0.0)


def _unreliable(world: World, k: int) -> float:
    """Share of the men on the rolls who do not obey, counting the absent."""
    mine = world.force["side"] == k
    present, obeying = float(world.force["present"][mine].sum()), float(world.force["obeying"][mine].sum())
    gone = float(world.tally[mine][:, GONE].sum())
    return min(1.0, max(0.0, 1.0 - obeying / max(present + gone, 1.0)))


def _ladder(world: World, k: int) -> None:
    p, side = world.p, world.sides[k]
    side["unreliable"] = _unreliable(world, k)
    side["progress"] = _progress(world, k)
    hoped = min(1.0, (world.day + 1) / max(float(side["exp_days"]), 1.0)) if side["sign"] > 0 else 1.0
    side["gap"] = aspiration_gap(float(side["progress"]), hoped)
    if p["escalation_on"] == 0.0:
        return
    up = step_up_hazard(
        float(side["gap"]), float(side["unreliable"]), p["escalation_rate"], p["escalation_gap"],
        p["escalation_unreliable"],
    )  # fmt: skip
    down = step_down_hazard(float(side["gap"]), p["escalation_deescalate"])
    u = uniform(world.seed, world.member, 11 + k, world.day, decisions.LADDER, 0)
    change = 1 if u < up and side["rung"] < side["ceiling"] else -1 if u > 1.0 - down and side["rung"] > 0 else 0
    if change:
        side["rung"] += change
        emit(
            world.events, world.event_count, world.day, E["escalation"], k, -1, -1, -1, float(side["rung"]), 1.0,
            0, 0, float(side["disaffection"]),
        )  # fmt: skip


def _harm(world: World, k: int) -> None:
    p, side = world.p, world.sides[k]
    if world.war[6] > 0:
        willing = float(world.force["obeying"].sum()) / max(float(side["men"]), 1.0)
        close = willing * float(side["signal"])
    else:
        total = float(world.sides["power"].sum())
        close = float(world.front[3]) * float(side["power"]) / max(total, 1e-9)
    for zone in world.zones:
        flight = p["escalation_flight"] * p["escalation_on"] * (world.war[6] == 0)
        there = still_there(float(zone["fought"]), flight, p["escalation_flight_days"])
        zone["fought"] += close * float(zone["weight"] > 0.0)
        rate = civilian_rate(
            float(world.war[5]), close, float(zone["urban"]), float(side["rung"]) * p["escalation_on"],
            p["escalation_standoff"],
        )  # fmt: skip
        side["civ_killed"] += rate * there * float(zone["population"]) / 1000.0
