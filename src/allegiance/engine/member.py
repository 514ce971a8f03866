"""One member of an ensemble, from its first morning to the end of its war or horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegiance.engine.events import make_room
from allegiance.engine.muster import muster, set_inputs
from allegiance.engine.phases import appraisal, supply
from allegiance.engine.phases.collective import gather
from allegiance.engine.phases.record import daily_rows
from allegiance.engine.schedule import SCHEDULE
from allegiance.engine.state import Array, World
from allegiance.world.blueprint import Blueprint


@dataclass
class Played:
    """What is kept of a member: per-day and per-event rows, and end counts."""

    member: int
    theta: Array
    daily: Array
    events: Array
    cross: Array
    tally: Array
    end: str
    days: int
    parity_share: float


def play_day(world: World, plan: Blueprint) -> Array:
    """Play one day of `world` and return its rows."""
    for epoch in plan.epochs:
        if epoch.day == world.day and world.day > 0:
            set_inputs(world, epoch, plan.group_share)
    make_room(world)
    for phase in SCHEDULE:
        phase.step(world)
    rows = daily_rows(world)
    world.day += 1
    return rows


def begin(plan: Blueprint, theta: Array, seed: int, member: int, permute: str = "") -> World:
    """A world ready for its first day."""
    world = muster(plan, theta, seed, member, permute)
    supply.step(world)
    appraisal.chronic(world)
    gather(world)
    return world


def play(
    plan: Blueprint, theta: Array, seed: int, member: int, permute: str = "", fresh: tuple[int, int] | None = None
) -> Played:
    """Play a member to the end of the war or of the horizon.

    `fresh` (day, key) gives it, from that day on, the luck of another member: what has been seen stays, what has not
    is drawn anew.
    """
    world = begin(plan, theta, seed, member, permute)
    days: list[Array] = []
    while world.day < plan.days and not world.end:
        if fresh and world.day == fresh[0]:
            world.member = fresh[1]
        days.append(play_day(world, plan))
    contest = float(world.front[5])
    return Played(
        member, theta, np.concatenate(days), world.events[: int(world.event_count[0])].copy(), world.cross, world.tally,
        world.end or "ongoing", world.day, float(world.front[2]) / contest if contest else float("nan"),
    )  # fmt: skip


__all__ = ["Played", "begin", "play", "play_day"]
