"""Learning: both sides see the day's fighting, update their beliefs, and may settle; or the contest is decided."""

from __future__ import annotations

import numpy as np

from allegiance.theory.turncoats import BATTLE_DEATHS
from allegiance.world.chance import BATTLE, SETTLE
from allegiance.world.columns import Array
from allegiance.world.world import World

BROKEN_ARMY = 0.12
"""A side whose obeying soldiers, and the shirkers' effort, fall below this share of those it began with has collapsed
(judgement)."""
SHAKEN_RESOLVE = 0.4
"""What is left of a side's resolve after a successful coup (judgement)."""
CLEARED = 0.05
"""Protest below this share of its peak, for a week, is over (judgement)."""
DAY_OF_FIGHTING, MOST_COST = 0.5, 1.5
"""Cost of a day of fighting without losses, and the most that losses and unreliable soldiers add to it (judgement)."""


def step(world: World) -> None:
    """Learn and settle, or see that the contest is over."""
    if (world.contest.has_enemy > 0).any():
        _learn(world)
        _decide(world)
    else:
        _streets(world)


def finish(world: World, contests: Array, end: str) -> None:
    """End these contests in one of the ways of `ENDS` (world/events.py), those that have not ended yet."""
    rows = contests[world.contest.live[contests] > 0]
    world.contest.live[rows] = 0.0
    world.ended |= {int(k): (end, world.day) for k in rows}
    world.events.add("settlement" if end == "settlement" else "end", world.day, rows)


def _learn(world: World) -> None:
    """Both sides see the same day of fighting and read it for themselves."""
    side, contest, learning = world.side, world.contest, world.theory.learning
    if not learning.on:
        return
    p, k = learning.p, side.contest
    observed = contest.log_ratio + p.noise * world.chance.normal(BATTLE, contest, number=1)
    seen = side.sign * observed[k]
    mean = learning.update_mean(side.belief_mean, side.belief_variance, seen, p.noise[k])
    side.belief_variance[:] = learning.update_variance(side.belief_variance, p.noise[k], p.drift[k])
    side.belief_mean[:] = mean
    side.win_belief[:] = learning.win_probability(mean, side.belief_variance, p.spread[k])


def _decide(world: World) -> None:
    """Settle if demands fit; else see whether the attacker has the aim or an army has broken."""
    side, contest, learning = world.side, world.contest, world.theory.learning
    p, k = learning.p, side.contest
    resolve = side.resolve * np.where(side.shaken > 0, SHAKEN_RESOLVE, 1.0)
    burden = DAY_OF_FIGHTING + np.minimum(MOST_COST, side.unreliable + _toll(world))
    cost = p.cost[k] * (1.0 - resolve) * burden
    first = np.flatnonzero(side.sign > 0)
    second = side.other[first]
    surplus = learning.surplus(
        side.win_belief[first], side.win_belief[second], cost[first], cost[second],
        p.indivisible * resolve[first] * resolve[second],
    )  # fmt: skip
    talk = world.chance.uniform(SETTLE, contest) < learning.settlement_hazard(surplus, p.rate)
    finish(world, np.flatnonzero(talk & bool(learning.on)), "settlement")
    finish(
        world, np.flatnonzero((contest.area_target > contest.area_start) & (contest.area >= contest.area_target)),
        "attacker_victory",
    )  # fmt: skip
    # who withholds effort still holds a trench, as far as the effort goes that is left
    shirking = world.theory.capability.p.shirker[k] * world.per_side(world.force.shirking)
    broken = side.obeying + shirking < BROKEN_ARMY * side.entry
    for sign, end in ((1.0, "collapse_attacker"), (-1.0, "collapse_defender")):
        finish(world, k[broken & (side.sign == sign)], end)


def _toll(world: World) -> Array:
    """Share of the soldiers it began with that each side has lost, a wounded man counted by half."""
    lost = world.per_side(world.force.killed + 0.5 * world.force.wounded)
    return lost / np.maximum(world.side.entry, 1.0)


def _streets(world: World) -> None:
    """Without an enemy army: a coup ends it, or the end of the protest (for the ruler's fall see day/answer.py)."""
    side = world.side
    finish(world, side.contest[side.shaken > 0], "coup")
    crowd = world.waves[:, :, 0]
    peak = crowd[: world.day + 1].max(axis=0, initial=0.0)
    over = (peak > 0) & (crowd[world.day :].max(axis=0, initial=0.0) < CLEARED * peak)
    # nor is there order while those who went over fight on
    over &= side.recent_deaths < BATTLE_DEATHS
    if world.day > 7:
        finish(world, side.contest[over], "order_restored")
