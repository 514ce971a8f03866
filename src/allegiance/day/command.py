"""Command: commanders pass orders on or halt."""

from __future__ import annotations

import numpy as np

from allegiance.day.counts import poisson
from allegiance.world.chance import HALT, REPRESENTED
from allegiance.world.columns import Array
from allegiance.world.world import World


def step(world: World) -> None:
    """Let the commanders of brigades on duty pass orders on, or halt."""
    if not world.theory.command.on:
        return
    brigade, force, command = world.brigade, world.force, world.theory.command
    rows = on_duty(world)
    chance = command.daily_probability(halting(world, rows))
    weight = force.brigade_weight[brigade.force[rows]]
    others = poisson(world.chance.uniform(REPRESENTED, brigade, rows), (weight - 1.0) * chance)
    halts = world.chance.uniform(HALT, brigade, rows) < chance
    brigade.halted[rows[halts]] = command.p.days[brigade.contest[rows[halts]]]
    men = men_of(world, rows)
    tell(world, "halt", rows[halts], men[halts], np.ones(int(halts.sum())), True)
    tell(world, "halt", rows[others > 0], men[others > 0], others[others > 0], False)


def on_duty(world: World) -> Array:
    """Brigades with orders today whose contest goes on."""
    brigade = world.brigade
    return np.flatnonzero((brigade.on_duty > 0) & (brigade.companies > 0) & (world.contest.live[brigade.contest] > 0))


def halting(world: World, rows: Array) -> Array:
    """Hazard a day that each of these commanders halts."""
    brigade, side, command = world.brigade, world.side, world.theory.command
    k, s, p = brigade.contest[rows], brigade.side[rows], command.p
    against = world.zone.against_civilians[brigade.zone[rows]]
    hazard = command.halt_hazard(
        brigade.loyalty[rows], brigade.tie[rows] * against * float(world.theory.linkage.on), brigade.grievance[rows],
        p.halt[k], p.disloyal[k], p.tied[k],
    )  # fmt: skip
    hazard = hazard * command.orders_per_day(against, side.signal[s], p.orders[k])
    # generals read the streets as plotters do, and count on others who have halted
    example = command.example_pressure(share_of(world, brigade.halted > 0)[s], p.example[k])
    return hazard * np.exp(side.coup_pressure[s] + example)  # type: ignore[no-any-return]


def share_of(world: World, those: Array) -> Array:
    """Share of each side's brigades that have orders (on duty or halted) of which something is true."""
    brigade = world.brigade
    asked = (brigade.companies > 0) & ((brigade.on_duty > 0) | (brigade.halted > 0))
    weight = world.force.brigade_weight[brigade.force] * asked
    known = np.bincount(brigade.side, weight, len(world.side))
    share: Array = np.bincount(brigade.side, weight * those, len(world.side)) / np.maximum(known, 1.0)
    return share


def men_of(world: World, rows: Array) -> Array:
    """Real soldiers present in each of these brigades, and in each that it stands for."""
    brigade, force = world.brigade, world.force
    present: Array = world.per_brigade(world.company.present)[rows]
    return present * force.weight[brigade.force[rows]] / force.brigade_weight[brigade.force[rows]]


def tell(world: World, kind: str, rows: Array, men: Array, weight: Array, own: bool) -> None:
    """Add what commanders did to the events: of the brigades played (`own`), or of those they stand for."""
    brigade = world.brigade
    world.events.add(
        kind, world.day, brigade.contest[rows], side=brigade.side[rows], force=brigade.force[rows], size=men,
        weight=weight, officers=1, grievance=brigade.grievance[rows], **({"brigade": rows} if own else {}),
    )  # fmt: skip
